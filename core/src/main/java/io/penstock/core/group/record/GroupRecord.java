package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * One change of what a group coordinator must not forget. Immutable.
 *
 * <p>Each belongs to one group and replaces what an earlier record of the same key said; a tombstone takes it back. So compaction
 * may drop all but the newest record of a key, and replaying a record twice does no harm.
 */
public sealed interface GroupRecord extends GroupLogEntry
        permits OffsetRecord,
                ClassicGroupRecord,
                ConsumerGroupRecord,
                ConsumerGroupPartitionMetadataRecord,
                ConsumerGroupMemberRecord,
                ConsumerGroupTargetEpochRecord,
                ConsumerGroupTargetAssignmentRecord,
                ConsumerGroupCurrentAssignmentRecord,
                ConsumerGroupRegexRecord,
                StreamsGroupRecord,
                StreamsGroupMemberRecord,
                StreamsGroupTargetEpochRecord,
                StreamsGroupTargetAssignmentRecord,
                StreamsGroupCurrentAssignmentRecord,
                StreamsGroupTopologyRecord {
    /** The group that the record is about. */
    String groupId();

    /** Which of the permitted classes it is. */
    Type type();

    /** Whether it takes back what was said under its key. */
    boolean isTombstone();

    /** The kinds of records, with the number that each has at the start of its key. */
    enum Type {
        OFFSET(1),
        CLASSIC_GROUP(2),
        CONSUMER_GROUP(3),
        CONSUMER_GROUP_PARTITION_METADATA(4),
        CONSUMER_GROUP_MEMBER(5),
        CONSUMER_GROUP_TARGET_EPOCH(6),
        CONSUMER_GROUP_TARGET_ASSIGNMENT(7),
        CONSUMER_GROUP_CURRENT_ASSIGNMENT(8),
        CONSUMER_GROUP_REGEX(16),
        STREAMS_GROUP(17),
        STREAMS_GROUP_MEMBER(19),
        STREAMS_GROUP_TARGET_EPOCH(20),
        STREAMS_GROUP_TARGET_ASSIGNMENT(21),
        STREAMS_GROUP_CURRENT_ASSIGNMENT(22),
        STREAMS_GROUP_TOPOLOGY(23);

        /** Offsets, as the first brokers that kept them here wrote them. */
        private static final short LEGACY_OFFSET = 0;

        private static final Type[] ALL = values();

        private final short id;

        Type(int id) {
            this.id = (short) id;
        }

        /** Whether it is about a streams group. */
        public boolean isOfStreams() {
            return id >= STREAMS_GROUP.id;
        }

        short id() {
            return id;
        }

        /** The type of a key; null if this broker does not know it. */
        static @Nullable Type of(short id) {
            if (id == LEGACY_OFFSET) {
                return OFFSET;
            }
            for (Type type : ALL) {
                if (type.id == id) {
                    return type;
                }
            }
            return null;
        }
    }
}
