package io.penstock.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.ClientAttribute;
import io.penstock.config.ClientMetricsConfigs;
import io.penstock.config.dynamic.AlterOutcome.Accepted;
import io.penstock.config.dynamic.AlterOutcome.Refused;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMetricsAlterationTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "interval.ms | 100",
                "interval.ms | 3600000",
                "metrics     | *",
                "metrics     | ''",
                "metrics     | org.apache.kafka.producer.,org.apache.kafka.consumer.",
                "match       | ''",
                "match       | client_id=app-.*,client_source_port=90[0-9]{2}"
            })
    void shouldAcceptASubscription(String key, String value) {
        assertThat(ClientMetricsAlteration.replace(Map.of(key, value))).isEqualTo(new Accepted(Map.of(key, value)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INVALID_REQUEST | nix         | 1             | Unknown client metrics configuration: nix",
                "INVALID_REQUEST | interval.ms | 99            | Invalid value 99 for interval.ms, interval must be"
                        + " between 100 and 3600000 (1 hour)",
                "INVALID_REQUEST | interval.ms | 3600001       | Invalid value 3600001 for interval.ms, interval must"
                        + " be between 100 and 3600000 (1 hour)",
                "INVALID_CONFIG  | interval.ms | soon          | interval.ms",
                "INVALID_CONFIG  | metrics     | a,,b          | metrics",
                "INVALID_CONFIG  | match       | colour=red    | Illegal client matching pattern: colour=red",
                "INVALID_CONFIG  | match       | client_id     | Illegal client matching pattern: client_id",
                "INVALID_CONFIG  | match       | client_id=(   | Illegal client matching pattern: client_id=(",
                "INVALID_CONFIG  | match       | client_id=a=b | Illegal client matching pattern: client_id=a=b"
            })
    void shouldRefuseWithKafkasWords(AlterOutcome.Reason reason, String key, String value, String message) {
        // when
        AlterOutcome outcome = ClientMetricsAlteration.replace(Map.of(key, value));

        // then
        assertThat(outcome).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.message()).contains(message);
        });
    }

    @Test
    void shouldSetAndDeleteButNotAppend() {
        // given
        Map<String, String> current = Map.of("metrics", "a.", "interval.ms", "5000");

        // when
        AlterOutcome changed = ClientMetricsAlteration.alter(
                current, List.of(ConfigOp.set("metrics", "b."), ConfigOp.delete("interval.ms")));
        AlterOutcome appended = ClientMetricsAlteration.alter(current, List.of(ConfigOp.append("metrics", "b.")));

        // then
        assertThat(changed).isEqualTo(new Accepted(Map.of("metrics", "b.")));
        assertThat(appended)
                .isEqualTo(AlterOutcome.invalidConfig("Can't APPEND to key metrics because its type is not LIST."));
    }

    @Test
    void shouldChooseClientsOfWhichAllNamedAttributesMatch() {
        // given
        ClientMetricsConfigs subscription =
                ClientMetricsConfigs.of(Map.of("match", "client_id=app-.*,client_software_version=4.*"));

        // then
        assertThat(subscription.match().matches(client("app-1", "4.3.1"))).isTrue();
        assertThat(subscription.match().matches(client("my-app-1", "4.3.1")))
                .as("the whole text must match")
                .isFalse();
        assertThat(subscription.match().matches(client("app-1", "3.9.0"))).isFalse();
        assertThat(ClientMetricsConfigs.of(Map.of()).match().matches(client("", "")))
                .isTrue();
    }

    private static Function<ClientAttribute, String> client(String id, String version) {
        return attribute -> switch (attribute) {
            case CLIENT_ID -> id;
            case CLIENT_SOFTWARE_VERSION -> version;
            default -> "other";
        };
    }
}
