package io.penstock.core.group.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member of a consumer group and what it subscribes to, or the member is gone.
 *
 * @param value null is a tombstone
 */
public record ConsumerGroupMemberRecord(
        String groupId, String memberId, @Nullable Value value) implements GroupRecord {

    public static ConsumerGroupMemberRecord tombstone(String groupId, String memberId) {
        return new ConsumerGroupMemberRecord(groupId, memberId, null);
    }

    @Override
    public Type type() {
        return Type.CONSUMER_GROUP_MEMBER;
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
     * @param subscribedTopicNames written in this order; Kafka sorts them
     * @param subscribedTopicRegex pattern of more topics, null if it has none
     * @param rebalanceTimeoutMs how long it may take to give partitions up, {@link #NO_TIMEOUT} if not known
     * @param serverAssignor the assignor that it prefers, null if it leaves that to others
     * @param classic what a member of the classic protocol has beyond that; null for one of the consumer protocol
     */
    public record Value(
            @Nullable String instanceId,
            @Nullable String rackId,
            String clientId,
            String clientHost,
            List<String> subscribedTopicNames,
            @Nullable String subscribedTopicRegex,
            int rebalanceTimeoutMs,
            @Nullable String serverAssignor,
            @Nullable ClassicMetadata classic) {
        public static final int NO_TIMEOUT = -1;

        public Value {
            subscribedTopicNames = List.copyOf(subscribedTopicNames);
        }
    }

    /** What a member of the classic protocol says in a group of the consumer protocol. */
    public record ClassicMetadata(int sessionTimeoutMs, List<Protocol> supportedProtocols) {
        public ClassicMetadata {
            supportedProtocols = List.copyOf(supportedProtocols);
        }
    }

    /** An assignor of the client, and what the member says under it. */
    public record Protocol(String name, OpaqueBytes metadata) {}
}
