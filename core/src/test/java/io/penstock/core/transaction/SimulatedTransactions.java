package io.penstock.core.transaction;

import io.penstock.core.group.LogWrite;
import io.penstock.core.group.Now;
import io.penstock.core.group.VirtualTime;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.transaction.SimulatedPartition.Batch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/** A coordinator on a disk that fails, that dies and is loaded again, whose markers get lost and whose ids are late. */
final class SimulatedTransactions {
    private static final TransactionSettings SETTINGS =
            new TransactionSettings(900_000, 604_800_000L, 3_600_000, 16 << 20, 1_000);

    private final VirtualTime time;
    private final Random random;
    private final TransactionHistory history;
    private final short transactionVersion;
    final List<SimulatedPartition> partitions = new ArrayList<>();
    private final List<TransactionRecord> log = new ArrayList<>();
    private final List<Errand> underway = new ArrayList<>();

    private TransactionShard shard;
    private List<TransactionRecord> writing = List.of();
    private int life;
    private boolean isDown;
    private long nextProducerId = 1;
    boolean isCalm;

    /** A marker on its way; an object of its own each time that it is sent. */
    private static final class Errand {
        final MarkersToWrite markers;
        final int partition;
        /** Partitions of the transaction that have no marker yet. */
        final Set<Integer> left;

        Errand(MarkersToWrite markers, int partition, Set<Integer> left) {
            this.markers = markers;
            this.partition = partition;
            this.left = left;
        }
    }

    SimulatedTransactions(VirtualTime time, Random random, TransactionHistory history, short transactionVersion) {
        this.time = time;
        this.random = random;
        this.history = history;
        this.transactionVersion = transactionVersion;
        this.shard = newShard();
        shard.onLoaded(now());
    }

    private TransactionShard newShard() {
        int ofLife = ++life;
        return new TransactionShard(
                SETTINGS,
                new TransactionSurroundings() {
                    @Override
                    public void allocateProducerId(String transactionalId) {
                        later(ofLife, 20, () -> giveId(transactionalId));
                    }

                    @Override
                    public void write(MarkersToWrite markers) {
                        Set<Integer> left = new HashSet<>();
                        markers.partitions().forEach(partition -> left.add(partition.partition()));
                        Set.copyOf(left).forEach(index -> send(ofLife, new Errand(markers, index, left)));
                    }

                    @Override
                    public short transactionVersion() {
                        return transactionVersion;
                    }
                },
                1,
                1 << 20);
    }

    private void giveId(String transactionalId) {
        if (!isCalm && random.nextInt(10) == 0) {
            shard.onNoProducerId(transactionalId, Errors.COORDINATOR_LOAD_IN_PROGRESS, now());
        } else {
            shard.onProducerId(transactionalId, nextProducerId++, now());
        }
    }

    private Now now() {
        return new Now(1_700_000_000_000L + time.nowMs(), time.nowMs());
    }

    private void later(int ofLife, int maxDelayMs, Runnable action) {
        time.after(1 + random.nextInt(maxDelayMs), () -> {
            if (ofLife == life && !isDown) {
                action.run();
                pump();
            }
        });
    }

    void ask(TransactionCommand command) {
        if (isDown) {
            command.refuse(Errors.NOT_COORDINATOR);
        } else {
            shard.submit(command, now());
            pump();
        }
    }

    void admit(Batch batch, TopicPartition partition, Consumer<Errors> reply) {
        ask(
                batch.version() == TransactionState.VERSION_2
                        ? TransactionCommands.addPartitions(
                                batch.transactionalId(),
                                batch.producerId(),
                                batch.epoch(),
                                Set.of(partition),
                                batch.version(),
                                random.nextInt(100),
                                reply::accept)
                        : TransactionCommands.verifyPartitions(
                                batch.transactionalId(),
                                batch.producerId(),
                                batch.epoch(),
                                Set.of(partition),
                                random.nextInt(100),
                                errors -> reply.accept(Objects.requireNonNull(errors.get(partition)))));
    }

    // ---- markers

    private void send(int ofLife, Errand errand) {
        if (!underway.contains(errand)) {
            underway.add(errand);
        }
        time.after(1 + random.nextInt(200), () -> {
            if (ofLife != life || isDown) {
                return;
            }
            boolean isLost = !isCalm && random.nextInt(5) == 0;
            if (isLost) {
                send(ofLife, errand);
                return;
            }
            deliver(errand);
            if (!isCalm && random.nextInt(10) == 0) {
                send(ofLife, errand); // the answer got lost: it is written again
                return;
            }
            underway.remove(errand);
            errand.left.remove(errand.partition);
            if (errand.left.isEmpty()) {
                shard.onMarkersWritten(errand.markers, now());
                pump();
            }
        });
    }

    private void deliver(Errand errand) {
        partitions.get(errand.partition).mark(errand.markers.marker());
    }

    // ---- the log

    private void pump() {
        while (!isDown && shard.nextDeadlineMs() <= time.nowMs()) {
            shard.onTime(now());
        }
        if (!isDown && writing.isEmpty()) {
            write();
        }
        long nextMs = shard.nextDeadlineMs();
        if (nextMs != Long.MAX_VALUE) {
            int ofLife = life;
            time.after(Math.max(1, nextMs - time.nowMs()), () -> {
                if (ofLife == life && !isDown && shard.nextDeadlineMs() <= time.nowMs()) {
                    pump();
                }
            });
        }
    }

    private void write() {
        LogWrite write = shard.nextBatch();
        if (write == null) {
            return;
        }
        List<TransactionRecord> records = new ArrayList<>();
        for (EncodedRecord record : ((LogWrite.Records) write).records()) {
            records.add(Objects.requireNonNull(TransactionRecordCodec.decode(record.key(), record.value())));
        }
        writing = records;
        later(life, 10, () -> {
            writing = List.of();
            if (!isCalm && random.nextInt(20) == 0) {
                shard.onUnwritten(Errors.COORDINATOR_NOT_AVAILABLE, now());
            } else {
                append(records);
                shard.onWritten(now());
            }
        });
    }

    private void append(List<TransactionRecord> records) {
        records.forEach(history::onRecord);
        log.addAll(records);
    }

    /** What is on its way gets there now or never. */
    void crash() {
        if (isDown) {
            return;
        }
        if (random.nextBoolean()) {
            append(writing);
        }
        writing = List.of();
        for (Errand errand : List.copyOf(underway)) {
            if (random.nextBoolean()) {
                deliver(errand);
            }
        }
        underway.clear();
        isDown = true;
        shard.onUnloaded();
        time.after(1 + random.nextInt(500), () -> {
            isDown = false;
            shard = newShard();
            log.forEach(shard::replay);
            shard.onLoaded(now());
            pump();
        });
    }

    /** Gives an id a state as if it had been used for long, so that its epochs are exhausted soon. */
    void preset(String transactionalId, short epoch) {
        append(List.of(new TransactionRecord(
                transactionalId,
                new TransactionState(
                        nextProducerId,
                        nextProducerId++,
                        -1,
                        epoch,
                        (short) -1,
                        1_000,
                        TransactionStatus.EMPTY,
                        Set.of(),
                        -1,
                        now().wallMs(),
                        TransactionState.VERSION_1))));
        shard.replay(log.get(log.size() - 1));
    }

    boolean isSettled() {
        return !isDown
                && shard.states().values().stream()
                        .noneMatch(state -> state.status().isPrepared() || state.status() == TransactionStatus.ONGOING);
    }
}
