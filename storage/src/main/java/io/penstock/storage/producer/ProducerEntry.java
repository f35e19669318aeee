package io.penstock.storage.producer;

import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.util.Arrays;

/**
 * One producer id in one log: its epoch, its open transaction and its last batches in one array, oldest first. About 110 bytes with
 * one batch, 210 with five. Owned by {@link ProducerStateTable}.
 */
final class ProducerEntry {
    /** How many batches a retry can be recognised in; the Java client keeps at most as many in flight. */
    static final int MAX_BATCHES = 5;
    /** The producer has written since the last sweep. */
    static final long ACTIVE = -1;

    private static final int LONGS_PER_BATCH = 3;
    static final int FIXED_BYTES = Long.BYTES + Short.BYTES + Integer.BYTES + 3 * Long.BYTES + Integer.BYTES;
    private static final int BATCH_BYTES = LONGS_PER_BATCH * Long.BYTES;

    final long producerId;
    private short epoch;
    private int coordinatorEpoch = -1;
    private long openTransactionFirstOffset = -1;
    private long lastTimestampMs = BatchHeader.NO_TIMESTAMP;
    private long idleSinceMs = ACTIVE;
    private int batchCount;
    /** Per batch: last offset, timestamp, last sequence in the upper and offset delta in the lower half of a word. */
    private long[] batches = new long[LONGS_PER_BATCH];

    ProducerEntry(long producerId, short epoch) {
        this.producerId = producerId;
        this.epoch = epoch;
    }

    short epoch() {
        return epoch;
    }

    long openTransactionFirstOffset() {
        return openTransactionFirstOffset;
    }

    void openTransaction(long firstOffset) {
        openTransactionFirstOffset = firstOffset;
    }

    /** Notes a batch with sequences; a change of epoch forgets the batches of the one before. */
    void addBatch(short batchEpoch, int lastSequence, int offsetDelta, long lastOffset, long timestampMs) {
        touch(batchEpoch, timestampMs);
        if (lastSequence == BatchHeader.NO_SEQUENCE) {
            return; // written by a coordinator: fenced by epoch, not by sequence
        }
        if (batchCount == MAX_BATCHES) {
            System.arraycopy(batches, LONGS_PER_BATCH, batches, 0, (MAX_BATCHES - 1) * LONGS_PER_BATCH);
            batchCount--;
        } else if (batchCount * LONGS_PER_BATCH == batches.length) {
            batches = Arrays.copyOf(batches, Math.min(batchCount * 2, MAX_BATCHES) * LONGS_PER_BATCH);
        }
        int at = batchCount * LONGS_PER_BATCH;
        batches[at] = lastOffset;
        batches[at + 1] = timestampMs;
        batches[at + 2] = (long) lastSequence << Integer.SIZE | offsetDelta;
        batchCount++;
    }

    /** Notes the end of a transaction, which may come with a new epoch. */
    void endTransaction(short markerEpoch, int markerCoordinatorEpoch, long timestampMs) {
        touch(markerEpoch, timestampMs);
        coordinatorEpoch = markerCoordinatorEpoch;
        openTransactionFirstOffset = -1;
    }

    private void touch(short batchEpoch, long timestampMs) {
        if (batchEpoch != epoch) {
            epoch = batchEpoch;
            batchCount = 0;
        }
        lastTimestampMs = timestampMs;
        idleSinceMs = ACTIVE;
    }

    /**
     * Tells how long the producer has been idle, counted from the first sweep after its last write.
     *
     * <p>Never from a record's timestamp: producers may write -1 or years ago and be alive.
     */
    long sweep(long nowMs) {
        if (idleSinceMs == ACTIVE || idleSinceMs > nowMs) {
            idleSinceMs = nowMs;
        }
        return nowMs - idleSinceMs;
    }

    /** Sequence of the last record written in this epoch; {@link BatchHeader#NO_SEQUENCE} if none, so that 0 comes next. */
    int lastSequence() {
        return batchCount == 0 ? BatchHeader.NO_SEQUENCE : lastSequence(batchCount - 1);
    }

    /** Sequence of the oldest record remembered; only if there is a {@link #lastSequence}. */
    int oldestSequence() {
        return firstSequence(0);
    }

    /** Last offset of the last batch with sequences in this epoch, or -1. */
    long lastOffset() {
        return batchCount == 0 ? -1 : batches[(batchCount - 1) * LONGS_PER_BATCH];
    }

    /** Index of the batch with exactly these sequences, or -1. */
    int indexOf(int firstSequence, int lastSequence) {
        for (int i = batchCount - 1; i >= 0; i--) {
            if (lastSequence(i) == lastSequence && firstSequence(i) == firstSequence) {
                return i;
            }
        }
        return -1;
    }

    long baseOffset(int index) {
        return batches[index * LONGS_PER_BATCH] - offsetDelta(index);
    }

    long timestampMs(int index) {
        return batches[index * LONGS_PER_BATCH + 1];
    }

    private int lastSequence(int index) {
        return (int) (batches[index * LONGS_PER_BATCH + 2] >>> Integer.SIZE);
    }

    private int offsetDelta(int index) {
        return (int) batches[index * LONGS_PER_BATCH + 2];
    }

    private int firstSequence(int index) {
        return (lastSequence(index) - offsetDelta(index)) & Integer.MAX_VALUE;
    }

    ProducerState toState() {
        return new ProducerState(
                producerId, epoch, coordinatorEpoch, lastSequence(), lastTimestampMs, openTransactionFirstOffset);
    }

    int encodedBytes() {
        return FIXED_BYTES + batchCount * BATCH_BYTES;
    }

    void encode(SealedWriter out) {
        out.putLong(producerId).putShort(epoch).putInt(coordinatorEpoch);
        out.putLong(openTransactionFirstOffset).putLong(lastTimestampMs).putLong(idleSinceMs);
        out.putInt(batchCount).putLongs(batches, batchCount * LONGS_PER_BATCH);
    }

    static ProducerEntry decode(SealedReader in) throws CorruptFileException {
        ProducerEntry entry = new ProducerEntry(in.readLong(), in.readShort());
        entry.coordinatorEpoch = in.readInt();
        entry.openTransactionFirstOffset = in.readLong();
        entry.lastTimestampMs = in.readLong();
        entry.idleSinceMs = in.readLong();
        entry.batchCount = in.readCount(BATCH_BYTES);
        if (entry.producerId < 0 || entry.batchCount > MAX_BATCHES) {
            throw in.corrupt("a producer id and at most 5 batches", entry.producerId + " and " + entry.batchCount);
        }
        if (entry.batchCount > 0) {
            entry.batches = in.readLongs(entry.batchCount * LONGS_PER_BATCH);
        }
        return entry;
    }
}
