package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.core.transaction.TransactionMarker;
import io.penstock.storage.LogSlices;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of one partition with transactions of both versions, and a coordinator in the test's hands: batches, questions,
 * answers and markers are late by any number of steps and come in any order that a network allows; logs close, processes die,
 * leaders change.
 *
 * <p>Each record and each marker tells by its timestamp to which transaction it belongs. After every step: all records of a
 * producer between two of its markers, and the marker behind them, are of one transaction; no batch is there twice, none of a
 * transaction came before an earlier one; the last stable offset is that of the oldest open transaction. In the end everybody who
 * was not cut off has an answer, and a committed transaction has all its batches. Owned by one test.
 */
final class TransactionSimulation {
    private static final int PRODUCERS = 4;

    private final Random random;
    private final ManualGate gate = new ManualGate();
    private final FlakyLogStore store = new FlakyLogStore();
    private PartitionHarness partition = newLife();
    private final List<Producer> producers = new ArrayList<>();
    /** Batches on their way to the partition, of each producer in order. */
    private final List<Sent> network = new ArrayList<>();
    /** Markers that come a second time. Only version 2 makes that harmless. */
    private final List<AppendRequest> lateMarkers = new ArrayList<>();

    private final List<Runnable> answers = new ArrayList<>();
    private final List<Reply<AppendResult>> replies = new ArrayList<>();
    private final Set<Long> committed = new HashSet<>();
    private final Map<Long, Integer> wantedBatches = new HashMap<>();
    private long lastTransaction;
    private int leaderEpoch;

    int acknowledged;
    int refused;
    int ended;

    TransactionSimulation(long seed) {
        random = new Random(seed);
        for (int i = 0; i < PRODUCERS; i++) {
            producers.add(new Producer(50 + i, i % 2 == 0));
        }
    }

    private PartitionHarness newLife() {
        return new PartitionHarness(
                PartitionConfig.DEFAULT, PartitionLimits.DEFAULT, store, new TransactionAdmissions(gate, () -> true));
    }

    /** One batch, and what became of it. */
    private static final class Sent {
        final Producer producer;
        final long transaction;
        final ByteBuffer batch;
        final TransactionClaim claim;

        @Nullable
        Reply<AppendResult> reply;

        Sent(Producer producer, ByteBuffer batch) {
            this.producer = producer;
            this.transaction = producer.transaction;
            this.batch = batch;
            this.claim = new TransactionClaim("t" + producer.id, producer.joins);
        }
    }

    /** A producer, and what its coordinator knows of it. */
    private final class Producer {
        final long id;
        final boolean joins;
        int epoch;
        int sequence;
        long transaction = ++lastTransaction;
        final List<Sent> inFlight = new ArrayList<>();
        boolean mustAbort;
        /** It has given batches up, so it takes the next sequence from what the partition has. */
        boolean isLost;

        /** The coordinator's side. */
        boolean isPartOfIt;

        @Nullable
        TransactionMarker marker;

        long markerTransaction;
        boolean isMarkerOut;

        Producer(long id, boolean joins) {
            this.id = id;
            this.joins = joins;
        }

        void send() {
            if (mustAbort || (marker != null && !joins) || inFlight.size() >= 5) {
                return; // version 1 is told to wait before it may add the partition
            }
            if (isLost) {
                ProducerState state = partition.open().producers().find(id);
                sequence = state == null || state.lastSequence() < 0 ? 0 : state.lastSequence() + 1;
                isLost = false;
            }
            int records = 1 + random.nextInt(3);
            SimpleRecord[] values = new SimpleRecord[records];
            for (int i = 0; i < records; i++) {
                values[i] = new SimpleRecord(transaction, new byte[] {1});
            }
            Sent sent = new Sent(this, RecordBatches.batch(CompressionType.NONE, id, epoch, sequence, true, values));
            sequence += records;
            isPartOfIt |= !joins;
            inFlight.add(sent);
            network.add(sent);
            wantedBatches.merge(transaction, 1, Integer::sum);
        }

        /** Looks at what has come back. A batch that was refused ends the transaction: the producer does not try again. */
        void receive() {
            inFlight.removeIf(sent -> {
                Reply<AppendResult> reply = sent.reply;
                if (reply == null || !reply.isThere()) {
                    return false;
                }
                boolean isAcknowledged = reply.get().error() == Errors.NONE;
                acknowledged += isAcknowledged ? 1 : 0;
                refused += isAcknowledged ? 0 : 1;
                mustAbort |= !isAcknowledged && sent.transaction == transaction;
                return true;
            });
        }

        /** The producer ends its transaction: with version 2 it need not wait for what it aborts. */
        void end() {
            if (marker != null) {
                return;
            }
            boolean isCommit = !mustAbort && inFlight.isEmpty() && random.nextBoolean();
            if (isCommit || joins || inFlight.isEmpty()) {
                if (isCommit) {
                    committed.add(transaction);
                }
                boolean bumps = joins || mustAbort;
                close(isCommit, bumps ? epoch + 1 : epoch, bumps);
            }
        }

        /** With version 1 it must, but may give up what takes too long, and abort with the same epoch. */
        void giveUp() {
            if (marker == null && !joins && !inFlight.isEmpty()) {
                inFlight.clear();
                isLost = true;
                close(false, epoch, false);
            }
        }

        /** The coordinator aborts a transaction that takes too long; the producer finds out later, as a zombie does. */
        void timeOut() {
            if (marker == null && isPartOfIt) {
                close(false, epoch + 1, true);
            }
        }

        private void close(boolean isCommit, int newEpoch, boolean isBumped) {
            if (isPartOfIt) {
                marker = new TransactionMarker(id, (short) newEpoch, 0, isCommit, joins ? 2 : 1);
                markerTransaction = transaction;
                isPartOfIt = false;
            }
            epoch = newEpoch;
            sequence = isBumped ? 0 : sequence;
            transaction = ++lastTransaction;
            mustAbort = false;
            ended++;
        }

        Errors decide(ManualGate.Question question) {
            if (question.producerEpoch() != epoch) {
                return Errors.INVALID_PRODUCER_EPOCH;
            } else if (marker != null) {
                return Errors.CONCURRENT_TRANSACTIONS;
            } else if (joins) {
                isPartOfIt = true;
            }
            return isPartOfIt ? Errors.NONE : Errors.TRANSACTION_ABORTABLE;
        }

        void mark() {
            TransactionMarker due = marker;
            if (due == null || isMarkerOut) {
                return;
            }
            isMarkerOut = true;
            AppendRequest request =
                    AppendRequest.marker(MarkerBatch.of(due, markerTransaction), due.transactionVersion(), 1_000);
            if (joins && random.nextInt(4) == 0) {
                lateMarkers.add(request);
            }
            give(request, answer -> {
                isMarkerOut = false;
                if (answer.error() == Errors.NONE && !joins) {
                    // Version 1 cannot tell a batch that comes later still from one of the next transaction.
                    network.removeIf(sent -> sent.producer == this);
                }
                // A coordinator tries again until it succeeds; now and then it does not hear of that.
                if (answer.error() == Errors.NONE && random.nextInt(5) > 0) {
                    marker = null;
                } else {
                    assertThat(answer.error())
                            .isIn(Errors.NONE, Errors.NOT_LEADER_OR_FOLLOWER, Errors.KAFKA_STORAGE_ERROR);
                }
            });
        }
    }

    private void give(AppendRequest request, Consumer<AppendResult> reply) {
        partition.live.handle(new AppendCommand(PartitionHarness.ID, Runnable::run, request, reply));
        partition.run();
    }

    void run(int steps) {
        partition.open();
        for (int i = 0; i < steps; i++) {
            step();
            partition.run();
            check();
        }
        settle();
    }

    private void step() {
        Producer producer = producers.get(random.nextInt(PRODUCERS));
        producers.forEach(Producer::receive);
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> producer.send();
            case 4, 5, 6, 7 -> deliver();
            case 8, 9 -> decide();
            case 10, 11 -> answer();
            case 12, 13 -> producer.end();
            case 14, 15 -> producer.mark();
            case 16 -> partition.time.advance(1 + random.nextInt(40));
            case 17 -> rarely(random.nextBoolean() ? producer::timeOut : producer::giveUp);
            case 18 -> {
                partition.live.askToClose();
                markAgain();
            }
            default -> rarely(this::disturb);
        }
    }

    private void rarely(Runnable step) {
        if (random.nextInt(6) == 0) {
            step.run();
        }
    }

    private void deliver() {
        if (network.isEmpty()) {
            return;
        }
        Producer of = network.get(random.nextInt(network.size())).producer;
        Sent sent = network.stream()
                .filter(other -> other.producer == of)
                .findFirst()
                .orElseThrow();
        network.remove(sent);
        Reply<AppendResult> reply = new Reply<>();
        sent.reply = reply;
        replies.add(reply);
        give(new AppendRequest(sent.batch, (short) 1, 5_000, Origin.CLIENT, sent.claim), reply);
    }

    private void markAgain() {
        if (!lateMarkers.isEmpty()) {
            give(lateMarkers.remove(0), answer -> {});
        }
    }

    private void decide() {
        ManualGate.Question question = gate.questions.poll();
        if (question != null) {
            Producer of = producers.stream()
                    .filter(producer -> producer.id == question.producerId())
                    .findFirst()
                    .orElseThrow();
            Errors decision = of.decide(question);
            if (random.nextInt(30) > 0) {
                answers.add(() -> question.reply().accept(decision));
            }
        }
    }

    private void answer() {
        if (!answers.isEmpty()) {
            answers.remove(random.nextInt(answers.size())).run();
        }
    }

    private void disturb() {
        switch (random.nextInt(3)) {
            case 0 -> {
                leaderEpoch++;
                partition.update(PartitionHarness.image(2, leaderEpoch, List.of(1, 2), List.of(1, 2)));
                leaderEpoch++;
                partition.update(PartitionHarness.leader(leaderEpoch));
            }
            case 1 -> partition.time.advance(6_000);
            default -> crash();
        }
    }

    /** The process dies: connections are cut, and what was on its way in is lost. */
    private void crash() {
        store.crash(PartitionHarness.LOG, false, Runnable::run);
        partition = newLife();
        partition.update(PartitionHarness.leader(leaderEpoch));
        network.clear();
        answers.clear();
        gate.questions.clear();
        replies.clear();
        for (Producer producer : producers) {
            producer.mustAbort |= producer.inFlight.stream().anyMatch(sent -> sent.transaction == producer.transaction);
            producer.inFlight.clear();
            producer.isMarkerOut = false;
        }
        partition.open();
    }

    private void settle() {
        for (int i = 0; i < 200; i++) {
            while (!network.isEmpty()) {
                deliver();
            }
            decide();
            while (!answers.isEmpty()) {
                answer();
            }
            producers.forEach(Producer::mark);
            partition.time.advance(200);
            partition.run();
        }
        assertThat(replies).as("answers").allMatch(Reply::isThere);
        check();
        Map<Long, Integer> found = new HashMap<>();
        for (ByteBuffer batch : batches()) {
            if (!BatchHeader.isControl(batch, 0)) {
                found.merge(BatchHeader.maxTimestamp(batch, 0), 1, Integer::sum);
            }
        }
        for (long transaction : committed) {
            assertThat(found.getOrDefault(transaction, 0))
                    .as("batches of transaction %s", transaction)
                    .isEqualTo(wantedBatches.getOrDefault(transaction, 0));
        }
    }

    private List<ByteBuffer> batches() {
        FlakyLog log = partition.open();
        List<ByteBuffer> all = new ArrayList<>();
        if (log.endOffset() > 0) {
            LogSlices slices = Objects.requireNonNull(log.readHot(0, log.endOffset(), Integer.MAX_VALUE, true));
            RecordBatches.batches(slices).forEach(batch -> all.add(ByteBuffer.wrap(RecordBatches.bytes(batch))));
            slices.release();
        }
        return all;
    }

    private void check() {
        Map<Long, Long> open = new HashMap<>();
        Map<Long, Long> firstOffsets = new HashMap<>();
        Map<Long, Long> lastTransactions = new HashMap<>();
        Set<List<Object>> seen = new HashSet<>();
        long end = 0;
        for (ByteBuffer batch : batches()) {
            long id = BatchHeader.producerId(batch, 0);
            long transaction = BatchHeader.maxTimestamp(batch, 0);
            end = BatchHeader.lastOffset(batch, 0) + 1;
            if (BatchHeader.isControl(batch, 0)) {
                Long of = open.remove(id);
                firstOffsets.remove(id);
                assertThat(of == null || of == transaction)
                        .as("marker of %s ends transaction %s of producer %s", transaction, of, id)
                        .isTrue();
                continue;
            }
            Long of = open.putIfAbsent(id, transaction);
            assertThat(of == null || of == transaction)
                    .as("batch of transaction %s in transaction %s of producer %s", transaction, of, id)
                    .isTrue();
            firstOffsets.putIfAbsent(id, BatchHeader.baseOffset(batch, 0));
            assertThat(lastTransactions.getOrDefault(id, 0L))
                    .as("order of producer %s", id)
                    .isLessThanOrEqualTo(transaction);
            lastTransactions.put(id, transaction);
            assertThat(seen.add(List.of(id, BatchHeader.producerEpoch(batch, 0), BatchHeader.baseSequence(batch, 0))))
                    .as("one batch twice")
                    .isTrue();
        }
        long stable =
                firstOffsets.values().stream().mapToLong(Long::longValue).min().orElse(end);
        assertThat(partition.live.visibleEndOffset(true))
                .as("last stable offset")
                .isEqualTo(stable);
    }
}
