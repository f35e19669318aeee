package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.core.group.StreamsCaller;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers StreamsGroupHeartbeat: members of streams groups join, live and leave by it (KIP-1071). Stateless. */
final class StreamsGroupHeartbeatHandler implements ApiHandler {
    private final StreamsProtocol protocol;
    private final GroupCoordinator groups;

    StreamsGroupHeartbeatHandler(StreamsProtocol protocol) {
        this.protocol = protocol;
        this.groups = protocol.kernel().groups();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.STREAMS_GROUP_HEARTBEAT;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        if (!protocol.isInForce()) {
            responder.send(new StreamsGroupHeartbeatResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
            return;
        }
        StreamsCaller caller =
                new StreamsCaller(request.clientId(), "/" + request.connection().remoteHost());
        Delegated.answer(
                groups.streamsHeartbeat(request.data(StreamsGroupHeartbeatRequestData.class), caller), responder);
    }
}
