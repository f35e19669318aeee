package io.penstock.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.config.source.ServerProperties;
import org.junit.jupiter.api.Test;

/** The configuration files that come with Kafka work as they are. */
class KafkaServerPropertiesTest {

    /** What {@code config/server.properties} of Kafka 4.3 sets. */
    static final String STOCK = """
            # Broker and controller in one
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=localhost:9093
            listeners=PLAINTEXT://:9092,CONTROLLER://:9093
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,\
            SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
            num.network.threads=3
            num.io.threads=8
            socket.send.buffer.bytes=102400
            socket.receive.buffer.bytes=102400
            socket.request.max.bytes=104857600
            log.dirs=/tmp/kraft-combined-logs
            num.partitions=1
            num.recovery.threads.per.data.dir=1
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            log.retention.hours=168
            log.segment.bytes=1073741824
            log.retention.check.interval.ms=300000
            """;

    @Test
    void shouldLoadStockFile() {
        // given
        ServerProperties stock = ServerProperties.parse(STOCK, "server.properties");

        // when
        BrokerConfig config = BrokerConfig.of(stock);

        // then
        assertThat(config.unknownKeys()).isEmpty();
        assertThat(config.nodeId()).isEqualTo(1);
        assertThat(config.listeners()).containsExactly(new Listener("PLAINTEXT", "", 9092));
        assertThat(config.advertised("PLAINTEXT")).contains(new Listener("PLAINTEXT", "localhost", 9092));
        assertThat(config.logDirs()).hasToString("[/tmp/kraft-combined-logs]");
        assertThat(config.keysWithoutEffect())
                .contains("num.io.threads", "inter.broker.listener.name", "controller.quorum.bootstrap.servers")
                .doesNotContain("listeners", "num.partitions");
    }
}
