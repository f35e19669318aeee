package io.penstock.core.group.record;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads many records in a row, as {@link GroupRecordCodec} reads one, but faster: offsets that are committed together have keys that
 * differ in nothing but the partition, so the texts of the last key are used again and are the same objects. Owned by one thread.
 */
public final class GroupRecordReader {
    private static final int SHORTEST_KEY_BYTES = Short.BYTES + Integer.BYTES;

    private final ByteBuffer bytes;
    private final ByteBuffer keyBytes;
    private final ByteBuffer valueBytes;
    private final FieldScan key;
    private final FieldScan value;

    /** Of the last offset: all of its key but the partition at its end, and what that says. */
    private byte[] lastKey = {};

    private byte[] nextKey = {};
    private int lastKeyLength;
    private String lastGroupId = "";
    private String lastTopic = "";

    /**
     * A reader of records that lie in one piece of memory.
     *
     * @param bytes must hold the records until the last one is read; its position and limit do not matter
     */
    public GroupRecordReader(ByteBuffer bytes) {
        this.bytes = bytes.duplicate().clear();
        this.keyBytes = bytes.duplicate();
        this.valueBytes = bytes.duplicate();
        this.key = new FieldScan(keyBytes);
        this.value = new FieldScan(valueBytes);
    }

    /**
     * Reads the record whose key and value lie there.
     *
     * @param keyStart index in the memory, as are the others
     * @param valueStart below zero for a tombstone
     * @return null for a type of record that this broker does not know
     * @throws CorruptGroupRecordException the record is of a known type but cannot be read
     */
    public @Nullable GroupRecord read(int keyStart, int keyLength, int valueStart, int valueLength) {
        keyBytes.limit(keyStart + keyLength).position(keyStart);
        if (valueStart >= 0) {
            valueBytes.limit(valueStart + valueLength).position(valueStart);
        }
        boolean isTombstone = valueStart < 0;
        try {
            if (isOffset(keyStart, keyLength) && hasUsualKey(keyStart, keyLength - Integer.BYTES)) {
                int partition = bytes.getInt(keyStart + keyLength - Integer.BYTES);
                return new OffsetRecord(
                        lastGroupId, lastTopic, partition, isTombstone ? null : OffsetValues.decode(value));
            }
        } catch (CorruptGroupRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CorruptGroupRecordException("unreadable offset of a group: " + e.getMessage(), e);
        }
        keyBytes.position(keyStart);
        return GroupRecordCodec.decode(keyBytes, isTombstone ? null : valueBytes);
    }

    private boolean isOffset(int keyStart, int keyLength) {
        return keyLength >= SHORTEST_KEY_BYTES && GroupRecordCodec.isOffset(bytes.getShort(keyStart));
    }

    /** Whether the key ends with the partition; if so, the last group and topic are its own. */
    private boolean hasUsualKey(int start, int length) {
        return isLastKey(start, length) || readKey(length);
    }

    /** Whether so many bytes there are those of the last key; leaves them in {@link #nextKey}. */
    private boolean isLastKey(int start, int length) {
        if (nextKey.length < length) {
            nextKey = new byte[length];
        }
        bytes.get(start, nextKey, 0, length);
        return Arrays.equals(nextKey, 0, length, lastKey, 0, lastKeyLength);
    }

    private boolean readKey(int length) {
        lastKeyLength = 0; // whatever fails from here on, the last key is not remembered half
        key.readShort();
        String groupId = key.readString();
        String topic = key.readString();
        if (key.remaining() != Integer.BYTES) {
            return false;
        }
        lastGroupId = groupId.equals(lastGroupId) ? lastGroupId : groupId;
        lastTopic = topic.equals(lastTopic) ? lastTopic : topic;
        byte[] swapped = lastKey;
        lastKey = nextKey;
        nextKey = swapped;
        lastKeyLength = length;
        return true;
    }
}
