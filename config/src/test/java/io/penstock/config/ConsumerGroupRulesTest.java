package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.source.ServerProperties;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must hold between the settings of consumer groups: what Kafka requires of them. */
class ConsumerGroupRulesTest {

    private static BrokerConfig of(String settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings.split(" ", -1)) {
            String[] keyAndValue = setting.split("=", 2);
            values.put("group." + keyAndValue[0], keyAndValue[1]);
        }
        return BrokerConfig.of(ServerProperties.of(values));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer.heartbeat.interval.ms=4999",
                "consumer.heartbeat.interval.ms=15001",
                "consumer.session.timeout.ms=44999",
                "consumer.session.timeout.ms=60001",
                "consumer.assignment.interval.ms=15001",
                "consumer.min.assignment.interval.ms=1001",
                "consumer.min.heartbeat.interval.ms=15001",
                "consumer.max.session.timeout.ms=44999",
                "consumer.min.assignment.interval.ms=7 consumer.max.assignment.interval.ms=6",
                "consumer.max.heartbeat.interval.ms=45000 consumer.heartbeat.interval.ms=45000",
                "coordinator.rebalance.protocols=consumer",
                "coordinator.rebalance.protocols=consumer,streams"
            })
    void shouldRefuseWhatContradicts(String settings) {
        assertThatThrownBy(() -> of(settings))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        refused -> assertThat(refused.problems()).hasSize(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "consumer.heartbeat.interval.ms=15000 consumer.session.timeout.ms=60000",
                "consumer.min.heartbeat.interval.ms=100 consumer.heartbeat.interval.ms=100",
                "consumer.min.session.timeout.ms=5001 consumer.session.timeout.ms=5001",
                "consumer.assignment.interval.ms=0",
                "coordinator.rebalance.protocols=Classic",
                "coordinator.rebalance.protocols=consumer,classic"
            })
    void shouldAcceptWhatDoesNot(String settings) {
        assertThat(of(settings).problems()).isEmpty();
    }
}
