package io.penstock.storage.contract;

import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.CompactionConfig;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import io.penstock.storage.compact.NewestOffsets;
import io.penstock.storage.fixture.KeyedBatches;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * A random life of a compacted log, with everything that was ever put into it remembered. After every step: offsets rise, every record
 * that is there is the one that was put, and the newest of each key is there unless it is a tombstone whose time is over. After a run: what
 * it covered has no record that a newer one hides. Owned by one test.
 */
final class CompactionHistory {
    private static final int KEYS = 12;
    private static final int PRODUCERS = 3;
    private static final long DELETE_RETENTION_MS = 500;

    private final LogHarness harness;
    private final Random random;
    private final String name;
    private final TreeMap<Long, Entry> put = new TreeMap<>();
    private final int[] nextSequences = new int[PRODUCERS];
    /** By last offset of a batch in which a tombstone was left: when that may go. */
    private final TreeMap<Long, Long> horizonsMs = new TreeMap<>();

    private long clockMs = RecordBatches.TIMESTAMP_MS;
    private long compactedTo;
    private int valueCount;

    CompactionHistory(LogHarness harness, long seed, String name) {
        this.harness = harness;
        this.random = new Random(seed);
        this.name = name;
    }

    void run(int steps) {
        int segmentBytes = 150 + random.nextInt(1_000);
        long minLagMs = random.nextBoolean() ? 0 : 100;
        harness.open(LogHarness.segmentsOf(segmentBytes)
                .withCompaction(new CompactionConfig(true, DELETE_RETENTION_MS, 0, minLagMs, Long.MAX_VALUE, 1 << 20)));
        harness.await(log().truncateFullyAndStartAt(0));
        for (int step = 0; step < steps; step++) {
            int dice = random.nextInt(100);
            if (dice < 65) {
                append();
            } else if (dice < 85) {
                compact();
            } else if (dice < 92) {
                harness.reopen();
            } else if (dice < 96) {
                advanceStart();
            } else {
                cutAboveWhatIsCompacted();
            }
            check();
        }
    }

    private PartitionLog log() {
        return harness.log();
    }

    private void append() {
        clockMs += random.nextInt(60);
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(6)];
        long offset = log().endOffset();
        for (int i = 0; i < records.length; i++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = random.nextInt(5) == 0 ? null : "value-" + valueCount++;
            long timestampMs = clockMs - random.nextInt(50);
            records[i] = record(timestampMs, key, value);
            put.put(offset + i, new Entry(offset + i, key, value, timestampMs));
        }
        CompressionType[] codecs = CompressionType.values();
        CompressionType codec = codecs[random.nextInt(codecs.length)];
        int producer = random.nextInt(PRODUCERS);
        boolean idempotent = random.nextBoolean();
        int sequence = idempotent ? nextSequences[producer] : -1;
        harness.append(
                RecordBatches.batch(codec, idempotent ? producer : -1, idempotent ? 0 : -1, sequence, false, records));
        nextSequences[producer] += idempotent ? records.length : 0;
    }

    private void compact() {
        harness.threads().runAll();
        clockMs += random.nextInt(400);
        long stableEnd = random.nextInt(3) > 0 ? log().endOffset() : anyOffset();
        long tableBytes = random.nextBoolean() ? 1 << 16 : (7 + random.nextInt(8)) * NewestOffsets.SLOT_BYTES;
        Cleanable cleanable = log().cleanable(clockMs, stableEnd);
        assertThat(cleanable.endOffset())
                .as(name)
                .isLessThanOrEqualTo(Math.max(stableEnd, cleanable.firstDirtyOffset()));
        CompactionReport report = harness.await(log().compact(
                        clockMs,
                        stableEnd,
                        new CompactionBudget(harness.threads().context().disk(), tableBytes, 0.95, IoThrottle.NONE)));
        harness.threads().runAll();
        assertThat(report.outcome()).as(name).isNotEqualTo(Outcome.STOPPED);
        if (report.outcome() != Outcome.NOTHING) {
            compactedTo = Math.max(compactedTo, cleanable.endOffset());
            checkNothingIsHiddenBelow(report.firstDirtyOffset());
            noteHorizons();
        }
    }

    private void checkNothingIsHiddenBelow(long end) {
        Map<@Nullable String, Long> newest = new HashMap<>();
        put.headMap(end).values().forEach(entry -> newest.put(entry.key(), entry.offset()));
        for (Entry entry : entries()) {
            if (entry.offset() < end && entry.offset() >= log().startOffset()) {
                assertThat(newest.get(entry.key()))
                        .as("%s: newest of %s below %s", name, entry, end)
                        .isEqualTo(entry.offset());
            }
        }
    }

    /** A batch gets its horizon from the run that first leaves a tombstone in it, and keeps that. */
    private void noteHorizons() {
        for (ByteBuffer batch : harness.readAll()) {
            if (BatchHeader.hasDeleteHorizon(batch, 0)) {
                long horizonMs = BatchHeader.baseTimestamp(batch, 0);
                Long known = horizonsMs.putIfAbsent(BatchHeader.lastOffset(batch, 0), horizonMs);
                assertThat(horizonMs)
                        .as("%s: horizon of the batch at %s", name, BatchHeader.baseOffset(batch, 0))
                        .isEqualTo(known == null ? clockMs + DELETE_RETENTION_MS : known);
            }
        }
    }

    private long anyOffset() {
        return log().startOffset() + random.nextLong(log().endOffset() - log().startOffset() + 1);
    }

    private void advanceStart() {
        harness.await(log().advanceStartTo(Math.min(log().endOffset(), log().startOffset() + random.nextInt(6))));
    }

    /** As a follower does: never below the high watermark. */
    private void cutAboveWhatIsCompacted() {
        long end = log().endOffset();
        long offset = Math.max(compactedTo, end - random.nextInt(8));
        if (offset >= end || offset < log().startOffset()) {
            return;
        }
        harness.await(log().truncateTo(offset));
        put.tailMap(log().endOffset()).clear();
        for (int producer = 0; producer < PRODUCERS; producer++) {
            var state = log().producers().find(producer);
            nextSequences[producer] = state == null ? 0 : state.lastSequence() + 1;
        }
    }

    private List<Entry> entries() {
        return KeyedBatches.entries(harness.readAll());
    }

    private void check() {
        List<Entry> found = entries();
        long last = -1;
        Map<@Nullable String, Entry> newest = new HashMap<>();
        for (Entry entry : found) {
            assertThat(entry.offset()).as(name).isGreaterThan(last);
            last = entry.offset();
            assertThat(entry).as(name).isEqualTo(put.get(entry.offset()));
            newest.put(entry.key(), entry);
        }
        Map<@Nullable String, Entry> wanted = new HashMap<>();
        put.tailMap(log().startOffset()).values().forEach(entry -> wanted.put(entry.key(), entry));
        for (Entry entry : wanted.values()) {
            boolean mayBeGone = entry.value() == null && isOver(entry.offset());
            if (!mayBeGone) {
                assertThat(newest.get(entry.key()))
                        .as("%s: newest of %s", name, entry.key())
                        .isEqualTo(entry);
            }
        }
        checkSearches(found);
        checkProducers();
    }

    private boolean isOver(long tombstone) {
        Map.Entry<Long, Long> horizon = horizonsMs.ceilingEntry(tombstone);
        return horizon != null && clockMs >= horizon.getValue();
    }

    private void checkSearches(List<Entry> found) {
        List<Entry> visible = found.stream()
                .filter(entry -> entry.offset() >= log().startOffset())
                .toList();
        long wantedMs = clockMs - random.nextInt(300);
        Long first = visible.stream()
                .filter(entry -> entry.timestampMs() >= wantedMs)
                .map(Entry::offset)
                .findFirst()
                .orElse(null);
        assertThat(offsetOf(harness.await(log().findByTimestamp(wantedMs, log().endOffset()))))
                .as("%s: first at %s", name, wantedMs)
                .isEqualTo(first);
        long max = visible.stream().mapToLong(Entry::timestampMs).max().orElse(-1);
        Long atMax = visible.stream()
                .filter(entry -> entry.timestampMs() == max)
                .map(Entry::offset)
                .findFirst()
                .orElse(null);
        assertThat(offsetOf(harness.await(log().findMaxTimestamp(log().endOffset()))))
                .as("%s: max", name)
                .isEqualTo(atMax);
        long from = anyOffset();
        List<Long> read = KeyedBatches.entries(harness.readAll(from, log().endOffset())).stream()
                .map(Entry::offset)
                .filter(offset -> offset >= from)
                .toList();
        assertThat(read)
                .as("%s: read from %s", name, from)
                .isEqualTo(found.stream()
                        .map(Entry::offset)
                        .filter(offset -> offset >= from)
                        .toList());
    }

    private static @Nullable Long offsetOf(@Nullable TimestampedOffset found) {
        return found == null ? null : found.offset();
    }

    private void checkProducers() {
        for (int producer = 0; producer < PRODUCERS; producer++) {
            var state = log().producers().find(producer);
            if (nextSequences[producer] > 0 && state != null) {
                assertThat(state.lastSequence())
                        .as("%s: sequence of %s", name, producer)
                        .isEqualTo(nextSequences[producer] - 1);
            }
        }
    }
}
