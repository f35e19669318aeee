package io.penstock.storage.compact;

import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.BatchRebuild;
import io.penstock.storage.batch.ControlMarker;
import io.penstock.storage.batch.UnpackBuffers;
import io.penstock.storage.batch.UnpackedRecords;
import java.nio.ByteBuffer;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Says what is left of a batch: all, some records, an empty header, or nothing. Order and offsets never change.
 *
 * <pre>
 * batch                                                record            left
 * of an aborted transaction                            all               gone
 * other of records                                     above the covered part                        as it is
 *                                                      without key                                   gone
 *                                                      older than the newest of its key              gone
 *                                                      newest, a tombstone past its horizon          gone
 *                                                      newest                                        stays
 * nothing left, last batch of its segment or of a live producer                                      header
 * nothing left                                                                                       gone
 * a tombstone stays, no delete horizon yet                                                           gets one: now + delete.retention.ms
 * marker, something left of its transaction                              as it is
 *         nothing left, no delete horizon yet                            gets one
 *         nothing left, past its horizon, neither last of its segment nor all that is known of a live producer       gone
 * </pre>
 *
 * <p>The horizon is KIP-534's: it takes the place of the batch's base timestamp and is set once. Two passes over a batch, so that no more than one of
 * its records is ever in memory unpacked. Owned by one run.
 */
public final class BatchFilter implements AutoCloseable {
    private final NewestOffsets newest;
    private final TransactionTrace transactions;
    private final LastOffsets lastOfProducers;
    private final long nowMs;
    private final long deleteRetentionMs;
    private final long maxUnpackedBytes;
    private final UnpackBuffers buffers = new UnpackBuffers();
    private final BitSet kept = new BitSet();
    private boolean keepsTombstone;
    private long recordsRead;
    private long recordsKept;

    /** @param nowMs wall-clock time of the run */
    public BatchFilter(
            NewestOffsets newest,
            TransactionTrace transactions,
            LastOffsets lastOfProducers,
            long nowMs,
            long deleteRetentionMs,
            long maxUnpackedBytes) {
        this.newest = newest;
        this.transactions = transactions;
        this.lastOfProducers = lastOfProducers;
        this.nowMs = nowMs;
        this.deleteRetentionMs = deleteRetentionMs;
        this.maxUnpackedBytes = maxUnpackedBytes;
    }

    /**
     * What is left of the batch.
     *
     * @param batch position to limit is one v2 batch with a right checksum; not changed
     * @param isLast whether it is the last batch of a segment, which keeps the segment's last offset
     * @return the same object if nothing changes, null if nothing is left
     * @throws io.penstock.storage.batch.CorruptBatchException its records cannot be read
     */
    public @Nullable ByteBuffer filter(ByteBuffer batch, boolean isLast) {
        int at = batch.position();
        int count = BatchHeader.recordCount(batch, at);
        recordsRead += count;
        if (BatchHeader.isControl(batch, at)) {
            ByteBuffer left = filterControl(batch, isLast);
            recordsKept += left == null ? 0 : count;
            return left;
        }
        if (transactions.isAborted(batch)) {
            selectNone();
        } else {
            select(batch);
        }
        int keptCount = kept.cardinality();
        recordsKept += keptCount;
        if (keptCount == 0) {
            return leftOfNone(batch, isLast);
        }
        boolean needsHorizon = keepsTombstone && !BatchHeader.hasDeleteHorizon(batch, at);
        return keptCount == count && !needsHorizon ? batch : rebuild(batch, needsHorizon);
    }

    private @Nullable ByteBuffer filterControl(ByteBuffer batch, boolean isLast) {
        int at = batch.position();
        ControlMarker marker = ControlMarker.read(batch);
        boolean isEmpty = BatchHeader.recordCount(batch, at) == 0;
        if (marker == null ? !isEmpty : transactions.isNeeded(batch, marker)) {
            return batch;
        }
        if (!isEmpty && !BatchHeader.hasDeleteHorizon(batch, at)) {
            kept.clear();
            kept.set(0, BatchHeader.recordCount(batch, at));
            return rebuild(batch, true);
        }
        boolean isOver = isEmpty || nowMs >= BatchHeader.baseTimestamp(batch, at);
        boolean isKnownBy =
                lastOfProducers.containsMarker(BatchHeader.producerId(batch, at), BatchHeader.producerEpoch(batch, at));
        return isOver && !isLast && !isKnownBy ? null : batch;
    }

    private @Nullable ByteBuffer leftOfNone(ByteBuffer batch, boolean isLast) {
        int at = batch.position();
        boolean isLastOfProducer =
                BatchHeader.hasProducerId(batch, at) && lastOfProducers.contains(BatchHeader.lastOffset(batch, at));
        if (!isLast && !isLastOfProducer) {
            return null;
        }
        return BatchHeader.recordCount(batch, at) == 0 ? batch : BatchRebuild.empty(batch);
    }

    private void selectNone() {
        kept.clear();
        keepsTombstone = false;
    }

    private void select(ByteBuffer batch) {
        int at = batch.position();
        boolean expired = BatchHeader.hasDeleteHorizon(batch, at) && nowMs >= BatchHeader.baseTimestamp(batch, at);
        selectNone();
        try (UnpackedRecords records = new UnpackedRecords(batch, maxUnpackedBytes, buffers)) {
            long baseOffset = BatchHeader.baseOffset(batch, at);
            while (records.advance()) {
                if (survives(records, baseOffset + records.offsetDelta(), expired)) {
                    kept.set(records.recordsPassed() - 1);
                    keepsTombstone |= !records.hasValue();
                }
            }
        }
    }

    private boolean survives(UnpackedRecords record, long offset, boolean tombstonesExpired) {
        if (offset >= newest.coveredEndOffset()) {
            return true;
        }
        ByteBuffer key = record.key();
        return key != null && offset >= newest.newestOf(key) && (record.hasValue() || !tombstonesExpired);
    }

    private ByteBuffer rebuild(ByteBuffer batch, boolean setsHorizon) {
        BatchRebuild rebuild =
                setsHorizon ? BatchRebuild.withDeleteHorizon(batch, nowMs + deleteRetentionMs) : BatchRebuild.of(batch);
        try (UnpackedRecords records = new UnpackedRecords(batch, maxUnpackedBytes, buffers)) {
            while (records.advance()) {
                if (kept.get(records.recordsPassed() - 1)) {
                    rebuild.add(records);
                }
            }
        }
        return rebuild.build();
    }

    /** Records of all batches so far. */
    public long recordsRead() {
        return recordsRead;
    }

    /** Those of them that stay. */
    public long recordsKept() {
        return recordsKept;
    }

    @Override
    public void close() {
        buffers.close();
    }
}
