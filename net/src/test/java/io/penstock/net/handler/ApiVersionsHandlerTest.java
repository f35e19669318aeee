package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.netty.buffer.Unpooled;
import io.penstock.net.fixture.ScriptedHandler;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ApiRegistry;
import io.penstock.net.server.ClientSoftware;
import io.penstock.net.server.ConnectionInfo;
import io.penstock.net.server.Feature;
import io.penstock.net.server.FeatureLevels;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.wire.RequestHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.FinalizedFeatureKey;
import org.apache.kafka.common.message.ApiVersionsResponseData.SupportedFeatureKey;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ApiVersionsHandlerTest {
    private final ApiRegistry registry = ApiVersionsHandler.registryOf(
            List.of(ScriptedHandler.manual(ApiKeys.PRODUCE), ScriptedHandler.manual(ApiKeys.INIT_PRODUCER_ID)),
            () -> new FeatureLevels(
                    List.of(
                            Feature.of("metadata.version", 7, 30, 30),
                            Feature.of("group.version", 0, 1, 1),
                            Feature.of("transaction.version", 0, 2, 0)),
                    17));

    private final ConnectionInfo connection = new ConnectionInfo(
            "TEST-1",
            "TEST",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 9092),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000));

    @Test
    void shouldListExactlyWhatIsServed() {
        // when
        ApiVersionsResponseData answer = ask(4, "kcat", "1.7.1");

        // then
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.apiKeys())
                .containsExactly(
                        range(ApiKeys.PRODUCE, 0, 13),
                        range(ApiKeys.API_VERSIONS, 0, 4),
                        range(ApiKeys.INIT_PRODUCER_ID, 0, 5));
        assertThat(registry.isServed(ApiKeys.PRODUCE, (short) 2)).isFalse();
    }

    @Test
    void shouldListFeaturesInForce() {
        // when
        ApiVersionsResponseData answer = ask(4, "kcat", "1.7.1");

        // then
        assertThat(answer.supportedFeatures())
                .extracting(SupportedFeatureKey::name)
                .containsExactly("metadata.version", "group.version", "transaction.version");
        assertThat(answer.finalizedFeatures())
                .extracting(FinalizedFeatureKey::name, FinalizedFeatureKey::maxVersionLevel)
                .containsExactly(tuple("metadata.version", (short) 30), tuple("group.version", (short) 1));
        assertThat(answer.finalizedFeaturesEpoch()).isNotNegative();
    }

    @Test
    void shouldNotShowFeaturesWithLevelZeroToOlderClients() {
        // when
        ApiVersionsResponseData answer = ask(3, "kcat", "1.7.1");

        // then
        assertThat(answer.supportedFeatures())
                .extracting(SupportedFeatureKey::name)
                .containsExactly("metadata.version");
        assertThat(answer.finalizedFeatures()).hasSize(2);
    }

    @Test
    void shouldRememberTheClientsSoftware() {
        // when
        ask(3, "apache-kafka-java", "4.3.1");

        // then
        assertThat(connection.clientSoftware()).isEqualTo(new ClientSoftware("apache-kafka-java", "4.3.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-kcat", "kcat-", "kc at", "kcat\n", "größe", "a_b"})
    void shouldRefuseSoftwareOutsideThePattern(String text) {
        assertThat(ask(3, text, "1").errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(ask(4, "kcat", text).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(connection.clientSoftware()).isEqualTo(ClientSoftware.UNKNOWN);
    }

    @Test
    void shouldNotAskOldClientsForTheirSoftware() {
        assertThat(ask(2, "", "").errorCode()).isZero();
    }

    @Test
    void shouldTellOurRangeToClientsOfTheFuture() {
        // given
        RequestHeader header = new RequestHeader(ApiKeys.API_VERSIONS, (short) 77, 1, "future");

        // when
        ApiVersionsResponseData answer = handle(new KafkaRequest(
                header, (short) 0, new ApiVersionsRequestData(), 10, 0, connection, Unpooled.EMPTY_BUFFER));

        // then
        assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(answer.apiKeys()).containsExactly(range(ApiKeys.API_VERSIONS, 0, 4));
    }

    private ApiVersionsResponseData ask(int version, String softwareName, String softwareVersion) {
        return handle(new KafkaRequest(
                new RequestHeader(ApiKeys.API_VERSIONS, (short) version, 1, "client"),
                (short) version,
                new ApiVersionsRequestData()
                        .setClientSoftwareName(softwareName)
                        .setClientSoftwareVersion(softwareVersion),
                10,
                0,
                connection,
                Unpooled.EMPTY_BUFFER));
    }

    private ApiVersionsResponseData handle(KafkaRequest request) {
        CapturedResponder responder = new CapturedResponder();
        ApiHandler handler = Objects.requireNonNull(registry.handler(ApiKeys.API_VERSIONS));
        handler.handle(request, responder);
        return responder.response(ApiVersionsResponseData.class);
    }

    private static ApiVersion range(ApiKeys api, int min, int max) {
        return new ApiVersion().setApiKey(api.id).setMinVersion((short) min).setMaxVersion((short) max);
    }
}
