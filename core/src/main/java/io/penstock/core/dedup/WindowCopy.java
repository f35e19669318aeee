package io.penstock.core.dedup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a window held at one moment, as bytes that outlive the process. Immutable; safe from any thread. Whoever stores the bytes has to
 * notice their damage.
 *
 * <pre>
 * bytes  field
 *   4    format version, 1
 *   8    end offset: ids of all records below are in it, as far as they were in the window
 *   8    wall-clock time when it was written, ms
 *   4    entries
 *   4    bytes of the header's name; then the name, UTF-8
 *  40 each, by offset: both halves of the id's hash (8 + 8), offset (8), age in ms (8), producer id of its open transaction or -1 (8)
 * </pre>
 */
public final class WindowCopy {
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 4 + 8 + 8 + 4 + 4;
    private static final int ENTRY_BYTES = 5 * 8;

    private final byte[] header;
    private final IdJournal journal;
    private final long takenMs;

    WindowCopy(String header, IdJournal journal, long takenMs) {
        this.header = header.getBytes(UTF_8);
        this.journal = journal;
        this.takenMs = takenMs;
    }

    /** As bytes, without what belongs to records at or above {@code endOffset}. */
    public byte[] toBytes(long endOffset, long wallMs) {
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + header.length + journal.count() * ENTRY_BYTES);
        out.position(HEAD_BYTES).put(header);
        int entries = 0;
        for (long entry = journal.first(); entry < journal.next() && journal.offset(entry) < endOffset; entry++) {
            entries += put(out, entry);
        }
        out.putInt(0, VERSION)
                .putLong(4, endOffset)
                .putLong(12, wallMs)
                .putInt(20, entries)
                .putInt(24, header.length);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private int put(ByteBuffer out, long entry) {
        OpenTransaction transaction = journal.transaction(entry);
        OpenTransaction.State state = transaction == null ? OpenTransaction.State.COMMITTED : transaction.state();
        if (state == OpenTransaction.State.ABORTED) {
            return 0;
        }
        out.putLong(journal.high(entry)).putLong(journal.low(entry));
        out.putLong(journal.offset(entry)).putLong(takenMs - journal.timeMs(entry));
        out.putLong(transaction != null && state == OpenTransaction.State.OPEN ? transaction.producerId() : -1);
        return 1;
    }

    /**
     * Puts what was kept into a new window.
     *
     * @param bytes of {@link #toBytes}; null if nothing was kept
     * @param logEndOffset the log's end: what was kept of records at or above it is passed over
     * @param nowMs the new window's time
     * @return end offset of the copy: what the log has from there on is to be replayed; 0 if nothing was kept, or of
     *     another header
     * @throws IllegalArgumentException the bytes are not what was written
     */
    public static long restore(
            byte @Nullable [] bytes, MessageIdWindow window, long logEndOffset, long nowMs, long wallMs) {
        if (bytes == null) {
            return 0;
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEAD_BYTES || in.getInt() != VERSION) {
            throw new IllegalArgumentException(
                    "expected version " + VERSION + " of kept ids, found " + bytes.length + " bytes that are not");
        }
        long endOffset = Math.min(in.getLong(), logEndOffset);
        long offMs = Math.max(0, wallMs - in.getLong());
        int entries = in.getInt();
        int headerBytes = in.getInt();
        if (entries < 0 || headerBytes < 0 || in.remaining() != headerBytes + (long) entries * ENTRY_BYTES) {
            throw new IllegalArgumentException("expected " + entries + " kept ids, found " + in.remaining() + " bytes");
        }
        byte[] header = new byte[headerBytes];
        in.get(header);
        if (!window.header().equals(new String(header, UTF_8))) {
            return 0;
        }
        for (int i = 0; i < entries; i++) {
            restoreEntry(in, window, endOffset, nowMs - offMs);
        }
        return endOffset;
    }

    private static void restoreEntry(ByteBuffer in, MessageIdWindow window, long endOffset, long timeMs) {
        long high = in.getLong();
        long low = in.getLong();
        long offset = in.getLong();
        long ageMs = in.getLong();
        long transactionOf = in.getLong();
        if (offset < endOffset) {
            window.restore(high, low, offset, timeMs - ageMs, transactionOf);
        }
    }
}
