package io.penstock.net.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients push their metrics (KIP-714), and {@code /metrics} shows them. */
@ExtendWith(AlarmExtension.class)
class ClientTelemetryIT {
    private static final long DEADLINE_S = 30;
    private static final long PAUSE_MS = 100;

    private static TestBroker broker;
    private static HttpClient http;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(TestBroker.Store.MEMORY, Map.of("http.port", "0"));
        http = HttpClient.newHttpClient();
        subscribe("metrics", "org.apache.kafka.producer.");
        subscribe("interval.ms", "100");
        subscribe("match", "client_id=watched-.*");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldShowWhatAJavaProducerPushes() throws Exception {
        Clients.createTopic(broker, "t", 1);
        String page = "";
        try (KafkaProducer<String, String> watched = Clients.producer(broker, "client.id", "watched-1");
                KafkaProducer<String, String> other = Clients.producer(broker, "client.id", "other-1")) {
            Uuid instanceId = watched.clientInstanceId(Duration.ofSeconds(DEADLINE_S));
            other.clientInstanceId(Duration.ofSeconds(DEADLINE_S));
            for (long left = DEADLINE_S * 1000 / PAUSE_MS; left > 0 && !page.contains("watched-1"); left--) {
                Clients.send(watched, "t", "a");
                Thread.sleep(PAUSE_MS); // the client's interval runs on its own clock
                page = metrics();
            }

            assertThat(page.lines())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("penstock_client_metric{")
                            .contains(
                                    "client_id=\"watched-1\"",
                                    "client_instance_id=\"" + instanceId + "\"",
                                    "metric=\"org.apache.kafka.producer."))
                    .anySatisfy(line -> assertThat(line).matches("penstock_client_telemetry_pushes_total [1-9].*"));
            assertThat(page)
                    .contains("client_software_name=\"apache-kafka-java\"")
                    .doesNotContain("other-1");
        }
    }

    @Test
    void shouldTellASubscriptionAndRefuseWhatDoesNotFitIt() throws IOException {
        try (RawClient client = RawClient.connect(port())) {
            GetTelemetrySubscriptionsResponseData told = ask(client, Uuid.ZERO_UUID);
            assertThat(told.errorCode()).isZero();
            assertThat(told.clientInstanceId()).isNotEqualTo(Uuid.ZERO_UUID);
            assertThat(told.requestedMetrics())
                    .as("no subscription means this client")
                    .isEmpty();
            assertThat(told.pushIntervalMs()).isEqualTo(300_000);
            assertThat(told.telemetryMaxBytes()).isEqualTo(1 << 20);
            assertThat(told.acceptedCompressionTypes()).containsExactly((byte) 4, (byte) 3, (byte) 1, (byte) 2);
            assertThat(Errors.forCode(ask(client, told.clientInstanceId()).errorCode()))
                    .isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);

            assertThat(push(client, new PushTelemetryRequestData())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(push(client, to(told))).isEqualTo(Errors.NONE);
            assertThat(push(client, to(told))).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
            assertThat(push(client, to(ask(client, Uuid.ZERO_UUID)).setCompressionType((byte) 9)))
                    .isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
            assertThat(push(client, to(ask(client, Uuid.ZERO_UUID)).setSubscriptionId(1)))
                    .isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);
            assertThat(push(client, to(ask(client, Uuid.ZERO_UUID)).setMetrics(ByteBuffer.allocate((1 << 20) + 1))))
                    .isEqualTo(Errors.TELEMETRY_TOO_LARGE);
            assertThat(push(client, to(ask(client, Uuid.ZERO_UUID)).setMetrics(ByteBuffer.wrap(new byte[] {1, 2, 3}))))
                    .isEqualTo(Errors.INVALID_RECORD);

            GetTelemetrySubscriptionsResponseData last = ask(client, Uuid.ZERO_UUID);
            assertThat(push(client, to(last).setTerminating(true))).isEqualTo(Errors.NONE);
            assertThat(push(client, to(last).setTerminating(true))).isEqualTo(Errors.INVALID_REQUEST);
        }
    }

    private static PushTelemetryRequestData to(GetTelemetrySubscriptionsResponseData told) {
        return new PushTelemetryRequestData()
                .setClientInstanceId(told.clientInstanceId())
                .setSubscriptionId(told.subscriptionId());
    }

    private static GetTelemetrySubscriptionsResponseData ask(RawClient client, Uuid id) throws IOException {
        return client.send(
                        ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                        1,
                        new GetTelemetrySubscriptionsRequestData().setClientInstanceId(id))
                .read(ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS, GetTelemetrySubscriptionsResponseData.class);
    }

    private static Errors push(RawClient client, PushTelemetryRequestData push) throws IOException {
        return Errors.forCode(client.send(ApiKeys.PUSH_TELEMETRY, 1, push)
                .read(ApiKeys.PUSH_TELEMETRY, PushTelemetryResponseData.class)
                .errorCode());
    }

    private static void subscribe(String key, String value) {
        try (Admin admin = Clients.admin(broker)) {
            Clients.await(admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "watch"),
                            List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                    .all());
        }
    }

    private static int port() {
        return Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
    }

    private static String metrics() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + broker.httpAddress() + "/metrics"))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
