package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers SyncGroup; the answer may wait for the leader. Stateless. */
final class SyncGroupHandler implements ApiHandler {
    private static final short FIRST_PROTOCOL = 5;

    private final GroupCoordinator groups;

    SyncGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.SYNC_GROUP;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        SyncGroupRequestData data = request.data(SyncGroupRequestData.class);
        boolean hasProtocol = data.protocolType() != null && data.protocolName() != null;
        if (request.version() >= FIRST_PROTOCOL && !hasProtocol) {
            responder.send(new SyncGroupResponseData().setErrorCode(Errors.INCONSISTENT_GROUP_PROTOCOL.code()));
        } else {
            Delegated.answer(groups.sync(data), responder);
        }
    }
}
