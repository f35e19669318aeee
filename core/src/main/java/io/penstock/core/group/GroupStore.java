package io.penstock.core.group;

import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.ConsumerGroupRecord;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.StreamsGroupRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionalOffset;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The groups of a shard with their offsets, as the log has them. Owned by one {@link CoordinatorShard}. */
final class GroupStore {
    private final Map<String, Group> groups = new HashMap<>();
    private final OffsetStore offsets = new OffsetStore();
    private long memberBytes;

    @Nullable
    Group find(String groupId) {
        return groups.get(groupId);
    }

    /** All groups, in no order; not to be changed. */
    Collection<Group> all() {
        return Collections.unmodifiableCollection(groups.values());
    }

    /** Ids of all groups; a copy. */
    List<String> ids() {
        return List.copyOf(groups.keySet());
    }

    /** What members of all groups have said. */
    long memberBytes() {
        return memberBytes;
    }

    OffsetStore offsets() {
        return offsets;
    }

    /** Puts a group in the place of the one with the same id, if there is one. */
    void put(Group group) {
        Group before = groups.put(group.groupId(), group);
        memberBytes += group.sizeBytes() - (before == null ? 0 : before.sizeBytes());
    }

    private void remove(String groupId) {
        Group before = groups.remove(groupId);
        memberBytes -= before == null ? 0 : before.sizeBytes();
    }

    /** Takes over a record that is in the log. */
    void replay(GroupLogEntry entry) {
        if (entry instanceof GroupRecord record) {
            replay(record);
        } else if (entry instanceof TransactionalOffset pending) {
            makeRoomFor(pending.record());
            offsets.replay(pending);
        } else if (entry instanceof TransactionEnd end) {
            offsets.replay(end);
        }
    }

    /** Whoever commits an offset has a group, if only an empty one. */
    private void makeRoomFor(OffsetRecord record) {
        CommittedOffset offset = record.offset();
        if (offset != null) {
            groups.computeIfAbsent(record.groupId(), id -> ClassicGroup.empty(id, offset.commitTimeMs()));
        }
    }

    private void replay(GroupRecord record) {
        if (record instanceof OffsetRecord committed) {
            makeRoomFor(committed);
            offsets.replay(committed);
        } else if (record instanceof ClassicGroupRecord classicGroup) {
            ClassicGroupRecord.Value value = classicGroup.value();
            if (value != null) {
                put(ClassicGroup.of(record.groupId(), value));
            } else if (groups.get(record.groupId()) instanceof ClassicGroup) {
                remove(record.groupId());
            }
        } else if (record.type().isOfStreams()) {
            replayStreams(record);
        } else {
            replayConsumer(record);
        }
    }

    /** What is left of a group that has become a classic one since changes nothing: those are tombstones. */
    private void replayConsumer(GroupRecord record) {
        Group group = groups.get(record.groupId());
        if (record instanceof ConsumerGroupRecord end && end.isTombstone()) {
            if (group instanceof ConsumerGroup) {
                remove(record.groupId());
            }
        } else if (group instanceof ConsumerGroup consumerGroup) {
            put(consumerGroup.replay(record));
        } else if (!record.isTombstone()) {
            put(ConsumerGroup.empty(record.groupId()).replay(record));
        }
    }

    /** As of consumer groups. */
    private void replayStreams(GroupRecord record) {
        Group group = groups.get(record.groupId());
        if (record instanceof StreamsGroupRecord end && end.isTombstone()) {
            if (group instanceof StreamsGroup) {
                remove(record.groupId());
            }
        } else if (group instanceof StreamsGroup streamsGroup) {
            put(streamsGroup.replay(record));
        } else if (!record.isTombstone()) {
            put(StreamsGroup.empty(record.groupId()).replay(record));
        }
    }
}
