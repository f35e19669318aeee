package io.penstock.net.handler.group;

import io.penstock.core.GroupCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers LeaveGroup. Old versions name one member, whose error is the answer's. Stateless. */
final class LeaveGroupHandler implements ApiHandler {
    private static final short FIRST_BATCHED_VERSION = 3;

    private final GroupCoordinator groups;

    LeaveGroupHandler(GroupCoordinator groups) {
        this.groups = groups;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LEAVE_GROUP;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        LeaveGroupRequestData data = request.data(LeaveGroupRequestData.class);
        if (request.version() >= FIRST_BATCHED_VERSION) {
            Delegated.answer(groups.leave(data), responder);
        } else {
            LeaveGroupRequestData batched = new LeaveGroupRequestData()
                    .setGroupId(data.groupId())
                    .setMembers(List.of(new MemberIdentity().setMemberId(data.memberId())));
            Delegated.answer(groups.leave(batched).map(LeaveGroupHandler::single), responder);
        }
    }

    private static LeaveGroupResponseData single(LeaveGroupResponseData answer) {
        boolean isRefused = answer.errorCode() != Errors.NONE.code();
        return new LeaveGroupResponseData()
                .setErrorCode(
                        isRefused ? answer.errorCode() : answer.members().get(0).errorCode());
    }
}
