package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers DeleteTopics, unless the broker's settings forbid deletion. Stateless. */
final class DeleteTopicsHandler implements ApiHandler {
    private static final short FIRST_TOPIC_STATE_VERSION = 6;

    private final ClusterAdmin admin;
    private final boolean enabled;

    DeleteTopicsHandler(ClusterAdmin admin, HandlerSettings settings) {
        this.admin = admin;
        this.enabled = settings.deleteTopics();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DeleteTopicsRequestData data = request.data(DeleteTopicsRequestData.class);
        if (enabled) {
            Delegated.answer(admin.deleteTopics(data), responder);
        } else {
            responder.send(disabled(data, request.version()));
        }
    }

    private static DeleteTopicsResponseData disabled(DeleteTopicsRequestData data, short version) {
        Errors error = ErrorCodes.topicDeletionDisabled(version);
        DeleteTopicsResponseData response = new DeleteTopicsResponseData();
        if (version < FIRST_TOPIC_STATE_VERSION) {
            for (String name : data.topicNames()) {
                response.responses()
                        .mustAdd(new DeletableTopicResult().setName(name).setErrorCode(error.code()));
            }
        } else {
            for (DeleteTopicState topic : data.topics()) {
                response.responses()
                        .mustAdd(new DeletableTopicResult()
                                .setName(topic.name())
                                .setTopicId(topic.topicId())
                                .setErrorCode(error.code()));
            }
        }
        return response;
    }
}
