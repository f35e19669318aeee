package io.penstock.core.group.record;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The epoch of a streams group, or the group is gone.
 *
 * @param value null is a tombstone
 */
public record StreamsGroupRecord(String groupId, @Nullable Value value) implements GroupRecord {

    public static StreamsGroupRecord tombstone(String groupId) {
        return new StreamsGroupRecord(groupId, null);
    }

    @Override
    public Type type() {
        return Type.STREAMS_GROUP;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The group.
     *
     * @param epoch grows when the members, the topology's topics or the settings of assignments change
     * @param metadataHash of the topology's topics, as they were at that epoch
     * @param validatedTopologyEpoch epoch of the topology whose topics were found to be there and as they must be;
     *     {@link #NOT_VALIDATED} if that is not so
     * @param assignmentConfigs settings by which tasks are shared out from that epoch on
     */
    public record Value(
            int epoch, long metadataHash, int validatedTopologyEpoch, SortedMap<String, String> assignmentConfigs) {
        public static final int NOT_VALIDATED = -1;

        public Value {
            assignmentConfigs = Collections.unmodifiableSortedMap(new TreeMap<>(assignmentConfigs));
        }

        public Value(int epoch, long metadataHash, int validatedTopologyEpoch, Map<String, String> assignmentConfigs) {
            this(epoch, metadataHash, validatedTopologyEpoch, new TreeMap<>(assignmentConfigs));
        }
    }
}
