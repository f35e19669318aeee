package io.penstock.core.group;

import java.util.List;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.jspecify.annotations.Nullable;

/**
 * A client wants to become, or stay, a member of a classic group. Immutable.
 *
 * @param groupId never empty
 * @param memberId empty if the client has none yet
 * @param instanceId null unless the client is a static member
 * @param protocols what it can take part in, best liked first
 * @param knownIdRequired whether a dynamic member is given an id first and has to come again with it (KIP-394)
 * @param canSkipAssignment whether a leader can be told to keep the assignment (KIP-814)
 */
record JoinRequest(
        String groupId,
        String memberId,
        @Nullable String instanceId,
        String clientId,
        String clientHost,
        int sessionTimeoutMs,
        int rebalanceTimeoutMs,
        String protocolType,
        List<MemberProtocol> protocols,
        String reason,
        boolean knownIdRequired,
        boolean canSkipAssignment,
        Reply<JoinGroupResponseData> reply) {

    static JoinRequest of(JoinGroupRequestData data, JoinCaller caller, Reply<JoinGroupResponseData> reply) {
        String reason = data.reason();
        return new JoinRequest(
                data.groupId(),
                data.memberId(),
                data.groupInstanceId(),
                caller.clientId(),
                caller.clientHost(),
                data.sessionTimeoutMs(),
                data.rebalanceTimeoutMs(),
                data.protocolType(),
                MemberProtocol.listOf(data.protocols()),
                reason == null || reason.isEmpty() ? "not provided" : reason,
                caller.knownIdRequired(),
                caller.canSkipAssignment(),
                reply);
    }

    boolean hasMemberId() {
        return !memberId.isEmpty();
    }
}
