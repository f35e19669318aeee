package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.core.MutationQuota;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers DeleteTopics. Stateless. */
final class DeleteTopicsHandler implements ApiHandler {
    /** From here on clients know that a quota can be exceeded. */
    private static final short FIRST_STRICT_VERSION = 5;

    private final ClusterAdmin admin;

    DeleteTopicsHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DeleteTopicsRequestData data = request.data(DeleteTopicsRequestData.class);
        MutationQuota quota = request.quota().mutations(request.version() >= FIRST_STRICT_VERSION);
        Delegated.answer(
                admin.deleteTopics(data, quota).map(response -> inOldWords(response, request.version())), responder);
    }

    private static DeleteTopicsResponseData inOldWords(DeleteTopicsResponseData response, short version) {
        for (DeletableTopicResult result : response.responses()) {
            Errors error = Errors.forCode(result.errorCode());
            result.setErrorCode(ErrorCodes.ofDeleteTopics(error, version).code());
        }
        return response;
    }
}
