package io.penstock.storage.batch;

import io.penstock.storage.TimestampedOffset;
import java.nio.ByteBuffer;
import java.util.Iterator;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Looks into one batch for the record that a timestamp asks for. Compressed records are streamed through a small buffer and their
 * keys and values skipped, so memory stays small whatever the batch unpacks to; work is bounded by {@code maxUnpackedBytes}.
 *
 * <p>The checksum is verified first, so bytes that were damaged after they came in never reach a decompressor. What a hostile
 * producer may have declared inside of a batch must have been checked when the batch was let in.
 *
 * <p>Not for an event loop: unpacking may take milliseconds. Owned by the one task that scans; {@link #close} frees its buffers.
 */
public final class RecordScan implements AutoCloseable {
    /** Unpacked bytes of one batch beyond which a scan gives up, when the caller has no better number. */
    public static final long DEFAULT_MAX_UNPACKED_BYTES = 1L << 30;

    private final BufferSupplier buffers = BufferSupplier.create();
    private final long maxUnpackedBytes;

    public RecordScan() {
        this(DEFAULT_MAX_UNPACKED_BYTES);
    }

    public RecordScan(long maxUnpackedBytes) {
        this.maxUnpackedBytes = maxUnpackedBytes;
    }

    /**
     * Finds the first record with a timestamp at or after {@code timestampMs} and an offset in [fromOffset, toOffset).
     *
     * @param batch position to limit is exactly one v2 batch; not changed
     * @return null if the batch has none
     * @throws CorruptBatchException the records cannot be read, or unpack to more than the limit
     */
    public @Nullable TimestampedOffset firstAtOrAfter(
            ByteBuffer batch, long timestampMs, long fromOffset, long toOffset) {
        if (BatchHeader.maxTimestamp(batch, batch.position()) < timestampMs) {
            return null;
        }
        return scan(batch, fromOffset, toOffset, timestampMs, true);
    }

    /**
     * Finds the record with the largest timestamp among those with an offset in [fromOffset, toOffset); the first such if several.
     *
     * @param batch position to limit is exactly one v2 batch; not changed
     * @return null if there is none with a timestamp
     * @throws CorruptBatchException the records cannot be read, or unpack to more than the limit
     */
    public @Nullable TimestampedOffset maxTimestamp(ByteBuffer batch, long fromOffset, long toOffset) {
        if (BatchHeader.maxTimestamp(batch, batch.position()) == BatchHeader.NO_TIMESTAMP) {
            return null;
        }
        return scan(batch, fromOffset, toOffset, 0, false);
    }

    private @Nullable TimestampedOffset scan(
            ByteBuffer batch, long fromOffset, long toOffset, long atLeastMs, boolean firstWins) {
        if (!BatchHeader.isIntact(batch, batch.position())) {
            throw new CorruptBatchException("length, magic or checksum is wrong in " + describe(batch));
        }
        int epoch = BatchHeader.leaderEpoch(batch, batch.position());
        TimestampedOffset best = null;
        long unpackedBytes = 0;
        try (CloseableIterator<Record> records = records(batch)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= toOffset) {
                    return best;
                }
                unpackedBytes += record.sizeInBytes();
                checkUnpacked(unpackedBytes, batch);
                boolean better =
                        best == null ? record.timestamp() >= atLeastMs : record.timestamp() > best.timestampMs();
                if (record.offset() >= fromOffset && better) {
                    best = new TimestampedOffset(record.timestamp(), record.offset(), epoch);
                    if (firstWins) {
                        return best;
                    }
                }
            }
            return best;
        } catch (CorruptBatchException e) {
            throw e;
        } catch (RuntimeException e) {
            // Decompressors throw what they like, down to index and null pointer exceptions.
            throw new CorruptBatchException("unreadable records in " + describe(batch), e);
        }
    }

    private CloseableIterator<Record> records(ByteBuffer batch) {
        Iterator<MutableRecordBatch> batches =
                MemoryRecords.readableRecords(batch.slice()).batches().iterator();
        if (!batches.hasNext() || !(batches.next() instanceof DefaultRecordBatch whole)) {
            throw new CorruptBatchException("not one whole v2 batch: " + describe(batch));
        }
        return whole.skipKeyValueIterator(buffers);
    }

    private void checkUnpacked(long unpackedBytes, ByteBuffer batch) {
        if (unpackedBytes > maxUnpackedBytes) {
            throw new CorruptBatchException(describe(batch) + " unpacks to more than " + maxUnpackedBytes + " bytes");
        }
    }

    private static String describe(ByteBuffer batch) {
        return "the batch of " + batch.remaining() + " bytes at offset "
                + BatchHeader.baseOffset(batch, batch.position());
    }

    @Override
    public void close() {
        buffers.close();
    }
}
