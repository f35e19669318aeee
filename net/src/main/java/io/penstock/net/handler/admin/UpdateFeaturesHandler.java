package io.penstock.net.handler.admin;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers UpdateFeatures. Stateless. */
final class UpdateFeaturesHandler implements ApiHandler {
    private final ClusterAdmin admin;

    UpdateFeaturesHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.UPDATE_FEATURES;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(admin.updateFeatures(request.data(UpdateFeaturesRequestData.class)), responder);
    }
}
