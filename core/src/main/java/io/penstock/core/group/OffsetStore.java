package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.OffsetRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The committed offsets of all groups of a shard, whatever their kind. Owned by one {@link CoordinatorShard}. */
final class OffsetStore {
    private final Map<String, Map<String, Map<Integer, CommittedOffset>>> byGroup = new HashMap<>();
    private int count;

    /** Where the last offset went: as a rule the next belongs to the same group and topic. Null when that may be gone. */
    private @Nullable Destination last;

    private record Destination(String groupId, String topic, Map<Integer, CommittedOffset> partitions) {}

    /** Takes a record over that is in the log. */
    void replay(OffsetRecord record) {
        CommittedOffset offset = record.offset();
        if (offset == null) {
            remove(record);
        } else {
            CommittedOffset before =
                    partitionsOf(record.groupId(), record.topic()).put(record.partition(), offset);
            count += before == null ? 1 : 0;
        }
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

    /** Ids of groups that have offsets for a topic; a copy. */
    List<String> groupsWith(String topic) {
        List<String> ids = new ArrayList<>();
        byGroup.forEach((groupId, topics) -> {
            if (topics.containsKey(topic)) {
                ids.add(groupId);
            }
        });
        return ids;
    }

    /** Offsets of all groups. */
    int count() {
        return count;
    }
}
