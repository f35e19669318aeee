package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.setting.Setting;
import io.penstock.config.source.ServerProperties;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicConfigsTest {

    private static TopicConfigs topic(Map<String, String> overrides) {
        return TopicConfigs.of(overrides, BrokerConfig.defaults());
    }

    @Test
    void shouldHaveKafkasDefaults() {
        // when
        TopicConfigs topic = topic(Map.of());

        // then
        assertThat(topic.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(topic.retentionMs()).isEqualTo(604_800_000L);
        assertThat(topic.retentionBytes()).isEqualTo(-1);
        assertThat(topic.segmentBytes()).isEqualTo(1_073_741_824);
        assertThat(topic.segmentMs()).isEqualTo(604_800_000L);
        assertThat(topic.flushMessages()).isEqualTo(Long.MAX_VALUE);
        assertThat(topic.flushMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(topic.minInsyncReplicas()).isEqualTo(1);
        assertThat(topic.timestampType()).isEqualTo(TimestampType.CREATE_TIME);
        assertThat(topic.timestampBeforeMaxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(topic.timestampAfterMaxMs()).isEqualTo(3_600_000L);
        assertThat(topic.compressionCodec()).isEqualTo(CompressionCodec.PRODUCER);
        assertThat(topic.cleanupPolicies()).containsExactly(CleanupPolicy.DELETE);
    }

    @Test
    void shouldAgreeWithBrokerOnDefaults() {
        for (Setting<?> setting : TopicSettings.CATALOGUE.all()) {
            Object own = setting.defaultValue();
            if (own != null) {
                assertThat(BrokerConfig.defaults().layersOfTopic(Map.of()).ofTopic(setting))
                        .as(setting.key())
                        .first()
                        .extracting(Layers.Candidate::value)
                        .isEqualTo(own);
            }
        }
    }

    @Test
    void shouldPreferTopicOverBrokerAndDynamicOverStatic() {
        // given
        BrokerConfig broker = BrokerConfig.of(ServerProperties.of(
                        Map.of("log.retention.hours", "1", "log.roll.hours", "2", "message.max.bytes", "3")))
                .withDynamic(Map.of("log.roll.ms", "4"), Map.of());

        // when
        TopicConfigs topic = TopicConfigs.of(Map.of("max.message.bytes", "5"), broker);

        // then
        assertThat(topic.retentionMs()).isEqualTo(3_600_000L);
        assertThat(topic.segmentMs()).isEqualTo(4L);
        assertThat(topic.maxMessageBytes()).isEqualTo(5);
    }

    @Test
    void shouldTakeFlushFromSchedulerInterval() {
        // given
        BrokerConfig broker = BrokerConfig.of(ServerProperties.of(Map.of("log.flush.scheduler.interval.ms", "2000")));

        // when, then
        assertThat(TopicConfigs.of(Map.of(), broker).flushMs()).isEqualTo(2000L);
    }

    @ParameterizedTest
    @CsvSource({
        "gzip, GZIP, ",
        "lz4, LZ4, 9",
        "zstd, ZSTD, 3",
        "snappy, SNAPPY, ",
        "uncompressed, UNCOMPRESSED, ",
    })
    void shouldKnowDefaultLevelOfCodec(String text, CompressionCodec codec, Integer level) {
        // when
        TopicConfigs topic = topic(Map.of("compression.type", text));

        // then
        assertThat(topic.compressionCodec()).isEqualTo(codec);
        assertThat(topic.compressionLevel().orElse(null)).isEqualTo(level);
    }

    @Test
    void shouldTakeLevelOfItsOwnCodecOnly() {
        // when
        TopicConfigs topic = topic(
                Map.of("compression.type", "gzip", "compression.gzip.level", "6", "compression.zstd.level", "12"));

        // then
        assertThat(topic.compressionLevel()).contains(6);
    }

    @ParameterizedTest
    @CsvSource({"'delete', true, false", "'compact', false, true", "'compact,delete', true, true", "'', false, false"})
    void shouldReadCleanupPolicies(String text, boolean deletes, boolean compacts) {
        // when
        TopicConfigs topic = topic(Map.of("cleanup.policy", text));

        // then
        assertThat(topic.hasDeletePolicy()).isEqualTo(deletes);
        assertThat(topic.hasCompactPolicy()).isEqualTo(compacts);
    }

    @Test
    void shouldAllowTinySegmentsByInternalKey() {
        assertThat(topic(Map.of("internal.segment.bytes", "1000")).segmentBytes())
                .isEqualTo(1000);
    }

    @Test
    void shouldNotLetJitterExceedSegmentAge() {
        assertThat(topic(Map.of("segment.ms", "100", "segment.jitter.ms", "500"))
                        .segmentJitterMs())
                .isEqualTo(100);
    }

    @Test
    void shouldPassOverValueThatBreaksRule() {
        assertThat(topic(Map.of("max.message.bytes", "-5", "no.such.key", "1"))).isEqualTo(topic(Map.of()));
    }

    @Test
    void shouldTellChangeFromRepetition() {
        assertThat(topic(Map.of("retention.ms", "604800000"))).isEqualTo(topic(Map.of()));
        assertThat(topic(Map.of("retention.ms", "604800001"))).isNotEqualTo(topic(Map.of()));
    }
}
