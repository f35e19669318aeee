package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static io.penstock.core.metadata.ClusterFixture.withConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigDescriptionsTest {
    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;

    private final ClusterFixture cluster = new ClusterFixture(Map.of("log.segment.bytes", "2000000"));

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(TOPIC, "missing", Errors.UNKNOWN_TOPIC_OR_PARTITION, "does not host"),
                Arguments.of(TOPIC, "no good", Errors.INVALID_TOPIC_EXCEPTION, "no good"),
                Arguments.of(GROUP, "", Errors.INVALID_REQUEST, "Group name must not be empty"),
                Arguments.of(
                        CLIENT_METRICS,
                        "",
                        Errors.INVALID_REQUEST,
                        "Client metrics subscription name must not be empty"),
                Arguments.of((byte) 99, "x", Errors.INVALID_REQUEST, "malformed"),
                Arguments.of(BROKER, "x", Errors.INVALID_REQUEST, "Broker id must be an integer, but it is: x"),
                Arguments.of(
                        BROKER,
                        "2",
                        Errors.INVALID_REQUEST,
                        "Unexpected broker id, expected 1 or empty string, but received 2"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAsKafkaDoes(byte type, String name, Errors error, String message) {
        // when
        DescribeConfigsResult result = describe(type, name, null);

        // then
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).contains(message);
        assertThat(result.configs()).isEmpty();
    }

    @Test
    void shouldTellEverySettingOfAGroupWithTheBrokersBehindIt() {
        // given
        cluster.replay(List.of(new ConfigChanged(ConfigScope.GROUP, "g", "consumer.session.timeout.ms", "50000")));

        // when
        List<DescribeConfigsResourceResult> entries = describe(GROUP, "g", null).configs();

        // then
        assertThat(entries).hasSize(17);
        assertThat(entries)
                .filteredOn(entry -> entry.name().equals("consumer.session.timeout.ms"))
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.value()).isEqualTo("50000");
                    assertThat(entry.configSource()).isEqualTo((byte) 8);
                    assertThat(entry.readOnly()).isFalse();
                    assertThat(entry.synonyms())
                            .extracting(synonym -> synonym.name() + "=" + synonym.value() + " " + synonym.source())
                            .containsExactly(
                                    "consumer.session.timeout.ms=50000 8", "group.consumer.session.timeout.ms=45000 5");
                });
    }

    @Test
    void shouldTellTheDefaultsOfASubscriptionWithoutSynonyms() {
        // given
        cluster.replay(List.of(new ConfigChanged(ConfigScope.CLIENT_METRICS, "m", "metrics", "a.,b.")));

        // when
        List<DescribeConfigsResourceResult> entries =
                describe(CLIENT_METRICS, "m", null).configs();

        // then
        assertThat(entries)
                .extracting(entry -> entry.name() + "=" + entry.value() + " " + entry.configSource() + " "
                        + entry.synonyms().size())
                .containsExactlyInAnyOrder("interval.ms=300000 5 0", "match= 5 0", "metrics=a.,b. 7 1");
    }

    @Test
    void shouldTellEverySettingOfATopicWithSourceTypeAndSynonyms() {
        // given
        cluster.create(withConfig(newTopic("t"), "retention.ms", "1000"));

        // when
        List<DescribeConfigsResourceResult> entries = describe(TOPIC, "t", null).configs();

        // then
        assertThat(entries).hasSizeGreaterThan(20);
        assertThat(entry(entries, "retention.ms")).satisfies(entry -> {
            assertThat(entry.value()).isEqualTo("1000");
            assertThat(entry.configSource()).isEqualTo((byte) 1);
            assertThat(entry.configType()).isEqualTo((byte) 5);
            assertThat(entry.readOnly()).isFalse();
            assertThat(entry.synonyms()).hasSizeGreaterThan(1);
            assertThat(entry.synonyms().get(0).name()).isEqualTo("retention.ms");
        });
        assertThat(entry(entries, "segment.bytes")).satisfies(entry -> {
            assertThat(entry.value()).isEqualTo("2000000");
            assertThat(entry.configSource()).isEqualTo((byte) 4);
        });
    }

    @Test
    void shouldTellOnlyTheKeysAskedFor() {
        // given
        cluster.create(newTopic("t"), withConfig(newTopic("u"), "retention.ms", "5"));

        // then
        assertThat(describe(TOPIC, "t", List.of("retention.ms", "no.such")).configs())
                .extracting(DescribeConfigsResourceResult::name)
                .containsExactly("retention.ms");
        assertThat(describe(TOPIC, "u", List.of("retention.ms")).configs())
                .extracting(DescribeConfigsResourceResult::value)
                .containsExactly("5");
    }

    @Test
    void shouldTellBrokerSettingsApartFromTheClustersDefaults() {
        // given
        cluster.replay(List.of(
                new ConfigChanged(ConfigScope.BROKER, "", "log.retention.ms", "7000"),
                new ConfigChanged(ConfigScope.BROKER, "1", "log.retention.ms", "8000")));

        // when
        List<DescribeConfigsResourceResult> own = describe(BROKER, "1", null).configs();
        List<DescribeConfigsResourceResult> defaults =
                describe(BROKER, "", null).configs();

        // then
        assertThat(own).hasSizeGreaterThan(50);
        assertThat(entry(own, "log.retention.ms")).satisfies(entry -> {
            assertThat(entry.value()).isEqualTo("8000");
            assertThat(entry.configSource()).isEqualTo((byte) 2);
        });
        assertThat(entry(own, "node.id").readOnly()).isTrue();
        assertThat(defaults).singleElement().satisfies(entry -> {
            assertThat(entry.value()).isEqualTo("7000");
            assertThat(entry.configSource()).isEqualTo((byte) 3);
        });
    }

    private DescribeConfigsResult describe(byte type, String name, @Nullable List<String> keys) {
        return new ConfigDescriptions(cluster.image, cluster.config(), true, true)
                .describe(new DescribeConfigsResource()
                        .setResourceType(type)
                        .setResourceName(name)
                        .setConfigurationKeys(keys));
    }

    private static DescribeConfigsResourceResult entry(List<DescribeConfigsResourceResult> entries, String key) {
        return entries.stream()
                .filter(entry -> entry.name().equals(key))
                .findFirst()
                .orElseThrow();
    }
}
