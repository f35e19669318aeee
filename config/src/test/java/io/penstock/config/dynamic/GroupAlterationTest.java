package io.penstock.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.BrokerConfig;
import io.penstock.config.GroupConfigSettings;
import io.penstock.config.GroupConfigs;
import io.penstock.config.dynamic.AlterOutcome.Accepted;
import io.penstock.config.dynamic.AlterOutcome.Reason;
import io.penstock.config.dynamic.AlterOutcome.Refused;
import io.penstock.config.source.ServerProperties;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupAlterationTest {
    private static final BrokerConfig BROKER = BrokerConfig.defaults();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "consumer.session.timeout.ms      | 60000",
                "consumer.heartbeat.interval.ms   | 5000",
                "consumer.assignment.interval.ms  | 0",
                "share.auto.offset.reset          | by_duration:PT1H",
                "share.isolation.level            | read_committed",
                "share.record.lock.duration.ms    | 15000",
                "streams.num.standby.replicas     | 2"
            })
    void shouldAcceptWhatTheBrokerAllows(String key, String value) {
        assertThat(GroupAlteration.replace(Map.of(key, value), BROKER)).isEqualTo(new Accepted(Map.of(key, value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nix                              | 1                 | Unknown group config name: nix",
                "consumer.session.timeout.ms      | soon              | consumer.session.timeout.ms",
                "consumer.session.timeout.ms      | 0                 | consumer.session.timeout.ms",
                "consumer.session.timeout.ms      | 44999             | consumer.session.timeout.ms must be greater"
                        + " than or equal to group.consumer.min.session.timeout.ms",
                "consumer.session.timeout.ms      | 60001             | consumer.session.timeout.ms must be less than"
                        + " or equal to group.consumer.max.session.timeout.ms",
                "consumer.heartbeat.interval.ms   | 4999              | consumer.heartbeat.interval.ms must be greater"
                        + " than or equal to group.consumer.min.heartbeat.interval.ms",
                "consumer.assignment.interval.ms  | 15001             | consumer.assignment.interval.ms must be less"
                        + " than or equal to group.consumer.max.assignment.interval.ms",
                "share.auto.offset.reset          | by_duration:-PT1H | share.auto.offset.reset",
                "share.delivery.count.limit       | 11                | share.delivery.count.limit must be less than"
                        + " or equal to group.share.max.delivery.count.limit",
                "streams.num.standby.replicas     | 3                 | streams.num.standby.replicas must be less than"
                        + " or equal to group.streams.max.standby.replicas"
            })
    void shouldRefuseWithKafkasWords(String key, String value, String message) {
        // when
        AlterOutcome outcome = GroupAlteration.replace(Map.of(key, value), BROKER);

        // then
        assertThat(outcome).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.INVALID_CONFIG);
            assertThat(refused.message()).contains(message);
        });
    }

    @Test
    void shouldRefuseASessionThatEndsBeforeTheNextHeartbeat() {
        // given
        BrokerConfig wide = BrokerConfig.of(ServerProperties.of(Map.of(
                "group.consumer.min.session.timeout.ms", "1000", "group.consumer.max.heartbeat.interval.ms", "60000")));

        // when
        AlterOutcome outcome = GroupAlteration.alter(
                Map.of("consumer.session.timeout.ms", "7000"),
                List.of(ConfigOp.set("consumer.heartbeat.interval.ms", "7000")),
                wide);

        // then
        assertThat(outcome)
                .isEqualTo(AlterOutcome.invalidConfig(
                        "consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms"));
    }

    @Test
    void shouldKeepAnAcceptedValueWithinBoundsThatWereNarrowedLater() {
        // given
        BrokerConfig narrow = BrokerConfig.of(ServerProperties.of(Map.of(
                "group.consumer.max.session.timeout.ms", "50000",
                "group.consumer.min.heartbeat.interval.ms", "6000",
                "group.consumer.heartbeat.interval.ms", "6000")));

        // when
        GroupConfigs group = GroupConfigs.of(
                Map.of("consumer.session.timeout.ms", "60000", "consumer.heartbeat.interval.ms", "5000"), narrow);

        // then
        assertThat(group.consumerSessionTimeoutMs()).isEqualTo(50_000);
        assertThat(group.consumerHeartbeatIntervalMs()).isEqualTo(6_000);
        assertThat(group.get(GroupConfigSettings.CONSUMER_SESSION_TIMEOUT_MS)).isEqualTo(60_000);
    }

    @Test
    void shouldTakeFromTheBrokerWhatTheGroupDoesNotSet() {
        // given
        BrokerConfig broker =
                BrokerConfig.of(ServerProperties.of(Map.of("group.consumer.session.timeout.ms", "50000")));

        // when
        GroupConfigs group = GroupConfigs.of(Map.of(), broker);

        // then
        assertThat(group.consumerSessionTimeoutMs()).isEqualTo(50_000);
        assertThat(group.consumerAssignmentIntervalMs()).isEqualTo(1_000);
    }
}
