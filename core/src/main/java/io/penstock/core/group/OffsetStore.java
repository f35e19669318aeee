package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionalOffset;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The committed offsets of all groups of a shard, whatever their kind, and those that transactions may still commit. Owned by one
 * {@link CoordinatorShard}.
 */
final class OffsetStore {
    private final Map<String, Map<String, Map<Integer, CommittedOffset>>> byGroup = new HashMap<>();
    private final PendingOffsets pending = new PendingOffsets();
    private int count;

    /** Where the last offset went: as a rule the next belongs to the same group and topic. Null when that may be gone. */
    private @Nullable Destination last;

    private record Destination(String groupId, String topic, Map<Integer, CommittedOffset> partitions) {}

    /** Takes a record over that is in the log. */
    void replay(OffsetRecord record) {
        CommittedOffset offset = record.offset();
        if (offset == null) {
            remove(record);
            pending.onForgotten(record);
        } else {
            put(record, offset);
            pending.onCommitted(record);
        }
    }

    /** Takes an offset over that is in the log, but counts only if its transaction is committed. */
    void replay(TransactionalOffset entry) {
        pending.add(entry);
    }

    /** Takes over that a transaction has ended. */
    void replay(TransactionEnd end) {
        for (OffsetRecord committed : pending.end(end.producerId(), end.isCommit())) {
            CommittedOffset offset = committed.offset();
            if (offset != null) {
                put(committed, offset);
            }
        }
    }

    private void put(OffsetRecord record, CommittedOffset offset) {
        CommittedOffset before = partitionsOf(record.groupId(), record.topic()).put(record.partition(), offset);
        count += before == null ? 1 : 0;
    }

    private Map<Integer, CommittedOffset> partitionsOf(String groupId, String topic) {
        Destination known = last;
        if (known != null && known.groupId().equals(groupId) && known.topic().equals(topic)) {
            return known.partitions();
        }
        Map<Integer, CommittedOffset> partitions =
                byGroup.computeIfAbsent(groupId, id -> new TreeMap<>()).computeIfAbsent(topic, name -> new TreeMap<>());
        last = new Destination(groupId, topic, partitions);
        return partitions;
    }

    private void remove(OffsetRecord record) {
        last = null;
        Map<String, Map<Integer, CommittedOffset>> topics = byGroup.get(record.groupId());
        Map<Integer, CommittedOffset> partitions = topics == null ? null : topics.get(record.topic());
        if (topics == null || partitions == null) {
            return;
        }
        count -= partitions.remove(record.partition()) == null ? 0 : 1;
        if (partitions.isEmpty()) {
            topics.remove(record.topic());
            if (topics.isEmpty()) {
                byGroup.remove(record.groupId());
            }
        }
    }

    /** The offset, or null if the group has committed none there. */
    @Nullable
    CommittedOffset find(String groupId, String topic, int partition) {
        Map<Integer, CommittedOffset> partitions = ofGroup(groupId).get(topic);
        return partitions == null ? null : partitions.get(partition);
    }

    /** All offsets of a group by topic and partition, in order; not to be changed. */
    Map<String, Map<Integer, CommittedOffset>> ofGroup(String groupId) {
        return byGroup.getOrDefault(groupId, Map.of());
    }

    /** Offsets of transactions under way. */
    PendingOffsets pending() {
        return pending;
    }

    /** Ids of groups that have offsets for a topic, or may get some; a copy. */
    Set<String> groupsWith(String topic) {
        Set<String> ids = new LinkedHashSet<>();
        byGroup.forEach((groupId, topics) -> {
            if (topics.containsKey(topic)) {
                ids.add(groupId);
            }
        });
        pending.addGroupsWith(topic, ids);
        return ids;
    }

    /** Offsets of all groups. */
    int count() {
        return count;
    }
}
