package io.penstock.core.group.record;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.Function;
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
 * 3     group                                   consumer group             0                  0
 * 4     group                                   topics, obsolete           - (tombstones)     not looked at
 * 5     group, member                           member                     0                  0
 * 6     group                                   epoch of the target        0                  0
 * 7     group, member                           target assignment          0                  0
 * 8     group, member                           current assignment         0                  0
 * 16    group, regular expression               topics that match          0                  0
 * 17    group                                   streams group              0                  0
 * 19    group, member                           member                     0                  0
 * 20    group                                   epoch of the target        0                  0
 * 21    group, member                           target assignment          0                  0
 * 22    group, member                           current assignment         0                  0
 * 23    group                                   topology                   0                  0
 * </pre>
 *
 * <p>An offset is written in version 4, which has the topic's id, or in version 1 if a client asked for its own time of expiry,
 * which only that version has.
 */
public final class GroupRecordCodec {

    private GroupRecordCodec() {}

    /**
     * Writes a record.
     *
     * @throws UnstorableRecordException a text is too long for the format
     */
    public static EncodedRecord encode(GroupRecord record) {
        return new EncodedRecord(encodeKey(record), record.isTombstone() ? null : encodeValue(record));
    }

    private static byte[] encodeKey(GroupRecord record) {
        RecordFields key = new RecordFields();
        key.writeShort(record.type().id());
        key.writeString(record.groupId());
        switch (record.type()) {
            case OFFSET -> {
                OffsetRecord offset = (OffsetRecord) record;
                key.writeString(offset.topic());
                key.writeInt(offset.partition());
            }
            case CONSUMER_GROUP_MEMBER -> key.writeString(((ConsumerGroupMemberRecord) record).memberId());
            case CONSUMER_GROUP_TARGET_ASSIGNMENT ->
                key.writeString(((ConsumerGroupTargetAssignmentRecord) record).memberId());
            case CONSUMER_GROUP_CURRENT_ASSIGNMENT ->
                key.writeString(((ConsumerGroupCurrentAssignmentRecord) record).memberId());
            case CONSUMER_GROUP_REGEX -> key.writeString(((ConsumerGroupRegexRecord) record).regex());
            case STREAMS_GROUP_MEMBER -> key.writeString(((StreamsGroupMemberRecord) record).memberId());
            case STREAMS_GROUP_TARGET_ASSIGNMENT ->
                key.writeString(((StreamsGroupTargetAssignmentRecord) record).memberId());
            case STREAMS_GROUP_CURRENT_ASSIGNMENT ->
                key.writeString(((StreamsGroupCurrentAssignmentRecord) record).memberId());
            case CLASSIC_GROUP,
                    CONSUMER_GROUP,
                    CONSUMER_GROUP_PARTITION_METADATA,
                    CONSUMER_GROUP_TARGET_EPOCH,
                    STREAMS_GROUP,
                    STREAMS_GROUP_TARGET_EPOCH,
                    STREAMS_GROUP_TOPOLOGY -> {}
        }
        return key.toBytes();
    }

    private static byte[] encodeValue(GroupRecord record) {
        return switch (record.type()) {
            case OFFSET -> OffsetValues.encode(there(((OffsetRecord) record).offset()));
            case CLASSIC_GROUP -> ClassicGroupValues.encode(there(((ClassicGroupRecord) record).value()));
            case CONSUMER_GROUP -> ConsumerGroupValues.encode(there(((ConsumerGroupRecord) record).value()));
            case CONSUMER_GROUP_PARTITION_METADATA ->
                throw new IllegalArgumentException("expected a tombstone, found " + record);
            case CONSUMER_GROUP_MEMBER ->
                ConsumerGroupMemberValues.encode(there(((ConsumerGroupMemberRecord) record).value()));
            case CONSUMER_GROUP_TARGET_EPOCH ->
                ConsumerGroupValues.encode(there(((ConsumerGroupTargetEpochRecord) record).value()));
            case CONSUMER_GROUP_TARGET_ASSIGNMENT ->
                ConsumerGroupAssignmentValues.encode(
                        there(((ConsumerGroupTargetAssignmentRecord) record).partitions()));
            case CONSUMER_GROUP_CURRENT_ASSIGNMENT ->
                ConsumerGroupAssignmentValues.encode(there(((ConsumerGroupCurrentAssignmentRecord) record).value()));
            case CONSUMER_GROUP_REGEX -> ConsumerGroupValues.encode(there(((ConsumerGroupRegexRecord) record).value()));
            case STREAMS_GROUP -> StreamsGroupValues.encode(there(((StreamsGroupRecord) record).value()));
            case STREAMS_GROUP_MEMBER -> StreamsGroupValues.encode(there(((StreamsGroupMemberRecord) record).value()));
            case STREAMS_GROUP_TARGET_EPOCH ->
                StreamsGroupValues.encode(there(((StreamsGroupTargetEpochRecord) record).value()));
            case STREAMS_GROUP_TARGET_ASSIGNMENT ->
                StreamsAssignmentValues.encode(there(((StreamsGroupTargetAssignmentRecord) record).tasks()));
            case STREAMS_GROUP_CURRENT_ASSIGNMENT ->
                StreamsAssignmentValues.encode(there(((StreamsGroupCurrentAssignmentRecord) record).value()));
            case STREAMS_GROUP_TOPOLOGY ->
                StreamsTopologyValues.encode(there(((StreamsGroupTopologyRecord) record).topology()));
        };
    }

    /** The value of a record that is no tombstone. */
    private static <T> T there(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /** Whether keys that begin so are those of committed offsets. */
    static boolean isOffset(short typeId) {
        return GroupRecord.Type.of(typeId) == GroupRecord.Type.OFFSET;
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

    private static @Nullable GroupRecord read(ByteBuffer keyBytes, @Nullable ByteBuffer value) {
        FieldScan key = new FieldScan(keyBytes);
        GroupRecord.Type type = GroupRecord.Type.of(key.readShort());
        if (type == null) {
            return null;
        }
        String groupId = key.readString();
        return switch (type) {
            case OFFSET ->
                new OffsetRecord(groupId, key.readString(), key.readInt(), read(value, OffsetValues::decode));
            case CLASSIC_GROUP -> new ClassicGroupRecord(groupId, read(value, ClassicGroupValues::decode));
            case CONSUMER_GROUP -> new ConsumerGroupRecord(groupId, read(value, ConsumerGroupValues::decodeGroup));
            case CONSUMER_GROUP_PARTITION_METADATA -> new ConsumerGroupPartitionMetadataRecord(groupId, value == null);
            case CONSUMER_GROUP_MEMBER ->
                new ConsumerGroupMemberRecord(
                        groupId, key.readString(), read(value, ConsumerGroupMemberValues::decode));
            case CONSUMER_GROUP_TARGET_EPOCH ->
                new ConsumerGroupTargetEpochRecord(groupId, read(value, ConsumerGroupValues::decodeTargetEpoch));
            case CONSUMER_GROUP_TARGET_ASSIGNMENT ->
                new ConsumerGroupTargetAssignmentRecord(
                        groupId, key.readString(), read(value, ConsumerGroupAssignmentValues::decodeTarget));
            case CONSUMER_GROUP_CURRENT_ASSIGNMENT ->
                new ConsumerGroupCurrentAssignmentRecord(
                        groupId, key.readString(), read(value, ConsumerGroupAssignmentValues::decodeCurrent));
            case CONSUMER_GROUP_REGEX ->
                new ConsumerGroupRegexRecord(groupId, key.readString(), read(value, ConsumerGroupValues::decodeRegex));
            case STREAMS_GROUP -> new StreamsGroupRecord(groupId, read(value, StreamsGroupValues::decodeGroup));
            case STREAMS_GROUP_MEMBER ->
                new StreamsGroupMemberRecord(groupId, key.readString(), read(value, StreamsGroupValues::decodeMember));
            case STREAMS_GROUP_TARGET_EPOCH ->
                new StreamsGroupTargetEpochRecord(groupId, read(value, StreamsGroupValues::decodeTargetEpoch));
            case STREAMS_GROUP_TARGET_ASSIGNMENT ->
                new StreamsGroupTargetAssignmentRecord(
                        groupId, key.readString(), read(value, StreamsAssignmentValues::decodeTarget));
            case STREAMS_GROUP_CURRENT_ASSIGNMENT ->
                new StreamsGroupCurrentAssignmentRecord(
                        groupId, key.readString(), read(value, StreamsAssignmentValues::decodeCurrent));
            case STREAMS_GROUP_TOPOLOGY ->
                new StreamsGroupTopologyRecord(groupId, read(value, StreamsTopologyValues::decode));
        };
    }

    private static <T> @Nullable T read(@Nullable ByteBuffer value, Function<FieldScan, T> decoder) {
        return value == null ? null : decoder.apply(new FieldScan(value));
    }
}
