package io.penstock.storage.contract;

import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.CompactionConfig;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import io.penstock.storage.compact.NewestOffsets;
import io.penstock.storage.fixture.CommittedReader;
import io.penstock.storage.fixture.KeyedBatches;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStateTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * A random life of a compacted log with transactions of both versions, beside a map of what was put and how its transaction ended. After
 * every step, from a random offset: a read_committed reader sees only committed records as they were put, and of each key the newest; any
 * reader sees nothing that was not put; the last stable offset is the first record of the oldest open transaction; whoever knows the batches
 * alone finds the same. Owned by one test.
 */
final class TransactionHistory {
    private static final int KEYS = 8;
    private static final int PRODUCERS = 4;
    private static final long DELETE_RETENTION_MS = 500;
    private static final List<CompressionType> CODECS =
            List.of(CompressionType.NONE, CompressionType.GZIP, CompressionType.SNAPPY);

    private final LogHarness harness;
    private final Random random;
    private final String name;
    /** Committed records, those outside of transactions, and those that are undecided yet. */
    private final TreeMap<Long, Entry> kept = new TreeMap<>();

    private final TreeMap<Long, Entry> aborted = new TreeMap<>();
    private final Producer[] producers = new Producer[PRODUCERS];
    /** By last offset of a batch in which a tombstone was left: when that may go. */
    private final TreeMap<Long, Long> horizonsMs = new TreeMap<>();

    private long clockMs = RecordBatches.TIMESTAMP_MS;
    private int valueCount;

    private static final class Producer {
        final long id;
        final boolean isBumped;
        int epoch;
        int sequence;
        final List<Entry> undecided = new ArrayList<>();

        Producer(long id, boolean isBumped) {
            this.id = id;
            this.isBumped = isBumped;
        }

        long firstOffset() {
            return undecided.isEmpty() ? Long.MAX_VALUE : undecided.get(0).offset();
        }
    }

    TransactionHistory(LogHarness harness, long seed, String name) {
        this.harness = harness;
        this.random = new Random(seed);
        this.name = name;
        for (int i = 0; i < PRODUCERS; i++) {
            producers[i] = new Producer(100 + i, i % 2 == 0);
        }
    }

    void run(int steps) {
        int segmentBytes = 150 + random.nextInt(1_200);
        harness.open(LogHarness.segmentsOf(segmentBytes)
                .withCompaction(new CompactionConfig(
                        true, DELETE_RETENTION_MS, 0, random.nextBoolean() ? 0 : 100, Long.MAX_VALUE, 1 << 20)));
        harness.await(log().truncateFullyAndStartAt(0));
        for (int step = 0; step < steps; step++) {
            int dice = random.nextInt(100);
            if (dice < 15) {
                append(null);
            } else if (dice < 50) {
                append(producers[random.nextInt(PRODUCERS)]);
            } else if (dice < 70) {
                end(producers[random.nextInt(PRODUCERS)]);
            } else if (dice < 86) {
                compact();
            } else if (dice < 94) {
                harness.reopen();
            } else {
                harness.await(log().advanceStartTo(Math.min(stableOffset(), log().startOffset() + random.nextInt(6))));
            }
            check();
        }
    }

    private PartitionLog log() {
        return harness.log();
    }

    private long stableOffset() {
        long stable = log().endOffset();
        for (Producer producer : producers) {
            stable = Math.min(stable, producer.firstOffset());
        }
        return stable;
    }

    private void append(@Nullable Producer producer) {
        clockMs += random.nextInt(60);
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(4)];
        long offset = log().endOffset();
        for (int i = 0; i < records.length; i++) {
            String key = "key-" + random.nextInt(KEYS);
            String value = random.nextInt(5) == 0 ? null : "value-" + valueCount++;
            records[i] = record(clockMs, key, value);
            Entry entry = new Entry(offset + i, key, value, clockMs);
            kept.put(offset + i, entry);
            if (producer != null) {
                producer.undecided.add(entry);
            }
        }
        CompressionType codec = CODECS.get(random.nextInt(CODECS.size()));
        if (producer == null) {
            harness.append(RecordBatches.batch(codec, -1, -1, -1, false, records));
        } else {
            harness.append(RecordBatches.batch(codec, producer.id, producer.epoch, producer.sequence, true, records));
            producer.sequence += records.length;
        }
    }

    private void end(Producer producer) {
        if (producer.undecided.isEmpty() && random.nextInt(4) > 0) {
            return; // now and then a marker ends nothing
        }
        if (producer.isBumped) {
            producer.epoch++;
            producer.sequence = 0;
        }
        if (random.nextBoolean()) {
            harness.append(RecordBatches.commitMarker(producer.id, producer.epoch, 0));
        } else {
            harness.append(RecordBatches.abortMarker(producer.id, producer.epoch, 0));
            producer.undecided.forEach(entry -> {
                kept.remove(entry.offset());
                aborted.put(entry.offset(), entry);
            });
        }
        producer.undecided.clear();
    }

    private void compact() {
        harness.threads().runAll();
        clockMs += random.nextInt(400);
        long tableBytes = random.nextBoolean() ? 1 << 16 : (5 + random.nextInt(8)) * NewestOffsets.SLOT_BYTES;
        CompactionReport report = harness.await(log().compact(
                        clockMs,
                        stableOffset(),
                        new CompactionBudget(harness.threads().context().disk(), tableBytes, 0.95, IoThrottle.NONE)));
        harness.threads().runAll();
        assertThat(report.outcome()).as(name).isNotEqualTo(Outcome.STOPPED);
        if (report.outcome() == Outcome.NOTHING) {
            return;
        }
        Map<@Nullable String, Long> newest = new HashMap<>();
        kept.headMap(report.firstDirtyOffset()).values().forEach(entry -> newest.put(entry.key(), entry.offset()));
        for (ByteBuffer batch : harness.readAll()) {
            noteHorizon(batch);
            for (Entry entry : dataOf(batch)) {
                if (entry.offset() < report.firstDirtyOffset() && entry.offset() >= log().startOffset()) {
                    assertThat(newest.get(entry.key()))
                            .as("%s: newest of %s below %s", name, entry, report.firstDirtyOffset())
                            .isEqualTo(entry.offset());
                }
            }
        }
    }

    private void noteHorizon(ByteBuffer batch) {
        if (BatchHeader.hasDeleteHorizon(batch, 0)) {
            horizonsMs.putIfAbsent(BatchHeader.lastOffset(batch, 0), BatchHeader.baseTimestamp(batch, 0));
        }
    }

    private static List<Entry> dataOf(ByteBuffer batch) {
        return BatchHeader.isControl(batch, 0) ? List.of() : KeyedBatches.entries(List.of(batch));
    }

    private void check() {
        long stable = stableOffset();
        assertThat(log().producers().lastStableOffset(log().endOffset()))
                .as("%s: last stable offset", name)
                .isEqualTo(stable);
        long from = random.nextInt(3) > 0
                ? log().startOffset()
                : log().startOffset() + random.nextLong(stable - log().startOffset() + 1);
        checkCommitted(from, stable);
        for (ByteBuffer batch : harness.readAll()) {
            for (Entry entry : dataOf(batch)) {
                Entry put = kept.getOrDefault(entry.offset(), aborted.get(entry.offset()));
                assertThat(entry).as(name).isEqualTo(put);
            }
        }
        checkWhatBatchesTell();
    }

    private void checkCommitted(long from, long stable) {
        List<ByteBuffer> fetched = harness.readAll(from, stable);
        List<ByteBuffer> committed = CommittedReader.committed(fetched, log().abortedTransactions(from, stable));
        Map<@Nullable String, Entry> newest = new HashMap<>();
        long last = -1;
        for (ByteBuffer batch : committed) {
            for (Entry entry : dataOf(batch)) {
                assertThat(entry.offset()).as(name).isGreaterThan(last);
                last = entry.offset();
                assertThat(entry)
                        .as("%s: committed from %s to %s", name, from, stable)
                        .isEqualTo(kept.get(entry.offset()));
                newest.put(entry.key(), entry);
            }
        }
        Map<@Nullable String, Entry> wanted = new HashMap<>();
        kept.subMap(from, stable).values().forEach(entry -> wanted.put(entry.key(), entry));
        for (Entry entry : wanted.values()) {
            boolean isHiddenAbove = kept.tailMap(stable).values().stream()
                    .anyMatch(later -> entry.key() != null && entry.key().equals(later.key()));
            if (!isHiddenAbove && !(entry.value() == null && isOver(entry.offset()))) {
                assertThat(newest.get(entry.key()))
                        .as("%s: newest of %s from %s to %s", name, entry.key(), from, stable)
                        .isEqualTo(entry);
            }
        }
    }

    private boolean isOver(long tombstone) {
        Map.Entry<Long, Long> horizon = horizonsMs.ceilingEntry(tombstone);
        return horizon != null && clockMs >= horizon.getValue();
    }

    /** Recovery without any snapshot must not find a transaction open that is not, nor lose a producer's epoch and sequence. */
    private void checkWhatBatchesTell() {
        ProducerStateTable table = new ProducerStateTable(0);
        harness.readAll().forEach(batch -> table.onAppended(batch, BatchHeader.baseOffset(batch, 0)));
        assertThat(table.firstOpenTransactionOffset())
                .as("%s: open for whoever knows the batches alone", name)
                .isEqualTo(log().producers().firstOpenTransactionOffset());
        for (Producer producer : producers) {
            var state = log().producers().find(producer.id);
            var told = table.find(producer.id);
            if (state != null && told != null && log().startOffset() == 0) {
                assertThat(told.producerEpoch())
                        .as("%s: epoch of %s", name, producer.id)
                        .isEqualTo(state.producerEpoch());
                assertThat(told.lastSequence())
                        .as("%s: sequence of %s", name, producer.id)
                        .isEqualTo(state.lastSequence());
            }
        }
    }
}
