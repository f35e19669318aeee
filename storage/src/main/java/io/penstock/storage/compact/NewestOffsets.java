package io.penstock.storage.compact;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The newest offset of each key in the dirty part of a log, in a table of fixed size that holds no keys: 128 bits of a key's SHA-256
 * stand for it, so that nobody can make two keys that are taken for one. 24 bytes for each key, never more than asked for.
 *
 * <p>Owned by one run of the compaction; not for two threads.
 */
public final class NewestOffsets {
    /** What {@link #newestOf} answers for a key that it does not know. */
    public static final long UNKNOWN = -1;

    /** Bytes of memory for each slot. */
    public static final int SLOT_BYTES = 3 * Long.BYTES;

    private static final int LONGS_PER_SLOT = 3;
    private static final int MAX_SLOTS = Integer.MAX_VALUE / LONGS_PER_SLOT - 1;

    private final MessageDigest digest;
    private final byte[] hash;
    /** Per slot: both halves of the hash, and the offset plus one; 0 is a free slot. */
    private final long[] table;

    private final int slotCount;
    private final int maxKeys;
    private int keyCount;
    private long coveredEndOffset;

    /**
     * @param maxBytes bound for the table
     * @param loadFactor share of the slots that may be taken, above 0 and at most 1
     * @param recordBound no more than so many records will be put; a table for fewer keys is not made larger
     * @param startOffset first offset that it is about
     */
    public NewestOffsets(long maxBytes, double loadFactor, long recordBound, long startOffset) {
        long affordable = Math.min(MAX_SLOTS, maxBytes / SLOT_BYTES);
        // One slot more than keys: a search for an unknown key must find a free one.
        long useful = (long) Math.ceil(Math.min(recordBound, MAX_SLOTS) / loadFactor) + 1;
        slotCount = (int) Math.max(2, Math.min(affordable, useful));
        maxKeys = (int) Math.max(1, Math.min(slotCount - 1, (long) (slotCount * loadFactor)));
        table = new long[slotCount * LONGS_PER_SLOT];
        coveredEndOffset = startOffset;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        hash = new byte[digest.getDigestLength()];
    }

    /**
     * Notes a record; offsets must come in order.
     *
     * @param key position to limit; not changed
     * @return false if the table is full: nothing was noted
     */
    public boolean put(ByteBuffer key, long offset) {
        int at = find(key);
        if (table[at + 2] == 0) {
            if (keyCount == maxKeys) {
                return false;
            }
            table[at] = high();
            table[at + 1] = low();
            keyCount++;
        }
        table[at + 2] = offset + 1;
        return true;
    }

    /** Offset of the newest record with that key, or {@link #UNKNOWN}. */
    public long newestOf(ByteBuffer key) {
        return table[find(key) + 2] - 1;
    }

    /** Says that every record below {@code endOffset} was put. */
    public void cover(long endOffset) {
        coveredEndOffset = endOffset;
    }

    /** Every record from the start offset up to here, exclusive, was put; records at or above it must all be kept. */
    public long coveredEndOffset() {
        return coveredEndOffset;
    }

    /** How many keys it knows. */
    public int keyCount() {
        return keyCount;
    }

    /** Share of the keys it has room for, in percent. */
    public double utilizationPercent() {
        return 100.0 * keyCount / maxKeys;
    }

    private int find(ByteBuffer key) {
        digest.update(key.duplicate());
        try {
            digest.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("the buffer has the digest's own length", e);
        }
        long high = high();
        long low = low();
        int slot = (int) Long.remainderUnsigned(high, slotCount);
        int at = slot * LONGS_PER_SLOT;
        while (table[at + 2] != 0 && (table[at] != high || table[at + 1] != low)) {
            at += LONGS_PER_SLOT;
            if (at == table.length) {
                at = 0;
            }
        }
        return at;
    }

    private long high() {
        return ByteBuffer.wrap(hash).getLong(0);
    }

    private long low() {
        return ByteBuffer.wrap(hash).getLong(Long.BYTES);
    }
}
