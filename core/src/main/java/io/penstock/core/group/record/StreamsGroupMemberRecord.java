package io.penstock.core.group.record;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A member of a streams group and where it runs, or the member is gone.
 *
 * @param value null is a tombstone
 */
public record StreamsGroupMemberRecord(
        String groupId, String memberId, @Nullable Value value) implements GroupRecord {

    public static StreamsGroupMemberRecord tombstone(String groupId, String memberId) {
        return new StreamsGroupMemberRecord(groupId, memberId, null);
    }

    @Override
    public Type type() {
        return Type.STREAMS_GROUP_MEMBER;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The member.
     *
     * @param instanceId id of a static member, null for a dynamic one
     * @param rackId where it runs, null if it did not say
     * @param rebalanceTimeoutMs how long it may take to give tasks up, {@link #NO_TIMEOUT} if not known
     * @param topologyEpoch of the topology that it knows, {@link #NO_TOPOLOGY} if not known
     * @param processId the same for all members of one process, which share a disk
     * @param endpoint where others ask for what the process has, null if they cannot
     */
    public record Value(
            @Nullable String instanceId,
            @Nullable String rackId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int topologyEpoch,
            String processId,
            @Nullable Endpoint endpoint,
            SortedMap<String, String> clientTags) {
        public static final int NO_TIMEOUT = -1;
        public static final int NO_TOPOLOGY = -1;

        public Value {
            clientTags = Collections.unmodifiableSortedMap(new TreeMap<>(clientTags));
        }

        public Value(
                @Nullable String instanceId,
                @Nullable String rackId,
                String clientId,
                String clientHost,
                int rebalanceTimeoutMs,
                int topologyEpoch,
                String processId,
                @Nullable Endpoint endpoint,
                Map<String, String> clientTags) {
            this(
                    instanceId,
                    rackId,
                    clientId,
                    clientHost,
                    rebalanceTimeoutMs,
                    topologyEpoch,
                    processId,
                    endpoint,
                    new TreeMap<>(clientTags));
        }
    }

    /** A host and a port, which is from 0 to 65,535. */
    public record Endpoint(String host, int port) {}
}
