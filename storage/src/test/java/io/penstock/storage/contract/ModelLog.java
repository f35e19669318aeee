package io.penstock.storage.contract;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.producer.ProducerStateTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/**
 * The simplest thing that could be a log: a list of batches, every answer computed anew by looking at all of them. What a real log is
 * compared with. Owned by one test.
 */
final class ModelLog {
    /** Every batch since the last new start, also those that were deleted from the front: producers remember them. */
    private final List<ByteBuffer> batches = new ArrayList<>();

    private long firstOffset;
    private long startOffset;
    private long endOffset;

    long startOffset() {
        return startOffset;
    }

    long endOffset() {
        return endOffset;
    }

    void append(ByteBuffer batch, int leaderEpoch) {
        ByteBuffer stored = LogHarness.copy(batch);
        BatchHeader.putBaseOffset(stored, 0, endOffset);
        BatchHeader.putLeaderEpoch(stored, 0, leaderEpoch);
        batches.add(stored);
        endOffset += BatchHeader.lastOffsetDelta(batch, batch.position()) + 1;
    }

    void truncateTo(long offset) {
        if (offset < startOffset) {
            startAnewAt(offset);
            return;
        }
        while (!batches.isEmpty() && BatchHeader.lastOffset(last(), 0) >= offset) {
            endOffset = BatchHeader.baseOffset(last(), 0);
            batches.remove(batches.size() - 1);
        }
        startOffset = Math.min(startOffset, endOffset);
    }

    private ByteBuffer last() {
        return batches.get(batches.size() - 1);
    }

    void startAnewAt(long offset) {
        batches.clear();
        firstOffset = offset;
        startOffset = offset;
        endOffset = offset;
    }

    void advanceStartTo(long offset) {
        startOffset = Math.max(startOffset, offset);
    }

    boolean isBatchBoundary(long offset) {
        return offset == endOffset || batches.stream().anyMatch(batch -> BatchHeader.baseOffset(batch, 0) == offset);
    }

    /** Batches that a read of [fromOffset, toOffset) returns. */
    List<ByteBuffer> read(long fromOffset, long toOffset) {
        return batches.stream()
                .filter(batch -> BatchHeader.lastOffset(batch, 0) >= fromOffset)
                .filter(batch -> BatchHeader.lastOffset(batch, 0) < toOffset)
                .toList();
    }

    /** Bytes of the batches from the one that holds {@code offset} on. */
    long bytesFrom(long offset) {
        return read(offset, endOffset).stream().mapToLong(ByteBuffer::remaining).sum();
    }

    ProducerStateTable producers() {
        ProducerStateTable table = new ProducerStateTable(firstOffset);
        batches.forEach(batch -> table.onAppended(batch, BatchHeader.baseOffset(batch, 0)));
        return table;
    }

    LeaderEpochTable leaderEpochs() {
        LeaderEpochTable table = new LeaderEpochTable();
        batches.forEach(batch -> table.assign(BatchHeader.leaderEpoch(batch, 0), BatchHeader.baseOffset(batch, 0)));
        table.truncateFromStart(startOffset);
        return table;
    }

    List<AbortedTransaction> aborted(long fromOffset, long toOffset) {
        ProducerStateTable table = new ProducerStateTable(firstOffset);
        List<AbortedTransaction> found = new ArrayList<>();
        for (ByteBuffer batch : batches) {
            AbortedTransaction aborted = table.onAppended(batch, BatchHeader.baseOffset(batch, 0));
            if (aborted != null && aborted.lastOffset() >= fromOffset && aborted.firstOffset() < toOffset) {
                found.add(aborted);
            }
        }
        found.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        return found;
    }

    @Nullable
    TimestampedOffset firstAtOrAfter(long timestampMs, long toOffset) {
        return records(toOffset).stream()
                .filter(record -> record.timestampMs() >= timestampMs)
                .findFirst()
                .orElse(null);
    }

    @Nullable
    TimestampedOffset maxTimestamp(long toOffset) {
        TimestampedOffset best = null;
        for (TimestampedOffset record : records(toOffset)) {
            if (record.timestampMs() > (best == null ? -1 : best.timestampMs())) {
                best = record;
            }
        }
        return best;
    }

    private List<TimestampedOffset> records(long toOffset) {
        List<TimestampedOffset> records = new ArrayList<>();
        for (ByteBuffer batch : read(startOffset, endOffset)) {
            int epoch = BatchHeader.leaderEpoch(batch, 0);
            Iterable<Record> all =
                    MemoryRecords.readableRecords(batch.duplicate()).records();
            StreamSupport.stream(all.spliterator(), false)
                    .filter(record -> record.offset() >= startOffset && record.offset() < toOffset)
                    .forEach(record -> records.add(new TimestampedOffset(record.timestamp(), record.offset(), epoch)));
        }
        return records;
    }
}
