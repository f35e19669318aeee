package io.penstock.net.telemetry;

import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;

/** Answers GetTelemetrySubscriptions. Stateless. */
final class GetTelemetrySubscriptionsHandler implements ApiHandler {
    /** The best first. */
    private static final List<Byte> COMPRESSION_TYPES = List.of(
            CompressionType.ZSTD.id, CompressionType.LZ4.id, CompressionType.GZIP.id, CompressionType.SNAPPY.id);

    private final ClientTelemetry telemetry;

    GetTelemetrySubscriptionsHandler(ClientTelemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        telemetry.subscribe(
                request.data(GetTelemetrySubscriptionsRequestData.class).clientInstanceId(),
                request,
                answer -> responder.send(response(answer)));
    }

    /** Clients are asked for sums since their start, which need no adding up here; Kafka asks for differences. */
    private GetTelemetrySubscriptionsResponseData response(ClientTelemetry.Answer answer) {
        if (answer.error() != Errors.NONE) {
            return new GetTelemetrySubscriptionsResponseData()
                    .setErrorCode(answer.error().code());
        }
        Subscription subscription = answer.subscription();
        return new GetTelemetrySubscriptionsResponseData()
                .setClientInstanceId(answer.instanceId())
                .setSubscriptionId(subscription.id())
                .setRequestedMetrics(subscription.metrics())
                .setPushIntervalMs(subscription.intervalMs())
                .setAcceptedCompressionTypes(COMPRESSION_TYPES)
                .setTelemetryMaxBytes(telemetry.maxBytes())
                .setDeltaTemporality(false);
    }
}
