package io.penstock.storage.batch;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The fixed header of a Kafka v2 record batch, read and patched in place. Stateless; safe from any thread as far as the buffer is.
 *
 * <p>Every method takes the buffer and the position at which the batch starts, uses absolute access only and so changes neither
 * position nor limit. The buffer must be big endian (the default) and hold at least {@link #HEADER_BYTES} bytes from there,
 * else {@link IndexOutOfBoundsException}. Nothing is validated: that is the work of whoever lets a batch in.
 *
 * <pre>
 * at  bytes  field
 *  0    8    base offset
 *  8    4    length: bytes that follow this field
 * 12    4    partition leader epoch
 * 16    1    magic, 2
 * 17    4    CRC-32C of everything from the attributes on
 * 21    2    attributes: bits 0-2 compression, 3 log append time, 4 transactional, 5 control, 6 delete horizon
 * 23    4    last offset minus base offset
 * 27    8    base timestamp, ms (the delete horizon if that bit is set)
 * 35    8    largest timestamp, ms
 * 43    8    producer id, -1 for none
 * 51    2    producer epoch
 * 53    4    sequence of the first record, -1 for none
 * 57    4    record count
 * 61    …    records
 * </pre>
 */
public final class BatchHeader {
    public static final int BASE_OFFSET = 0;
    public static final int LENGTH = 8;
    public static final int LEADER_EPOCH = 12;
    public static final int MAGIC = 16;
    public static final int CRC = 17;
    public static final int ATTRIBUTES = 21;
    public static final int LAST_OFFSET_DELTA = 23;
    public static final int BASE_TIMESTAMP = 27;
    public static final int MAX_TIMESTAMP = 35;
    public static final int PRODUCER_ID = 43;
    public static final int PRODUCER_EPOCH = 51;
    public static final int BASE_SEQUENCE = 53;
    public static final int RECORD_COUNT = 57;

    /** Bytes of the whole header: where the records start. */
    public static final int HEADER_BYTES = 61;
    /** Bytes up to and including the length field, which does not count them. */
    public static final int LOG_OVERHEAD = 12;

    public static final long NO_TIMESTAMP = -1;
    public static final long NO_PRODUCER_ID = -1;
    public static final int NO_SEQUENCE = -1;

    static final int COMPRESSION_MASK = 0x07;
    private static final int LOG_APPEND_TIME_BIT = 0x08;
    private static final int TRANSACTIONAL_BIT = 0x10;
    private static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    private BatchHeader() {}

    public static long baseOffset(ByteBuffer buf, int position) {
        return buf.getLong(position + BASE_OFFSET);
    }

    /** Bytes of the whole batch: the length field's value plus {@link #LOG_OVERHEAD}. Overflows for hostile lengths: check them first. */
    public static int sizeInBytes(ByteBuffer buf, int position) {
        return LOG_OVERHEAD + buf.getInt(position + LENGTH);
    }

    public static int leaderEpoch(ByteBuffer buf, int position) {
        return buf.getInt(position + LEADER_EPOCH);
    }

    public static byte magic(ByteBuffer buf, int position) {
        return buf.get(position + MAGIC);
    }

    /** The stored checksum, unsigned. */
    public static long crc(ByteBuffer buf, int position) {
        return Integer.toUnsignedLong(buf.getInt(position + CRC));
    }

    public static short attributes(ByteBuffer buf, int position) {
        return buf.getShort(position + ATTRIBUTES);
    }

    public static int lastOffsetDelta(ByteBuffer buf, int position) {
        return buf.getInt(position + LAST_OFFSET_DELTA);
    }

    /** Offset of the last record, inclusive. */
    public static long lastOffset(ByteBuffer buf, int position) {
        return baseOffset(buf, position) + lastOffsetDelta(buf, position);
    }

    public static long baseTimestamp(ByteBuffer buf, int position) {
        return buf.getLong(position + BASE_TIMESTAMP);
    }

    /** Largest timestamp of the batch's records in ms, or {@link #NO_TIMESTAMP}. */
    public static long maxTimestamp(ByteBuffer buf, int position) {
        return buf.getLong(position + MAX_TIMESTAMP);
    }

    /** As {@link #maxTimestamp}; {@link #NO_TIMESTAMP} for a batch that the compaction has left without records. */
    public static long maxRecordTimestamp(ByteBuffer buf, int position) {
        return recordCount(buf, position) == 0 ? NO_TIMESTAMP : maxTimestamp(buf, position);
    }

    public static long producerId(ByteBuffer buf, int position) {
        return buf.getLong(position + PRODUCER_ID);
    }

    public static short producerEpoch(ByteBuffer buf, int position) {
        return buf.getShort(position + PRODUCER_EPOCH);
    }

    public static int baseSequence(ByteBuffer buf, int position) {
        return buf.getInt(position + BASE_SEQUENCE);
    }

    /** Sequence of the last record: 0 follows 2^31-1. {@link #NO_SEQUENCE} if the batch has none. */
    public static int lastSequence(ByteBuffer buf, int position) {
        int base = baseSequence(buf, position);
        return base == NO_SEQUENCE ? NO_SEQUENCE : sequenceAfter(base, lastOffsetDelta(buf, position));
    }

    /** The sequence {@code steps} records after {@code sequence}: 0 follows 2^31-1. Both must be 0 or more. */
    public static int sequenceAfter(int sequence, int steps) {
        return (sequence + steps) & Integer.MAX_VALUE;
    }

    public static int recordCount(ByteBuffer buf, int position) {
        return buf.getInt(position + RECORD_COUNT);
    }

    public static boolean isTransactional(ByteBuffer buf, int position) {
        return (attributes(buf, position) & TRANSACTIONAL_BIT) != 0;
    }

    public static boolean isControl(ByteBuffer buf, int position) {
        return (attributes(buf, position) & CONTROL_BIT) != 0;
    }

    public static boolean hasProducerId(ByteBuffer buf, int position) {
        return producerId(buf, position) > NO_PRODUCER_ID;
    }

    /** 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd; 5 to 7 have no meaning. */
    public static int compressionCode(ByteBuffer buf, int position) {
        return attributes(buf, position) & COMPRESSION_MASK;
    }

    /** Whether the broker set the timestamps: then every record has the batch's {@link #maxTimestamp}. */
    public static boolean isLogAppendTime(ByteBuffer buf, int position) {
        return (attributes(buf, position) & LOG_APPEND_TIME_BIT) != 0;
    }

    /** Whether {@link #baseTimestamp} is a compaction's delete horizon. */
    public static boolean hasDeleteHorizon(ByteBuffer buf, int position) {
        return (attributes(buf, position) & DELETE_HORIZON_BIT) != 0;
    }

    /** CRC-32C from the attributes to the end that the length field tells, unsigned; the whole batch must be in the buffer. */
    public static long computeCrc(ByteBuffer buf, int position) {
        ByteBuffer covered = buf.duplicate();
        covered.limit(position + sizeInBytes(buf, position)).position(position + ATTRIBUTES);
        CRC32C crc = new CRC32C();
        crc.update(covered);
        return crc.getValue();
    }

    public static boolean crcMatches(ByteBuffer buf, int position) {
        return computeCrc(buf, position) == crc(buf, position);
    }

    /** Not covered by the checksum. */
    public static void putBaseOffset(ByteBuffer buf, int position, long baseOffset) {
        buf.putLong(position + BASE_OFFSET, baseOffset);
    }

    /** Not covered by the checksum. */
    public static void putLeaderEpoch(ByteBuffer buf, int position, int leaderEpoch) {
        buf.putInt(position + LEADER_EPOCH, leaderEpoch);
    }

    /**
     * Whether the bytes from {@code position} to the buffer's limit start with a whole batch that can be read safely: sane length,
     * magic 2, record count and offset delta not negative, checksum right. What recovery asks before it believes a batch.
     */
    public static boolean isIntact(ByteBuffer buf, int position) {
        int available = buf.limit() - position;
        if (available < HEADER_BYTES) {
            return false;
        }
        int length = buf.getInt(position + LENGTH);
        return length >= HEADER_BYTES - LOG_OVERHEAD
                && length <= available - LOG_OVERHEAD
                && magic(buf, position) == 2
                && lastOffsetDelta(buf, position) >= 0
                && recordCount(buf, position) >= 0
                && crcMatches(buf, position);
    }
}
