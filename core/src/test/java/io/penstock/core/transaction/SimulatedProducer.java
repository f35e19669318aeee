package io.penstock.core.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Reply;
import io.penstock.core.group.VirtualTime;
import io.penstock.core.transaction.SimulatedPartition.Batch;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/**
 * A producer that runs transaction after transaction as clients do, over a network that delays, loses and, where transactions of version
 * 2 must bear it, doubles what is sent – the copies may come half a minute late.
 */
final class SimulatedProducer {
    static final int TIMEOUT_MS = 20_000;
    private static final int ANSWER_MS = 2_000;
    private static final int MAX_TRIES = 100;

    private final VirtualTime time;
    private final Random random;
    private final TransactionHistory history;
    private final SimulatedTransactions coordinator;
    private final String transactionalId;
    private final short version;
    /** Whether nobody else uses the id, so that only a time-out can fence this producer. */
    private final boolean isAlone;

    private int life;
    private boolean isStopped;
    private long producerId = -1;
    private short epoch = -1;
    private int sequence;
    private int tag;
    private long begunMs;

    SimulatedProducer(
            VirtualTime time,
            Random random,
            TransactionHistory history,
            SimulatedTransactions coordinator,
            String transactionalId,
            short version,
            boolean isAlone) {
        this.time = time;
        this.random = random;
        this.history = history;
        this.coordinator = coordinator;
        this.transactionalId = transactionalId;
        this.version = version;
        this.isAlone = isAlone;
    }

    /** Dies, whatever it is doing, and another one begins in its place. */
    void restart() {
        int ofLife = ++life;
        time.after(1 + random.nextInt(1_000), () -> {
            if (ofLife == life && !isStopped) {
                init();
            }
        });
    }

    void stop() {
        isStopped = true;
        life++;
    }

    // ---- one question, asked until it is answered

    private <T> void ask(Consumer<Reply<T>> question, Consumer<T> onAnswer, Runnable onSilence) {
        int ofLife = life;
        boolean[] isOver = {false};
        Reply<T> reply = answer -> deliver(() -> {
            if (ofLife == life && !isOver[0]) {
                isOver[0] = true;
                onAnswer.accept(answer);
            }
        });
        deliver(() -> question.accept(reply));
        if (version == TransactionState.VERSION_2 && epoch >= 0 && !coordinator.isCalm && random.nextInt(8) == 0) {
            time.after(random.nextInt(30_000), () -> question.accept(late -> {}));
        }
        time.after(ANSWER_MS, () -> {
            if (ofLife == life && !isOver[0]) {
                isOver[0] = true;
                onSilence.run();
            }
        });
    }

    private void deliver(Runnable message) {
        if (coordinator.isCalm || random.nextInt(30) != 0) {
            time.after(random.nextInt(30), message);
        }
    }

    private void soon(Runnable action) {
        int ofLife = life;
        time.after(5 + random.nextInt(50), () -> {
            if (ofLife == life) {
                action.run();
            }
        });
    }

    private static boolean isRetriable(Errors error) {
        return switch (error) {
            case CONCURRENT_TRANSACTIONS,
                    NOT_COORDINATOR,
                    COORDINATOR_NOT_AVAILABLE,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    NOT_ENOUGH_REPLICAS -> true;
            default -> false;
        };
    }

    // ---- what producers do

    /** A copy of this would fence whoever has the id when it comes, so it is never doubled: the producer has no epoch then. */
    private void init() {
        producerId = -1;
        epoch = -1;
        this.<ProducerGrant>ask(
                reply -> coordinator.ask(
                        TransactionCommands.initProducerId(transactionalId, TIMEOUT_MS, -1, (short) -1, reply)),
                grant -> {
                    if (grant.error() == Errors.NONE) {
                        producerId = grant.producerId();
                        epoch = grant.producerEpoch();
                        sequence = 0;
                        soon(this::begin);
                    } else {
                        assertThat(isRetriable(grant.error())).as("%s", grant).isTrue();
                        soon(this::init);
                    }
                },
                this::init);
    }

    private void begin() {
        tag = history.newTag();
        begunMs = time.nowMs();
        int writes = 1 + random.nextInt(4);
        write(writes, 0);
    }

    private void write(int left, int tries) {
        if (left == 0) {
            end(random.nextInt(4) != 0);
            return;
        }
        SimulatedPartition partition = coordinator.partitions.get(random.nextInt(coordinator.partitions.size()));
        Batch batch = new Batch(transactionalId, producerId, epoch, sequence++, version, tag);
        if (version == TransactionState.VERSION_2) {
            produce(partition, batch, left, tries);
        } else {
            join(partition, batch, left, tries);
        }
    }

    private void join(SimulatedPartition partition, Batch batch, int left, int tries) {
        this.<Errors>ask(
                reply -> coordinator.ask(TransactionCommands.addPartitions(
                        transactionalId, producerId, epoch, Set.of(partition.name), version, 0, reply)),
                error -> {
                    if (error == Errors.NONE) {
                        produce(partition, batch, left, 0);
                    } else {
                        again(error, tries, () -> join(partition, batch, left, tries + 1));
                    }
                },
                () -> join(partition, batch, left, tries));
    }

    private void produce(SimulatedPartition partition, Batch batch, int left, int tries) {
        this.<Errors>ask(
                reply -> partition.produce(batch, reply::send),
                error -> {
                    if (error == Errors.NONE) {
                        soon(() -> write(left - 1, 0));
                    } else {
                        again(error, tries, () -> produce(partition, batch, left, tries + 1));
                    }
                },
                () -> produce(partition, batch, left, tries));
    }

    private void again(Errors error, int tries, Runnable retry) {
        if (isRetriable(error) && tries < MAX_TRIES) {
            soon(retry);
        } else if (version == TransactionState.VERSION_2 && !isFenced(error)) {
            end(false);
        } else {
            checkFencing(error);
            soon(this::init);
        }
    }

    private static boolean isFenced(Errors error) {
        return error == Errors.PRODUCER_FENCED
                || error == Errors.INVALID_PRODUCER_EPOCH
                || error == Errors.INVALID_PRODUCER_ID_MAPPING;
    }

    private void end(boolean commit) {
        long ofId = producerId;
        short ofEpoch = epoch; // a copy that comes late names what counted when it was sent
        this.<ProducerGrant>ask(
                reply -> coordinator.ask(
                        TransactionCommands.endTransaction(transactionalId, ofId, ofEpoch, commit, version, reply)),
                grant -> {
                    if (grant.error() == Errors.NONE) {
                        history.onEnd(tag, commit);
                        if (version == TransactionState.VERSION_2) {
                            sequence = 0;
                            producerId = grant.producerId();
                            epoch = grant.producerEpoch();
                        }
                        soon(this::begin);
                    } else if (isRetriable(grant.error())) {
                        soon(() -> end(commit));
                    } else {
                        checkFencing(grant.error());
                        soon(this::init);
                    }
                },
                () -> end(commit));
    }

    /** What is late from one transaction must not harm the next: so only a time-out can end the producer's. */
    private void checkFencing(Errors error) {
        boolean hasTimedOut = time.nowMs() - begunMs >= TIMEOUT_MS;
        assertThat(!isAlone || version != TransactionState.VERSION_2 || hasTimedOut || life > 1)
                .as("%s for the only producer of %s at epoch %d of %d", error, transactionalId, epoch, producerId)
                .isTrue();
    }
}
