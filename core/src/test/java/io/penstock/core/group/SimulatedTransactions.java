package io.penstock.core.group;

import io.penstock.core.transaction.TransactionMarker;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A transaction coordinator on a bad network: it admits producers to their transactions and ends those, with markers that get lost, come
 * twice, and are sent until one is acknowledged. In transactions of version 2 a marker may also come again long after.
 */
final class SimulatedTransactions {
    private static final int MAX_NETWORK_MS = 40;
    private static final int RETRY_MS = 150;
    private static final int LATE_MS = 2_000;

    private final VirtualTime time;
    private final Random random;
    private final SimulatedCoordinator groups;
    private final Map<Long, Transaction> transactions = new HashMap<>();

    private enum State {
        NONE,
        ONGOING,
        ENDING
    }

    /** One producer. */
    private static final class Transaction {
        final long producerId;
        final int version;
        short epoch;
        State state = State.NONE;
        Outcome outcome = new Outcome();
        /** Markers on their way. */
        int onTheWay;

        Transaction(long producerId, int version) {
            this.producerId = producerId;
            this.version = version;
        }
    }

    /** What has become of one transaction. */
    static final class Outcome {
        boolean isDecided;
        boolean isCommit;
        /** Whether a marker has been written; known in version 1 only, where none comes late. */
        boolean hasEnded;
    }

    SimulatedTransactions(VirtualTime time, Random random, SimulatedCoordinator groups) {
        this.time = time;
        this.random = random;
        this.groups = groups;
    }

    private Transaction of(long producerId) {
        return transactions.computeIfAbsent(producerId, id -> new Transaction(id, producerId % 2 == 0 ? 1 : 2));
    }

    short epoch(long producerId) {
        return of(producerId).epoch;
    }

    /** Version 2 joins by writing. */
    boolean isJoinedByWriting(long producerId) {
        return of(producerId).version == 2;
    }

    /** The fate of the transaction that the producer has begun, or begins next. */
    Outcome outcome(long producerId) {
        return of(producerId).outcome;
    }

    /** A marker is in the log. */
    void onEnd(long producerId) {
        Transaction transaction = of(producerId);
        transaction.outcome.hasEnded = transaction.version == 1 && transaction.state == State.ENDING;
    }

    boolean isUnderWay(long producerId) {
        return of(producerId).state != State.NONE;
    }

    /** Adds the group to the transaction, which begins with that if it has not. */
    Errors join(long producerId, short epoch) {
        Transaction transaction = of(producerId);
        if (epoch != transaction.epoch) {
            return Errors.PRODUCER_FENCED;
        } else if (transaction.state == State.ENDING) {
            return Errors.CONCURRENT_TRANSACTIONS;
        }
        transaction.state = State.ONGOING;
        return Errors.NONE;
    }

    /** The gate. */
    void admit(long producerId, short epoch, Consumer<Errors> reply) {
        time.after(random.nextInt(MAX_NETWORK_MS), () -> {
            Transaction transaction = of(producerId);
            boolean isUnknown = transaction.version == 1 && transaction.state == State.NONE;
            Errors answer = isUnknown ? Errors.TRANSACTION_ABORTABLE : join(producerId, epoch);
            time.after(random.nextInt(MAX_NETWORK_MS), () -> reply.accept(answer));
        });
    }

    /** The producer ends its transaction; false if it is not its own any more. */
    boolean end(long producerId, short epoch, boolean isCommit) {
        Transaction transaction = of(producerId);
        if (epoch != transaction.epoch || transaction.state != State.ONGOING) {
            return false;
        }
        decide(transaction, isCommit, transaction.version == 2);
        return true;
    }

    /** Another process takes the producer's place: whatever is under way is aborted. */
    void fence(long producerId) {
        Transaction transaction = of(producerId);
        if (transaction.state == State.ONGOING) {
            decide(transaction, false, true);
        } else if (transaction.state == State.NONE) {
            transaction.epoch++;
        }
    }

    private void decide(Transaction transaction, boolean isCommit, boolean bumpsEpoch) {
        transaction.outcome.isDecided = true;
        transaction.outcome.isCommit = isCommit;
        transaction.state = State.ENDING;
        if (bumpsEpoch) {
            transaction.epoch++;
        }
        send(transaction, transaction.outcome);
    }

    private void send(Transaction transaction, Outcome outcome) {
        if (transaction.outcome != outcome || transaction.state != State.ENDING) {
            return;
        }
        int copies = 1 + random.nextInt(2);
        for (int i = 0; i < copies; i++) {
            boolean isLate = i > 0 && transaction.version == 2 && random.nextInt(3) == 0;
            deliver(transaction, outcome, isLate ? random.nextInt(LATE_MS) : random.nextInt(MAX_NETWORK_MS), isLate);
        }
        time.after(RETRY_MS, () -> send(transaction, outcome));
    }

    private void deliver(Transaction transaction, Outcome outcome, int delayMs, boolean isLate) {
        TransactionMarker marker = new TransactionMarker(
                transaction.producerId, transaction.epoch, 0, outcome.isCommit, transaction.version);
        boolean isLost = random.nextInt(5) == 0;
        boolean isAnswerLost = random.nextInt(5) == 0;
        transaction.onTheWay += isLate ? 0 : 1;
        time.after(delayMs, () -> {
            if (isLost) {
                onAnswer(transaction, outcome, Errors.NETWORK_EXCEPTION, isLate);
            } else {
                Consumer<Errors> reply = error ->
                        onAnswer(transaction, outcome, isAnswerLost ? Errors.NETWORK_EXCEPTION : error, isLate);
                groups.ask(shard -> shard.transactions().end(marker, reply), reply);
            }
        });
    }

    private void onAnswer(Transaction transaction, Outcome outcome, Errors error, boolean isLate) {
        transaction.onTheWay -= isLate ? 0 : 1;
        if (transaction.outcome != outcome || transaction.state != State.ENDING) {
            return;
        }
        if (error == Errors.INVALID_PRODUCER_EPOCH) {
            throw new AssertionError("the marker of producer " + transaction.producerId + " was refused");
        }
        // Old transactions trust that no marker comes after the last answer.
        if (error == Errors.NONE && (transaction.version == 2 || transaction.onTheWay == 0)) {
            transaction.state = State.NONE;
            transaction.outcome = new Outcome();
        }
    }

    /** Ends whatever is under way, as time-outs do. */
    void abortAll() {
        transactions.keySet().forEach(id -> {
            if (of(id).state == State.ONGOING) {
                fence(id);
            }
        });
    }

    boolean isQuiet() {
        return transactions.values().stream().allMatch(one -> one.state == State.NONE);
    }
}
