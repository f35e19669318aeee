package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static io.penstock.core.metadata.ClusterFixture.withConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.config.LogSettings;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigAlterationTest {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;

    private final ClusterFixture cluster = new ClusterFixture();

    @BeforeEach
    void createTopic() {
        cluster.create(withConfig(newTopic("t"), "retention.ms", "1000"));
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(
                        resource(TOPIC, "missing", set("retention.ms", "1")),
                        Errors.UNKNOWN_TOPIC_OR_PARTITION,
                        "The topic 'missing' does not exist."),
                Arguments.of(
                        resource(TOPIC, "missing", set("retention.ms", "soon")), Errors.INVALID_CONFIG, "retention.ms"),
                Arguments.of(
                        resource(TOPIC, "", set("retention.ms", "1")),
                        Errors.INVALID_REQUEST,
                        "Default topic resources are not allowed."),
                Arguments.of(resource(TOPIC, "a b", set("retention.ms", "1")), Errors.INVALID_TOPIC_EXCEPTION, "a b"),
                Arguments.of(
                        resource(TOPIC, "t", set("no.such", "1")), Errors.INVALID_CONFIG, "Unknown topic config name"),
                Arguments.of(
                        resource(TOPIC, "t", set("retention.ms", null)),
                        Errors.INVALID_REQUEST,
                        "Null value not supported for : retention.ms"),
                Arguments.of(
                        resource(TOPIC, "t", op(OpType.APPEND.id(), "retention.ms", "1")),
                        Errors.INVALID_CONFIG,
                        "Can't APPEND to key retention.ms because its type is not LIST."),
                Arguments.of(
                        resource(TOPIC, "t", op((byte) 9, "retention.ms", "1")),
                        Errors.INVALID_REQUEST,
                        "Unknown operations type 9"),
                Arguments.of(
                        resource(BROKER, "two", set("log.retention.ms", "1")),
                        Errors.INVALID_REQUEST,
                        "Node id must be an integer, but it is: two"),
                Arguments.of(
                        resource(BROKER, "2", set("log.retention.ms", "1")),
                        Errors.INVALID_REQUEST,
                        "Unexpected broker id, expected 1, but received 2"),
                Arguments.of(resource(BROKER, "1", set("node.id", "2")), Errors.INVALID_REQUEST, "node.id"),
                Arguments.of(
                        resource(GROUP, "g", set("x", "1")), Errors.INVALID_CONFIG, "Unknown group config name: x"),
                Arguments.of(
                        resource(GROUP, "", set("consumer.session.timeout.ms", "50000")),
                        Errors.INVALID_REQUEST,
                        "Default group resources are not allowed."),
                Arguments.of(
                        resource(CLIENT_METRICS, "", set("interval.ms", "1000")),
                        Errors.INVALID_REQUEST,
                        "Subscription name can't be empty"),
                Arguments.of(
                        resource(CLIENT_METRICS, "m", set("x", "1")),
                        Errors.INVALID_REQUEST,
                        "Unknown client metrics configuration: x"),
                Arguments.of(
                        resource((byte) 77, "g", set("x", "1")), Errors.INVALID_REQUEST, "Unknown resource type 77"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAsKafkaDoes(AlterConfigsResource resource, Errors error, String message) {
        // given
        MetadataImage before = cluster.image;

        // when
        List<AlterConfigsResourceResponse> responses = alter(false, resource);

        // then
        assertThat(responses).singleElement().satisfies(response -> {
            assertThat(Errors.forCode(response.errorCode())).isEqualTo(error);
            assertThat(response.errorMessage()).contains(message);
            assertThat(response.resourceName()).isEqualTo(resource.resourceName());
        });
        assertThat(cluster.image.offset()).isEqualTo(before.offset());
    }

    @Test
    void shouldSetDeleteAppendAndSubtract() {
        // when
        alter(
                false,
                resource(
                        TOPIC,
                        "t",
                        set("segment.ms", "5000"),
                        op(OpType.DELETE.id(), "retention.ms", null),
                        op(OpType.APPEND.id(), "cleanup.policy", "compact")));

        // then
        assertThat(cluster.topic("t").configs())
                .isEqualTo(Map.of("segment.ms", "5000", "cleanup.policy", "delete,compact"));

        // when
        alter(false, resource(TOPIC, "t", op(OpType.SUBTRACT.id(), "cleanup.policy", "delete")));

        // then
        assertThat(cluster.topic("t").configs()).isEqualTo(Map.of("segment.ms", "5000", "cleanup.policy", "compact"));
    }

    @Test
    void shouldChangeAllOfAResourceOrNothing() {
        // when
        List<AlterConfigsResourceResponse> responses = alter(
                false,
                resource(TOPIC, "t", set("segment.ms", "5000"), set("retention.ms", "soon")),
                resource(BROKER, "", set("log.retention.ms", "7000")));

        // then
        assertThat(responses)
                .extracting(response -> Errors.forCode(response.errorCode()))
                .containsExactly(Errors.INVALID_CONFIG, Errors.NONE);
        assertThat(cluster.topic("t").configs()).isEqualTo(Map.of("retention.ms", "1000"));
        assertThat(cluster.image.brokerConfigs("")).isEqualTo(Map.of("log.retention.ms", "7000"));
    }

    @Test
    void shouldRefuseEveryOccurrenceOfAResourceNamedTwice() {
        // when
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().mustAdd(resource(TOPIC, "t", set("segment.ms", "1")));
        request.resources().mustAdd(resource(TOPIC, "t", set("segment.ms", "2")));
        var response =
                cluster.apply(cluster.controller.incrementalAlterConfigs(cluster.image, cluster.config(), request));

        // then
        assertThat(response.responses())
                .extracting(result -> Errors.forCode(result.errorCode()), AlterConfigsResourceResponse::errorMessage)
                .containsOnly(tuple(Errors.INVALID_REQUEST, "Each resource must appear at most once."))
                .hasSize(2);
    }

    @Test
    void shouldRefuseAKeyNamedTwice() {
        // when
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(TOPIC).setResourceName("t");
        resource.configs().mustAdd(set("segment.ms", "1"));
        resource.configs().mustAdd(op(OpType.DELETE.id(), "segment.ms", null));
        List<AlterConfigsResourceResponse> responses = alter(false, resource);

        // then
        assertThat(responses)
                .singleElement()
                .satisfies(response ->
                        assertThat(response.errorMessage()).isEqualTo("Error due to duplicate config keys"));
    }

    @Test
    void shouldWriteNothingForAValueThatIsSetAlready() {
        // given
        MetadataImage before = cluster.image;

        // when
        alter(false, resource(TOPIC, "t", set("retention.ms", "1000")));

        // then
        assertThat(cluster.image.offset()).isEqualTo(before.offset());
    }

    @Test
    void shouldOnlyPretendWhenAskedToValidate() {
        // when
        List<AlterConfigsResourceResponse> responses = alter(true, resource(TOPIC, "t", set("segment.ms", "5000")));

        // then
        assertThat(responses)
                .extracting(AlterConfigsResourceResponse::errorCode)
                .containsExactly((short) 0);
        assertThat(cluster.topic("t").configs()).isEqualTo(Map.of("retention.ms", "1000"));
    }

    @Test
    void shouldTakeAwayWhatTheOlderRequestDoesNotName() {
        // given
        AlterConfigsRequestData request = new AlterConfigsRequestData();
        AlterConfigsRequestData.AlterConfigsResource resource = new AlterConfigsRequestData.AlterConfigsResource()
                .setResourceType(TOPIC)
                .setResourceName("t");
        resource.configs()
                .add(new AlterConfigsRequestData.AlterableConfig()
                        .setName("segment.ms")
                        .setValue("5000"));
        request.resources().add(resource);

        // when
        AlterConfigsResponseData response =
                cluster.apply(cluster.controller.alterConfigs(cluster.image, cluster.config(), request));

        // then
        assertThat(response.responses())
                .singleElement()
                .satisfies(result -> assertThat(result.errorCode()).isZero());
        assertThat(cluster.topic("t").configs()).isEqualTo(Map.of("segment.ms", "5000"));
    }

    @Test
    void shouldMakeBrokerSettingsCountForLaterDecisions() {
        // given
        alter(false, resource(BROKER, "", set("log.retention.ms", "7000")));
        alter(false, resource(BROKER, "1", set("log.retention.ms", "8000")));

        // then
        assertThat(cluster.image.brokerConfigs("1")).isEqualTo(Map.of("log.retention.ms", "8000"));
        assertThat(cluster.config().get(LogSettings.RETENTION_MS)).isEqualTo(8000);

        // when
        alter(false, resource(BROKER, "1", op(OpType.DELETE.id(), "log.retention.ms", null)));

        // then
        assertThat(cluster.config().get(LogSettings.RETENTION_MS)).isEqualTo(7000);
        assertThat(cluster.image.brokerConfigs("1")).isEmpty();
    }

    @Test
    void shouldKeepTheSettingsOfGroupsAndClientMetricsAndForgetThoseThatHaveNoneLeft() {
        // when
        alter(
                false,
                resource(GROUP, "g", set("consumer.session.timeout.ms", "50000")),
                resource(CLIENT_METRICS, "m", set("metrics", "a.,b."), set("interval.ms", "1000")));

        // then
        assertThat(cluster.image.configs(ConfigScope.GROUP, "g"))
                .isEqualTo(Map.of("consumer.session.timeout.ms", "50000"));
        assertThat(cluster.image.configs(ConfigScope.CLIENT_METRICS, "m"))
                .isEqualTo(Map.of("metrics", "a.,b.", "interval.ms", "1000"));
        assertThat(cluster.image.configuredNames(ConfigScope.GROUP)).containsExactly("g");
        assertThat(cluster.image.configuredNames(ConfigScope.CLIENT_METRICS)).containsExactly("m");

        // when
        alter(false, resource(GROUP, "g", op(OpType.DELETE.id(), "consumer.session.timeout.ms", null)));

        // then
        assertThat(cluster.image.configuredNames(ConfigScope.GROUP)).isEmpty();
    }

    @Test
    void shouldBoundTheNumberOfSubscriptions() {
        // given
        AlterConfigsResource[] most = new AlterConfigsResource[ConfigAlteration.MAX_SUBSCRIPTIONS];
        Arrays.setAll(most, i -> resource(CLIENT_METRICS, "m" + i, set("interval.ms", "1000")));
        alter(false, most);

        // when
        List<AlterConfigsResourceResponse> responses = alter(
                false,
                resource(CLIENT_METRICS, "one more", set("interval.ms", "1000")),
                resource(CLIENT_METRICS, "m0", set("interval.ms", "2000")));

        // then
        assertThat(responses)
                .extracting(response -> Errors.forCode(response.errorCode()))
                .containsExactly(Errors.POLICY_VIOLATION, Errors.NONE);
    }

    private List<AlterConfigsResourceResponse> alter(boolean validateOnly, AlterConfigsResource... resources) {
        IncrementalAlterConfigsRequestData request =
                new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
        for (AlterConfigsResource resource : resources) {
            request.resources().add(resource);
        }
        return cluster.apply(cluster.controller.incrementalAlterConfigs(cluster.image, cluster.config(), request))
                .responses();
    }

    private static AlterConfigsResource resource(byte type, String name, AlterableConfig... configs) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(type).setResourceName(name);
        for (AlterableConfig config : configs) {
            resource.configs().add(config);
        }
        return resource;
    }

    private static AlterableConfig set(String key, @Nullable String value) {
        return op(OpType.SET.id(), key, value);
    }

    private static AlterableConfig op(byte operation, String key, @Nullable String value) {
        return new AlterableConfig().setConfigOperation(operation).setName(key).setValue(value);
    }
}
