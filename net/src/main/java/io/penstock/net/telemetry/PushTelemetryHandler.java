package io.penstock.net.telemetry;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers PushTelemetry. Stateless. */
final class PushTelemetryHandler implements ApiHandler {
    private final ClientTelemetry telemetry;

    PushTelemetryHandler(ClientTelemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.PUSH_TELEMETRY;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        telemetry.push(
                request.data(PushTelemetryRequestData.class),
                request,
                error -> responder.send(new PushTelemetryResponseData().setErrorCode(error.code())));
    }
}
