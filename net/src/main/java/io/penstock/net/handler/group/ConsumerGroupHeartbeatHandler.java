package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.core.group.ConsumerCaller;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers ConsumerGroupHeartbeat: members of consumer groups join, live and leave by it (KIP-848). Stateless. */
final class ConsumerGroupHeartbeatHandler implements ApiHandler {
    private static final short FIRST_CLIENT_MADE_ID = 1;

    private final ConsumerProtocol protocol;
    private final GroupCoordinator groups;

    ConsumerGroupHeartbeatHandler(ConsumerProtocol protocol) {
        this.protocol = protocol;
        this.groups = protocol.kernel().groups();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.CONSUMER_GROUP_HEARTBEAT;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        if (!protocol.isInForce()) {
            responder.send(new ConsumerGroupHeartbeatResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
            return;
        }
        ConsumerCaller caller = new ConsumerCaller(
                request.clientId(), "/" + request.connection().remoteHost(), request.version() >= FIRST_CLIENT_MADE_ID);
        Delegated.answer(
                groups.consumerHeartbeat(request.data(ConsumerGroupHeartbeatRequestData.class), caller), responder);
    }
}
