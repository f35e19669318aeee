package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStateTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * A seeded sequence of operations on a log and on its model, with a comparison after each; slices are held over many of them and must
 * not change. Owned by one test.
 */
final class RandomHistory {
    private record Held(LogSlices slices, List<ByteBuffer> content) {}

    private static final int PRODUCERS = 4;

    private final LogHarness harness;
    private final Random random;
    private final ModelLog model = new ModelLog();
    private final List<Held> held = new ArrayList<>();
    private final int[] nextSequences = new int[PRODUCERS];
    private final boolean[] inTransaction = new boolean[PRODUCERS];
    private int leaderEpoch;
    private long clockMs = 1_000_000;

    RandomHistory(LogHarness harness, long seed) {
        this.harness = harness;
        random = new Random(seed);
    }

    void run(int steps) {
        LogConfig c = LogHarness.retaining(300 + random.nextInt(1500), 3000, -1);
        harness.open(c);
        for (int step = 0; step < steps; step++) {
            step();
            check();
        }
        held.forEach(this::checkAndRelease);
    }

    private void step() {
        int dice = random.nextInt(100);
        if (dice < 70) {
            append();
        } else if (dice < 78) {
            hold();
        } else if (dice < 82) {
            truncate();
        } else if (dice < 86) {
            advanceStart();
        } else if (dice < 90) {
            retain();
        } else if (dice < 94) {
            harness.await(log().sync());
        } else if (dice < 98) {
            harness.reopen();
        } else if (!held.isEmpty()) {
            checkAndRelease(held.remove(random.nextInt(held.size())));
        } else if (random.nextInt(4) == 0) {
            startAnew();
        }
    }

    private PartitionLog log() {
        return harness.log();
    }

    private void append() {
        if (random.nextInt(10) == 0) {
            leaderEpoch += 1 + random.nextInt(2);
        }
        ByteBuffer batch = nextBatch();
        assertThat(log().append(batch, leaderEpoch)).isEqualTo(model.endOffset());
        model.append(batch, leaderEpoch);
    }

    private ByteBuffer nextBatch() {
        int records = 1 + random.nextInt(5);
        int producer = random.nextInt(PRODUCERS);
        int kind = random.nextInt(6);
        if (kind == 0) {
            nextSequences[producer] += records;
            return RecordBatches.idempotent(producer, 0, nextSequences[producer] - records, records);
        }
        if (kind == 1) {
            inTransaction[producer] = true;
            nextSequences[producer] += records;
            return RecordBatches.transactional(producer, 0, nextSequences[producer] - records, records);
        }
        if (kind == 2 && inTransaction[producer]) {
            inTransaction[producer] = false;
            return random.nextBoolean()
                    ? RecordBatches.abortMarker(producer, 0, 0)
                    : RecordBatches.commitMarker(producer, 0, 0);
        }
        return timed(records);
    }

    private ByteBuffer timed(int records) {
        long[] timestampsMs =
                random.longs(records, 0, 200).map(spread -> clockMs + spread).toArray();
        clockMs += random.nextInt(50);
        CompressionType[] types = CompressionType.values();
        return RecordBatches.withTimestamps(types[random.nextInt(types.length)], timestampsMs);
    }

    private long anyOffset() {
        return model.startOffset() + random.nextLong(model.endOffset() - model.startOffset() + 1);
    }

    private void hold() {
        LogSlices slices = harness.read(anyOffset(), model.endOffset(), 1 + random.nextInt(4000), true);
        held.add(new Held(
                slices,
                RecordBatches.batches(slices).stream().map(LogHarness::copy).toList()));
        if (held.size() > 8) {
            checkAndRelease(held.remove(0));
        }
    }

    private void checkAndRelease(Held old) {
        assertThat(RecordBatches.batches(old.slices())).isEqualTo(old.content());
        old.slices().release();
    }

    private void truncate() {
        long offset = Math.max(model.startOffset(), model.endOffset() - random.nextInt(30));
        harness.await(log().truncateTo(offset));
        model.truncateTo(offset);
    }

    private void advanceStart() {
        long offset = Math.min(model.endOffset(), model.startOffset() + random.nextInt(20));
        assertThat(harness.await(log().advanceStartTo(offset))).isEqualTo(offset);
        model.advanceStartTo(offset);
    }

    private void retain() {
        long deletableEnd = anyOffset();
        harness.await(log().enforceRetention(clockMs, deletableEnd));
        long newStart = log().startOffset();
        if (newStart != model.startOffset()) {
            assertThat(newStart).isBetween(model.startOffset(), deletableEnd);
            assertThat(model.isBatchBoundary(newStart))
                    .as("start %s is where a batch begins", newStart)
                    .isTrue();
            model.advanceStartTo(newStart);
        }
    }

    private void startAnew() {
        long offset = random.nextInt(10_000);
        harness.await(log().truncateFullyAndStartAt(offset));
        model.startAnewAt(offset);
    }

    private void check() {
        PartitionLog log = log();
        assertThat(log.startOffset()).as("start").isEqualTo(model.startOffset());
        assertThat(log.endOffset()).as("end").isEqualTo(model.endOffset());
        assertThat(log.syncedOffset()).as("synced").isLessThanOrEqualTo(model.endOffset());
        assertThat(log.sizeBytes()).as("size").isGreaterThanOrEqualTo(model.bytesFrom(model.startOffset()));
        checkRead();
        checkSearches();
        checkTables();
    }

    private void checkRead() {
        long from = anyOffset();
        long to = anyOffset();
        assertThat(harness.readAll(from, to)).as("read [%s, %s)", from, to).isEqualTo(model.read(from, to));
    }

    private void checkSearches() {
        long to = anyOffset();
        long timestampMs = clockMs - random.nextInt(1000);
        assertThat(harness.await(log().findByTimestamp(timestampMs, to)))
                .as("first at %s below %s", timestampMs, to)
                .isEqualTo(model.firstAtOrAfter(timestampMs, to));
        assertThat(harness.await(log().findMaxTimestamp(to)))
                .as("max below %s", to)
                .isEqualTo(model.maxTimestamp(to));
        long from = anyOffset();
        assertThat(log().abortedTransactions(from, to))
                .as("aborted [%s, %s)", from, to)
                .isEqualTo(model.aborted(from, to));
    }

    private void checkTables() {
        ProducerStateTable producers = model.producers();
        assertThat(log().producers().all()).as("producers").containsExactlyInAnyOrderElementsOf(producers.all());
        assertThat(log().producers().firstOpenTransactionOffset())
                .as("first open transaction")
                .isEqualTo(producers.firstOpenTransactionOffset());
        if (model.startOffset() < model.endOffset()) {
            checkLeaderEpochs();
        }
    }

    /** Of an empty log it does not matter what is remembered. */
    private void checkLeaderEpochs() {
        LeaderEpochTable epochs = model.leaderEpochs();
        assertThat(log().leaderEpochs().latestEpoch()).as("latest epoch").isEqualTo(epochs.latestEpoch());
        long offset = anyOffset();
        assertThat(log().leaderEpochs().epochAt(offset))
                .as("epoch at %s", offset)
                .isEqualTo(epochs.epochAt(offset));
    }
}
