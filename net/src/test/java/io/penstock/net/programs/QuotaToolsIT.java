package io.penstock.net.programs;

import static io.penstock.net.programs.CommandLine.NO_INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Client quotas through {@code kafka-configs} of Apache Kafka 4.3.1, unchanged. */
class QuotaToolsIT {
    private final TestBroker broker = TestBroker.start(Store.MEMORY);

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldSetDescribeAndTakeAwayQuotas() {
        // given
        String limits = "producer_byte_rate=1024,request_percentage=25.5";
        configs("--alter", "--entity-type", "clients", "--entity-name", "app", "--add-config", limits);
        configs("--alter", "--entity-type", "users", "--entity-default", "--add-config", "consumer_byte_rate=2048");
        configs(
                "--alter",
                "--entity-type",
                "ips",
                "--entity-name",
                "10.0.0.1",
                "--add-config",
                "connection_creation_rate=7");

        // then
        assertThat(configs("--describe", "--entity-type", "clients", "--entity-name", "app"))
                .contains("client-id 'app'", "producer_byte_rate=1024.0", "request_percentage=25.5");
        assertThat(configs("--describe", "--entity-type", "users"))
                .contains("default user-principal", "consumer_byte_rate=2048.0");
        assertThat(configs("--describe", "--entity-type", "ips")).contains("10.0.0.1", "connection_creation_rate=7.0");

        // and
        configs("--alter", "--entity-type", "clients", "--entity-name", "app", "--delete-config", "producer_byte_rate");
        assertThat(configs("--describe", "--entity-type", "clients", "--entity-name", "app"))
                .contains("request_percentage=25.5")
                .doesNotContain("producer_byte_rate");
    }

    private String configs(String... arguments) {
        return KafkaTool.succeed(broker.address(), "kafka.admin.ConfigCommand", NO_INPUT, arguments)
                .output();
    }
}
