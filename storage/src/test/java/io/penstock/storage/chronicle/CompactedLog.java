package io.penstock.storage.chronicle;

import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogSlices;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.fixture.KeyedBatches;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * A log on Chronicle in which the value of each record is its offset and the key follows from it, so that what must be there follows from
 * the end offset alone. Owned by one test.
 */
final class CompactedLog implements AutoCloseable {
    private static final int KEYS = 17;
    static final long NOW_MS = RecordBatches.TIMESTAMP_MS + 1_000_000;

    final OpenLog open;

    CompactedLog(Path root) {
        open = new OpenLog(root, config());
    }

    /** Small segments, always due. */
    static LogConfig config() {
        return OpenLog.segmentsOf(1_500).withCompaction(new CompactionConfig(true, 0, 0, 0, Long.MAX_VALUE, 1 << 20));
    }

    private static String keyOf(long offset) {
        return "key-" + offset * offset % KEYS;
    }

    /** Appends one record. */
    void append() {
        long offset = open.log.endOffset();
        open.log.append(
                RecordBatches.batch(
                        CompressionType.NONE, -1, -1, -1, false, record(keyOf(offset), Long.toString(offset))),
                0);
    }

    CompactedLog appendUpTo(long endOffset) {
        while (open.log.endOffset() < endOffset) {
            append();
            open.threads.runAll();
        }
        return this;
    }

    /** Begins a run whose worker is the disk of the test. */
    CompletionStage<CompactionReport> compact(IoThrottle throttle) {
        CompactionBudget budget = new CompactionBudget(open.threads.context().disk(), 1 << 20, 0.9, throttle);
        return open.log.compact(NOW_MS, open.log.endOffset(), budget);
    }

    CompactionReport compact() {
        CompactionReport report = open.threads.await(compact(IoThrottle.NONE));
        open.threads.runAll();
        return report;
    }

    List<Entry> readAll() {
        List<ByteBuffer> batches = new ArrayList<>();
        for (long next = open.log.startOffset(); next < open.log.endOffset(); ) {
            LogSlices slices = open.threads.await(open.log.readCold(next, open.log.endOffset(), 1 << 20, true));
            RecordBatches.batches(slices).forEach(batch -> batches.add(ByteBuffer.wrap(RecordBatches.bytes(batch))));
            next = slices.nextOffset();
            slices.release();
        }
        return KeyedBatches.entries(batches);
    }

    /** Every record is where it was put, in order, and the newest of each key is there. */
    void checkNewest(String when) {
        Map<String, Long> newest = new HashMap<>();
        for (long offset = 0; offset < open.log.endOffset(); offset++) {
            newest.put(keyOf(offset), offset);
        }
        long last = -1;
        Map<String, Long> found = new HashMap<>();
        for (Entry entry : readAll()) {
            assertThat(entry.offset()).as(when).isGreaterThan(last);
            assertThat(entry.value()).as(when).isEqualTo(Long.toString(entry.offset()));
            assertThat(entry.key()).as(when).isEqualTo(keyOf(entry.offset()));
            last = entry.offset();
            found.put(keyOf(last), last);
        }
        assertThat(found).as(when).isEqualTo(newest);
    }

    @Override
    public void close() {
        open.close();
    }
}
