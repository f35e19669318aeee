package io.penstock.core.group.record;

import org.jspecify.annotations.Nullable;

/**
 * The topology of a streams group.
 *
 * @param topology null is a tombstone
 */
public record StreamsGroupTopologyRecord(
        String groupId, @Nullable StreamsTopology topology) implements GroupRecord {

    public static StreamsGroupTopologyRecord tombstone(String groupId) {
        return new StreamsGroupTopologyRecord(groupId, null);
    }

    @Override
    public Type type() {
        return Type.STREAMS_GROUP_TOPOLOGY;
    }

    @Override
    public boolean isTombstone() {
        return topology == null;
    }
}
