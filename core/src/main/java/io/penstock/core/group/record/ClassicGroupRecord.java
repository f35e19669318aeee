package io.penstock.core.group.record;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A generation of a classic group and what its leader assigned, or the group is gone.
 *
 * @param value null is a tombstone
 */
public record ClassicGroupRecord(String groupId, @Nullable Value value) implements GroupRecord {

    public static ClassicGroupRecord tombstone(String groupId) {
        return new ClassicGroupRecord(groupId, null);
    }

    @Override
    public Type type() {
        return Type.CLASSIC_GROUP;
    }

    @Override
    public boolean isTombstone() {
        return value == null;
    }

    /**
     * The group.
     *
     * @param protocolType what kind of members it has, such as {@code consumer} or {@code connect}; empty if none ever joined
     * @param protocol the assignor all have agreed on; null without members
     * @param leader id of the member that assigned; null without members
     * @param stateTimeMs wall-clock time of the last change of state, {@link #NO_TIME} in records of old brokers
     */
    public record Value(
            String protocolType,
            int generation,
            @Nullable String protocol,
            @Nullable String leader,
            long stateTimeMs,
            List<Member> members) {
        public static final long NO_TIME = -1;

        public Value {
            members = List.copyOf(members);
        }
    }

    /**
     * One member.
     *
     * @param instanceId id of a static member, null for a dynamic one
     * @param rebalanceTimeoutMs {@link #NO_TIMEOUT} in records of old brokers
     * @param subscription what the member said under the chosen protocol
     * @param assignment what the leader gave it
     */
    public record Member(
            String memberId,
            @Nullable String instanceId,
            String clientId,
            String clientHost,
            int rebalanceTimeoutMs,
            int sessionTimeoutMs,
            OpaqueBytes subscription,
            OpaqueBytes assignment) {
        public static final int NO_TIMEOUT = -1;
    }
}
