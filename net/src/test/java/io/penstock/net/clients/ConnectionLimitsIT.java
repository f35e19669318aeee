package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bounds on connections that change while the broker runs. */
@ExtendWith(AlarmExtension.class)
class ConnectionLimitsIT {
    private final TestBroker broker = TestBroker.start(Store.MEMORY, Map.of("quota.window.num", "2"));
    private final List<RawClient> clients = new ArrayList<>();

    @AfterEach
    void stop() throws IOException {
        closeAll();
        broker.close();
    }

    private void closeAll() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        clients.clear();
    }

    @Test
    void shouldFollowTheLimitForAnAddressAndItsExceptions() throws IOException {
        // given: Kafka's admin needs two
        alter("max.connections.per.ip", "2");
        serve(connect());
        serve(connect());
        assertThat(connect().isClosedByServer()).isTrue();
        closeAll();

        // when
        alter("max.connections.per.ip.overrides", "127.0.0.1:3");

        // then
        serve(connect());
        serve(connect());
        serve(connect());
        assertThat(connect().isClosedByServer()).isTrue();
    }

    @Test
    void shouldLetConnectionsWaitForRoomAndServeWhatTheySentMeanwhile() throws IOException {
        // given
        RawClient first = serve(connect());
        alter("max.connections", "1");
        RawClient waiting = connect();
        waiting.send(ApiKeys.API_VERSIONS, 7, new ApiVersionsRequestData());

        // when
        first.close();

        // then
        assertThat(waiting.readCorrelationId()).isEqualTo(7);
    }

    @Test
    void shouldCloseNoMoreConnectionsThanTheLoweredLimitAsksFor() throws IOException {
        // given: on all event loops, beside the one or two of the admin client
        int limit = 6;
        for (int i = 0; i < 8; i++) {
            serve(connect());
        }
        try (Admin admin = Clients.admin(broker)) {
            // when
            alter(admin, "max.connections", String.valueOf(limit));

            // then
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            long servedCount;
            do {
                servedCount =
                        clients.stream().filter(ConnectionLimitsIT::isServed).count();
            } while (servedCount > limit && System.nanoTime() - deadlineNs < 0);
            assertThat(servedCount).isBetween(limit - 2L, (long) limit);
        }
    }

    @Test
    void shouldSlowDownNewConnections() throws IOException {
        // given
        alter("max.connection.creation.rate", "2");

        // when
        long beganNs = System.nanoTime();
        for (int i = 0; i < 7; i++) {
            serve(connect());
        }

        // then: two in one second are free, each of the others takes its time
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs)).isGreaterThan(1_500);
    }

    @Test
    void shouldHoldAndCloseConnectionsBeyondTheQuotaOfTheirAddress() throws IOException {
        // given
        try (Admin admin = Clients.admin(broker)) {
            await(admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                            new ClientQuotaEntity(Map.of("ip", "127.0.0.1")),
                            List.of(new ClientQuotaAlteration.Op("connection_creation_rate", 1.0)))))
                    .all());
        }
        serve(connect());

        // when
        long beganNs = System.nanoTime();
        RawClient tooMany = connect();

        // then
        assertThat(tooMany.isClosedByServer()).isTrue();
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs)).isGreaterThan(200);
    }

    private RawClient connect() throws IOException {
        RawClient client = RawClient.connect(
                Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1)));
        clients.add(client);
        return client;
    }

    private static RawClient serve(RawClient client) throws IOException {
        client.send(ApiKeys.API_VERSIONS, 1, new ApiVersionsRequestData());
        assertThat(client.readCorrelationId()).isEqualTo(1);
        return client;
    }

    private static boolean isServed(RawClient client) {
        try {
            serve(client);
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    private void alter(String key, String value) {
        try (Admin admin = Clients.admin(broker)) {
            alter(admin, key, value);
        }
    }

    private static void alter(Admin admin, String key, String value) {
        await(admin.incrementalAlterConfigs(Map.of(brokers(), List.of(set(key, value))))
                .all());
    }

    private static ConfigResource brokers() {
        return new ConfigResource(ConfigResource.Type.BROKER, "");
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }
}
