package io.penstock.storage.epoch;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.FutureVersionException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import java.util.Arrays;

/**
 * The leader epochs of one log in two sorted columns (KIP-101, KIP-279). Owned by the log; not for two threads.
 *
 * <p>Invariant: epochs and start offsets both rise strictly. Size: one entry per change of leader that left records in the log.
 */
public final class LeaderEpochTable implements LeaderEpochs {
    private static final int MAGIC = SealedWriter.magic("PNLE");
    private static final int VERSION = 1;
    private static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES;

    private int[] epochs = new int[2];
    private long[] startOffsets = new long[2];
    private int count;

    /**
     * Notes that {@code epoch} begins at {@code startOffset}. Call it before the first append of each epoch; for an epoch that is
     * the latest already, it does nothing unless the offset is lower.
     *
     * <p>Entries that contradict the new one (an epoch not below it, or a start not below its start) are dropped: they describe
     * records that were never there, or that were truncated.
     *
     * @return whether the table changed
     */
    public boolean assign(int epoch, long startOffset) {
        if (epoch < 0 || startOffset < 0) {
            throw new IllegalArgumentException("leader epoch " + epoch + " cannot start at offset " + startOffset);
        }
        if (count > 0 && epochs[count - 1] == epoch && startOffsets[count - 1] <= startOffset) {
            return false;
        }
        while (count > 0 && (epochs[count - 1] >= epoch || startOffsets[count - 1] >= startOffset)) {
            count--;
        }
        add(epoch, startOffset);
        return true;
    }

    private void add(int epoch, long startOffset) {
        if (count == epochs.length) {
            epochs = Arrays.copyOf(epochs, count * 2);
            startOffsets = Arrays.copyOf(startOffsets, count * 2);
        }
        epochs[count] = epoch;
        startOffsets[count] = startOffset;
        count++;
    }

    /** Forgets epochs that start at or above {@code endOffset}: the log was truncated there. Returns whether the table changed. */
    public boolean truncateFromEnd(long endOffset) {
        int before = count;
        while (count > 0 && startOffsets[count - 1] >= endOffset) {
            count--;
        }
        return count != before;
    }

    /**
     * Forgets epochs that end at or below {@code startOffset}: the log starts there now. The epoch that holds the offset stays and
     * starts at the offset. Returns whether the table changed.
     */
    public boolean truncateFromStart(long startOffset) {
        int holder = floorByOffset(startOffset);
        if (holder < 0 || (holder == 0 && startOffsets[0] == startOffset)) {
            return false;
        }
        System.arraycopy(epochs, holder, epochs, 0, count - holder);
        System.arraycopy(startOffsets, holder, startOffsets, 0, count - holder);
        count -= holder;
        startOffsets[0] = startOffset;
        return true;
    }

    /** Forgets everything: the log starts anew. */
    public void clear() {
        count = 0;
    }

    @Override
    public int latestEpoch() {
        return count == 0 ? -1 : epochs[count - 1];
    }

    @Override
    public int epochAt(long offset) {
        int holder = floorByOffset(offset);
        return holder < 0 ? -1 : epochs[holder];
    }

    @Override
    public EpochEnd endOffsetFor(int requestedEpoch, long logEndOffset) {
        if (requestedEpoch < 0 || requestedEpoch > latestEpoch()) {
            return EpochEnd.UNDEFINED;
        }
        if (requestedEpoch == latestEpoch()) {
            return new EpochEnd(requestedEpoch, logEndOffset);
        }
        int found = Arrays.binarySearch(epochs, 0, count, requestedEpoch);
        int floor = found >= 0 ? found : -found - 2;
        int answeredEpoch = floor < 0 ? requestedEpoch : epochs[floor];
        return new EpochEnd(answeredEpoch, startOffsets[floor + 1]);
    }

    private int floorByOffset(long offset) {
        int found = Arrays.binarySearch(startOffsets, 0, count, offset);
        return found >= 0 ? found : -found - 2;
    }

    /** Sealed bytes, magic {@code PNLE}, version 1: int count, then per entry int epoch, long start offset. */
    public byte[] toBytes() {
        SealedWriter out = new SealedWriter(MAGIC, VERSION, Integer.BYTES + count * ENTRY_BYTES);
        out.putInt(count);
        for (int i = 0; i < count; i++) {
            out.putInt(epochs[i]).putLong(startOffsets[i]);
        }
        return out.toBytes();
    }

    /** Reads what {@link #toBytes} gave. */
    public static LeaderEpochTable fromBytes(byte[] bytes) throws CorruptFileException, FutureVersionException {
        SealedReader in = SealedReader.open(bytes, MAGIC, VERSION, "leader epochs");
        LeaderEpochTable table = new LeaderEpochTable();
        for (int left = in.readCount(ENTRY_BYTES); left > 0; left--) {
            int epoch = in.readInt();
            long startOffset = in.readLong();
            if (epoch <= table.latestEpoch() || startOffset <= table.latestStartOffset()) {
                throw in.corrupt(
                        "an epoch above " + table.latestEpoch() + " that starts above " + table.latestStartOffset(),
                        epoch + " at " + startOffset);
            }
            table.add(epoch, startOffset);
        }
        in.expectEnd();
        return table;
    }

    private long latestStartOffset() {
        return count == 0 ? -1 : startOffsets[count - 1];
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("LeaderEpochTable{");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ", ").append(epochs[i]).append('@').append(startOffsets[i]);
        }
        return text.append('}').toString();
    }
}
