package io.penstock.core.group;

import io.penstock.core.group.record.TransactionProducer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;

/** A producer that commits offsets in one transaction after another, tries again, gives up, and does not know when it is fenced. */
final class SimulatedProducer {
    private static final int MAX_THINK_MS = 400;
    private static final int MAX_NETWORK_MS = 30;
    private static final int RETRY_MS = 50;
    private static final int MAX_TRIES = 8;

    private final long id;
    private final VirtualTime time;
    private final Random random;
    private final SimulatedCoordinator groups;
    private final SimulatedTransactions transactions;
    private final LongSupplier nextOffset;

    private short epoch;
    private boolean isStopped;
    private int commitsLeft;
    private final List<Long> acknowledged = new ArrayList<>();
    /** Offsets that were acknowledged in transactions that it committed. */
    final List<Long> committed = new ArrayList<>();

    SimulatedProducer(
            long id,
            VirtualTime time,
            Random random,
            SimulatedCoordinator groups,
            SimulatedTransactions transactions,
            LongSupplier nextOffset) {
        this.id = id;
        this.time = time;
        this.random = random;
        this.groups = groups;
        this.transactions = transactions;
        this.nextOffset = nextOffset;
    }

    void start() {
        time.after(random.nextInt(MAX_THINK_MS), this::begin);
    }

    void stop() {
        isStopped = true;
    }

    private void begin() {
        if (isStopped) {
            return;
        }
        acknowledged.clear();
        commitsLeft = 1 + random.nextInt(3);
        Errors error = transactions.isJoinedByWriting(id) ? Errors.NONE : transactions.join(id, epoch);
        if (error == Errors.NONE) {
            commit(request(), 0);
        } else {
            startAgain();
        }
    }

    /** As InitProducerId: it knows its epoch again. */
    private void startAgain() {
        time.after(RETRY_MS + random.nextInt(MAX_THINK_MS), () -> {
            epoch = transactions.epoch(id);
            begin();
        });
    }

    private TxnOffsetCommitRequestData request() {
        List<TxnOffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(2); i++) {
            partitions.add(new TxnOffsetCommitRequestPartition()
                    .setPartitionIndex((i + random.nextInt(2)) % 3)
                    .setCommittedOffset(nextOffset.getAsLong())
                    .setCommittedMetadata(""));
        }
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("tx-" + id)
                .setProducerId(id)
                .setProducerEpoch(epoch)
                .setGroupId("g" + random.nextInt(2))
                .setTopics(
                        List.of(new TxnOffsetCommitRequestTopic().setName("t").setPartitions(partitions)));
    }

    private void commit(TxnOffsetCommitRequestData request, int tries) {
        if (isStopped) {
            return;
        }
        boolean isAnswerLost = random.nextInt(8) == 0;
        boolean isImpatient = random.nextInt(10) == 0;
        boolean[] isAnswered = {false};
        Reply<TxnOffsetCommitResponseData> reply = answer -> {
            if (isAnswered[0]) {
                throw new AssertionError("answered twice: " + request);
            }
            isAnswered[0] = true;
            Errors error = isAnswerLost ? Errors.NETWORK_EXCEPTION : TestProducer.error(answer);
            if (!isImpatient) {
                time.after(random.nextInt(MAX_NETWORK_MS), () -> onAnswer(request, error, tries));
            }
        };
        time.after(random.nextInt(MAX_NETWORK_MS), () -> send(request, reply));
        if (isImpatient) {
            time.after(random.nextInt(4 * MAX_NETWORK_MS), () -> end(false)); // the commit may still be on its way
        }
    }

    private void send(TxnOffsetCommitRequestData request, Reply<TxnOffsetCommitResponseData> reply) {
        TransactionProducer producer = new TransactionProducer(request.producerId(), request.producerEpoch());
        groups.ask(
                shard -> {
                    OffsetAdmission admission = shard.transactions().admission(producer);
                    GroupCommand command = GroupCommands.commitInTransaction(request, admission, reply);
                    if (admission.isOpen()) {
                        shard.submit(command, groups.now());
                    } else {
                        transactions.admit(producer.id(), producer.epoch(), error -> {
                            if (error == Errors.NONE) {
                                groups.submit(command);
                            } else {
                                reply.send(TransactionCommits.refused(request, error));
                            }
                        });
                    }
                },
                error -> reply.send(TransactionCommits.refused(request, error)));
    }

    private void onAnswer(TxnOffsetCommitRequestData request, Errors error, int tries) {
        switch (error) {
            case NONE -> {
                acknowledged.addAll(offsets(request));
                commitsLeft--;
                time.after(random.nextInt(MAX_THINK_MS), this::goOn);
            }
            case NETWORK_EXCEPTION,
                    COORDINATOR_LOAD_IN_PROGRESS,
                    COORDINATOR_NOT_AVAILABLE,
                    NOT_COORDINATOR,
                    CONCURRENT_TRANSACTIONS -> {
                if (tries < MAX_TRIES) {
                    time.after(RETRY_MS, () -> commit(request, tries + 1));
                } else {
                    end(false);
                }
            }
            case INVALID_PRODUCER_EPOCH, PRODUCER_FENCED, INVALID_TXN_STATE, TRANSACTION_ABORTABLE -> end(false);
            default -> throw new AssertionError("unexpected " + error + " for " + request);
        }
    }

    private static List<Long> offsets(TxnOffsetCommitRequestData request) {
        return request.topics().get(0).partitions().stream()
                .map(TxnOffsetCommitRequestPartition::committedOffset)
                .toList();
    }

    private void goOn() {
        if (isStopped) {
            return;
        }
        int what = random.nextInt(10);
        if (commitsLeft > 0) {
            commit(request(), 0);
        } else if (what == 0) {
            transactions.fence(id); // it is never heard of again in this epoch
            startAgain();
        } else {
            end(what < 7);
        }
    }

    private void end(boolean isCommit) {
        if (transactions.end(id, epoch, isCommit) && isCommit) {
            committed.addAll(acknowledged);
        }
        startAgain();
    }
}
