package io.penstock.core.group.record;

import io.penstock.core.group.record.ClassicGroupRecord.Value;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads records in Kafka's format. Stateless.
 *
 * <pre>
 * key   := record type: int16, fields           value := version: int16, fields           (big endian)
 *
 * type  key fields                              value                      versions written   read
 * 0     group, topic, partition                 offset                     -                  0-4
 * 1     group, topic, partition                 offset                     1 or 4             0-4
 * 2     group                                   classic group              3                  0-4
 * 3..   other kinds of groups
 * </pre>
 *
 * <p>An offset is written in version 4, which has the topic's id, or in version 1 if a client asked for its own time of expiry,
 * which only that version has.
 */
public final class GroupRecordCodec {
    private static final short LEGACY_OFFSET = 0;
    private static final short OFFSET = 1;
    private static final short CLASSIC_GROUP = 2;

    private GroupRecordCodec() {}

    /**
     * Writes a record.
     *
     * @throws UnstorableRecordException a text is too long for the format
     */
    public static EncodedRecord encode(GroupRecord record) {
        if (record instanceof OffsetRecord offset) {
            return encode(offset);
        }
        return encode((ClassicGroupRecord) record);
    }

    private static EncodedRecord encode(OffsetRecord record) {
        RecordFields key = new RecordFields();
        key.writeShort(OFFSET);
        key.writeString(record.groupId());
        key.writeString(record.topic());
        key.writeInt(record.partition());
        CommittedOffset offset = record.offset();
        return new EncodedRecord(key.toBytes(), offset == null ? null : OffsetValues.encode(offset));
    }

    private static EncodedRecord encode(ClassicGroupRecord record) {
        RecordFields key = new RecordFields();
        key.writeShort(CLASSIC_GROUP);
        key.writeString(record.groupId());
        Value value = record.value();
        return new EncodedRecord(key.toBytes(), value == null ? null : ClassicGroupValues.encode(value));
    }

    /**
     * Reads a record. Reads from the buffers' positions on, which move.
     *
     * @param value null is a tombstone
     * @return null for a type of record that this broker does not know: a newer one may have left it behind
     * @throws CorruptGroupRecordException the record is of a known type but cannot be read
     */
    public static @Nullable GroupRecord decode(ByteBuffer key, @Nullable ByteBuffer value) {
        try {
            return read(key, value);
        } catch (CorruptGroupRecordException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new CorruptGroupRecordException("unreadable record of a group: " + e.getMessage(), e);
        }
    }

    private static @Nullable GroupRecord read(ByteBuffer key, @Nullable ByteBuffer value) {
        FieldScan fields = new FieldScan(key);
        short type = fields.readShort();
        return switch (type) {
            case LEGACY_OFFSET, OFFSET ->
                new OffsetRecord(
                        fields.readString(),
                        fields.readString(),
                        fields.readInt(),
                        value == null ? null : OffsetValues.decode(new FieldScan(value)));
            case CLASSIC_GROUP ->
                new ClassicGroupRecord(
                        fields.readString(), value == null ? null : ClassicGroupValues.decode(new FieldScan(value)));
            default -> null;
        };
    }
}
