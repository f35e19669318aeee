package io.penstock.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.config.dynamic.AlterOutcome.Accepted;
import io.penstock.config.dynamic.AlterOutcome.Reason;
import io.penstock.config.dynamic.AlterOutcome.Refused;
import io.penstock.config.source.ServerProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicAlterationTest {

    private static final BrokerConfig BROKER = BrokerConfig.defaults();

    private static AlterOutcome alter(Map<String, String> current, ConfigOp... ops) {
        return TopicAlteration.alter(current, List.of(ops), BROKER);
    }

    @Test
    void shouldSetAndDeleteAndLeaveTheRest() {
        // given
        Map<String, String> current = Map.of("retention.ms", "1", "segment.ms", "2", "flush.ms", "3");

        // when
        AlterOutcome outcome = alter(current, ConfigOp.set("retention.ms", "9"), ConfigOp.delete("segment.ms"));

        // then
        assertThat(outcome).isEqualTo(new Accepted(Map.of("retention.ms", "9", "flush.ms", "3")));
    }

    @Test
    void shouldAppendToDefaultOfList() {
        // when
        AlterOutcome outcome = alter(Map.of(), ConfigOp.append("cleanup.policy", "compact,delete"));

        // then
        assertThat(outcome).isEqualTo(new Accepted(Map.of("cleanup.policy", "delete,compact")));
    }

    @Test
    void shouldSubtractFromList() {
        // given
        Map<String, String> current = Map.of("cleanup.policy", "compact,delete");

        // when
        AlterOutcome outcome = alter(current, ConfigOp.subtract("cleanup.policy", "delete,compact2"));

        // then
        assertThat(outcome).isEqualTo(new Accepted(Map.of("cleanup.policy", "compact")));
    }

    @ParameterizedTest
    @CsvSource({"APPEND, retention.ms", "SUBTRACT, retention.ms", "APPEND, no.such.key"})
    void shouldRefuseListOperationOnOtherTypes(ConfigOp.Kind kind, String key) {
        // when
        AlterOutcome outcome = alter(Map.of(), new ConfigOp(kind, key, "1"));

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(
                        Reason.INVALID_CONFIG, "Can't " + kind + " to key " + key + " because its type is not LIST."));
    }

    @Test
    void shouldRefuseKeyNamedTwice() {
        // when
        AlterOutcome outcome = alter(Map.of(), ConfigOp.set("retention.ms", "1"), ConfigOp.delete("retention.ms"));

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(Reason.INVALID_REQUEST, "Error due to duplicate config keys: retention.ms"));
    }

    @Test
    void shouldRefuseMissingValue() {
        // when
        AlterOutcome outcome = alter(Map.of(), new ConfigOp(ConfigOp.Kind.SET, "retention.ms", null));

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(Reason.INVALID_REQUEST, "Null value not supported for : retention.ms"));
    }

    @Test
    void shouldRefuseUnknownKeyWithWhatWasMeant() {
        // when
        AlterOutcome outcome = alter(Map.of(), ConfigOp.set("retention.msec", "1"));

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(
                        Reason.INVALID_CONFIG,
                        "Unknown topic config name: retention.msec (did you mean retention.ms?)"));
    }

    @Test
    void shouldForgiveDeletionOfUnknownKey() {
        assertThat(alter(Map.of(), ConfigOp.delete("no.such.key"))).isEqualTo(new Accepted(Map.of()));
    }

    @Test
    void shouldReportEveryBadValue() {
        // when
        AlterOutcome outcome = alter(Map.of(), ConfigOp.set("retention.ms", "-2"), ConfigOp.set("flush.ms", "7d"));

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(
                        Reason.INVALID_CONFIG,
                        "Invalid value 7d for configuration flush.ms: expected a long of at least 0; did you mean"
                                + " 604800000?; Invalid value -2 for configuration retention.ms: expected a long of at"
                                + " least -1"));
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, none",
        "segment.bytes, 100",
        "min.insync.replicas, 0",
        "leader.replication.throttled.replicas, 0:x",
        "follower.replication.throttled.replicas, 0",
        "preallocate, maybe",
        "compression.gzip.level, 0",
        "compression.lz4.level, 18",
        "compression.type, brotli",
        "message.timestamp.type, createtime",
        "max.compaction.lag.ms, 0",
        "local.retention.ms, -3",
        "min.cleanable.dirty.ratio, 1.1",
        "segment.index.bytes, 3",
        "remote.storage.enable, true",
    })
    void shouldRefuseWhatKafkaRefuses(String key, String value) {
        assertThat(alter(Map.of(), ConfigOp.set(key, value)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.INVALID_CONFIG));
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy, 'delete,delete'",
        "cleanup.policy, ''",
        "leader.replication.throttled.replicas, '0:1,1:2'",
        "leader.replication.throttled.replicas, *",
        "retention.bytes, -5",
        "segment.bytes, '  2097152 '",
        "remote.storage.enable, false",
        "local.retention.ms, -2",
        "compression.zstd.level, -7",
    })
    void shouldAcceptWhatKafkaAccepts(String key, String value) {
        assertThat(alter(Map.of(), ConfigOp.set(key, value))).isEqualTo(new Accepted(Map.of(key, value)));
    }

    @Test
    void shouldCompareCompactionLagsAcrossLevels() {
        // given
        BrokerConfig broker = BrokerConfig.of(ServerProperties.of(Map.of("log.cleaner.max.compaction.lag.ms", "10")));

        // when
        AlterOutcome outcome = TopicAlteration.replace(Map.of("min.compaction.lag.ms", "100"), broker);

        // then
        assertThat(outcome)
                .isEqualTo(new Refused(
                        Reason.INVALID_CONFIG,
                        "conflict topic config setting min.compaction.lag.ms (100) > max.compaction.lag.ms (10)"));
    }

    @Test
    void shouldReplaceEverything() {
        assertThat(TopicAlteration.replace(Map.of("retention.ms", "5"), BROKER))
                .isEqualTo(new Accepted(Map.of("retention.ms", "5")));
    }
}
