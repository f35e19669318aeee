package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.core.group.JoinCaller;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers JoinGroup; the answer may wait for other members. Stateless. */
final class JoinGroupHandler implements ApiHandler {
    private static final short FIRST_REBALANCE_TIMEOUT = 1;
    private static final short FIRST_KNOWN_ID = 4;
    private static final short FIRST_NULL_PROTOCOL = 7;
    private static final short FIRST_SKIPPED_ASSIGNMENT = 9;

    private final GroupCoordinator groups;

    JoinGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.JOIN_GROUP;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        JoinGroupRequestData data = request.data(JoinGroupRequestData.class);
        short version = request.version();
        if (version < FIRST_REBALANCE_TIMEOUT) {
            data.setRebalanceTimeoutMs(data.sessionTimeoutMs());
        }
        JoinCaller caller = new JoinCaller(
                request.clientId(),
                "/" + request.connection().remoteHost(),
                version >= FIRST_KNOWN_ID,
                version >= FIRST_SKIPPED_ASSIGNMENT);
        Delegated.answer(groups.join(data, caller).map(answer -> inVersion(answer, version)), responder);
    }

    /** No protocol is an empty text to old clients, null to new ones. */
    private static JoinGroupResponseData inVersion(JoinGroupResponseData answer, short version) {
        String protocol = answer.protocolName();
        if (protocol == null || protocol.isEmpty()) {
            answer.setProtocolName(version < FIRST_NULL_PROTOCOL ? "" : null);
        }
        return answer;
    }
}
