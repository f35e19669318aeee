package io.penstock.net.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kafka-configs} and {@code kafka-client-metrics}, and what the Admin client sees of the same. */
@ExtendWith(AlarmExtension.class)
class ConfigToolsIT {
    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(TestBroker.Store.MEMORY);
        admin = Clients.admin(broker);
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static Tool configs() {
        return new Tool(broker, "kafka.admin.ConfigCommand");
    }

    private static Tool clientMetrics() {
        return new Tool(broker, "org.apache.kafka.tools.ClientMetricsCommand");
    }

    @Test
    void shouldGiveATopicADeliveryContractThatKafkaDoesNotKnow() {
        new Tool(broker, "org.apache.kafka.tools.TopicCommand").succeed("--create", "--topic", "payments");
        configs()
                .succeed(
                        "--alter",
                        "--topic",
                        "payments",
                        "--add-config",
                        "penstock.delivery=exactly-once,penstock.dedup.header=message-id");

        assertThat(configs().succeed("--describe", "--topic", "payments"))
                .contains("penstock.delivery=exactly-once sensitive=false", "penstock.dedup.header=message-id");
    }

    @Test
    void shouldAlterDescribeAndForgetTheSettingsOfAGroup() {
        assertThat(configs()
                        .succeed(
                                "--alter",
                                "--entity-type",
                                "groups",
                                "--entity-name",
                                "g1",
                                "--add-config",
                                "consumer.heartbeat.interval.ms=6000"))
                .contains("Completed updating config for group g1.");
        assertThat(configs().succeed("--describe", "--entity-type", "groups", "--entity-name", "g1"))
                .contains(
                        "Dynamic configs for group g1 are:",
                        "consumer.heartbeat.interval.ms=6000 sensitive=false synonyms={DYNAMIC_GROUP_CONFIG:"
                                + "consumer.heartbeat.interval.ms=6000, "
                                + "DEFAULT_CONFIG:group.consumer.heartbeat.interval.ms=5000}");
        assertThat(configs().succeed("--describe", "--entity-type", "groups")).contains("group g1");
        assertThat(configs().succeed("--describe", "--all", "--entity-type", "groups", "--entity-name", "unheard-of"))
                .contains("consumer.session.timeout.ms=45000", "share.auto.offset.reset=latest");

        configs().succeed("--alter", "--group", "g1", "--delete-config", "consumer.heartbeat.interval.ms");
        assertThat(configs().succeed("--describe", "--group", "g1")).doesNotContain("6000");
        assertThat(resources(ConfigResource.Type.GROUP)).isEmpty();
    }

    @Test
    void shouldTellMembersOfAGroupWhatIsSetForIt() throws IOException {
        set(new ConfigResource(ConfigResource.Type.GROUP, "g4"), "consumer.heartbeat.interval.ms", "7000");

        int port = Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
        try (RawClient client = RawClient.connect(port)) {
            assertThat(join(client, "g4").heartbeatIntervalMs()).isEqualTo(7000);
            assertThat(join(client, "g5").heartbeatIntervalMs()).isEqualTo(5000);
        }
    }

    /** Joins with a first heartbeat. */
    private static ConsumerGroupHeartbeatResponseData join(RawClient client, String group) throws IOException {
        ConsumerGroupHeartbeatRequestData request = new ConsumerGroupHeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(Uuid.randomUuid().toString())
                .setRebalanceTimeoutMs(10_000)
                .setSubscribedTopicNames(List.of("any"))
                .setTopicPartitions(List.of());
        Clients.await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()); // finds the coordinator
        ConsumerGroupHeartbeatResponseData response = client.send(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, request)
                .read(ApiKeys.CONSUMER_GROUP_HEARTBEAT, ConsumerGroupHeartbeatResponseData.class);
        assertThat(Errors.forCode(response.errorCode())).isEqualTo(Errors.NONE);
        return response;
    }

    @Test
    void shouldRefuseASettingThatNoGroupMayHave() {
        assertThat(configs()
                        .fail(
                                "--alter",
                                "--entity-type",
                                "groups",
                                "--entity-name",
                                "g2",
                                "--add-config",
                                "consumer.session.timeout.ms=1"))
                .contains("consumer.session.timeout.ms must be greater than or equal to");
        assertThatThrownBy(() -> set(new ConfigResource(ConfigResource.Type.GROUP, "g2"), "retention.ms", "1"))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("Unknown group config name: retention.ms");
    }

    @Test
    void shouldAlterAndDescribeClientMetricsWithBothTools() {
        assertThat(clientMetrics()
                        .succeed(
                                "--alter",
                                "--name",
                                "cm1",
                                "--metrics",
                                "org.apache.kafka.producer.,org.apache.kafka.consumer.",
                                "--interval",
                                "30000",
                                "--match",
                                "client_id=app-.*"))
                .contains("Altered client metrics config for cm1.");
        assertThat(clientMetrics().succeed("--list")).contains("cm1");
        assertThat(clientMetrics().succeed("--describe", "--name", "cm1"))
                .contains(
                        "Client metrics configs for cm1 are:",
                        "interval.ms=30000",
                        "match=client_id=app-.*",
                        "metrics=org.apache.kafka.producer.,org.apache.kafka.consumer.");
        assertThat(configs().succeed("--describe", "--entity-type", "client-metrics", "--entity-name", "cm1"))
                .contains("Dynamic configs for client-metric cm1 are:", "interval.ms=30000");
        configs().succeed("--alter", "--client-metrics", "cm1", "--add-config", "interval.ms=40000");
        assertThat(resources(ConfigResource.Type.CLIENT_METRICS)).containsExactly("cm1");
        assertThat(Clients.await(admin.listConfigResources(
                                Set.of(ConfigResource.Type.CLIENT_METRICS), new ListConfigResourcesOptions())
                        .all()))
                .containsExactly(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "cm1"));

        assertThat(clientMetrics().succeed("--delete", "--name", "cm1"))
                .contains("Deleted client metrics config for cm1.");
        assertThat(clientMetrics().succeed("--list")).doesNotContain("cm1");
        assertThat(resources(ConfigResource.Type.CLIENT_METRICS)).isEmpty();
    }

    @Test
    void shouldRefuseASubscriptionThatMakesNoSense() {
        assertThatThrownBy(
                        () -> set(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "cm2"), "interval.ms", "10"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Invalid value 10 for interval.ms, interval must be between 100 and 3600000 (1 hour)");
        assertThatThrownBy(() -> set(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, ""), "interval.ms", "1000"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Subscription name can't be empty");
    }

    @Test
    void shouldListTopicsAndBrokersAsConfigurable() {
        Clients.createTopic(broker, "listed", 1);
        Collection<ConfigResource> all =
                Clients.await(admin.listConfigResources().all());

        assertThat(all)
                .contains(
                        new ConfigResource(ConfigResource.Type.TOPIC, "listed"),
                        new ConfigResource(ConfigResource.Type.BROKER, "1"),
                        new ConfigResource(ConfigResource.Type.BROKER_LOGGER, "1"));
    }

    @Test
    void shouldKeepTheSettingsOfGroupsAndClientMetricsOverARestart() {
        try (TestBroker durable = TestBroker.start(TestBroker.Store.CHRONICLE)) {
            try (Admin before = Clients.admin(durable)) {
                set(
                        before,
                        new ConfigResource(ConfigResource.Type.GROUP, "g3"),
                        "consumer.session.timeout.ms",
                        "50000");
                set(before, new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "cm3"), "interval.ms", "5000");
            }
            durable.restart();
            try (Admin after = Clients.admin(durable)) {
                assertThat(value(
                                after,
                                new ConfigResource(ConfigResource.Type.GROUP, "g3"),
                                "consumer.session.timeout.ms"))
                        .isEqualTo("50000");
                assertThat(value(after, new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "cm3"), "interval.ms"))
                        .isEqualTo("5000");
            }
        }
    }

    private static String value(Admin admin, ConfigResource resource, String key) {
        return Clients.await(admin.describeConfigs(List.of(resource)).all(), resource)
                .get(key)
                .value();
    }

    private static List<String> resources(ConfigResource.Type type) {
        return Clients.await(admin.listConfigResources(Set.of(type), new ListConfigResourcesOptions())
                        .all())
                .stream()
                .map(ConfigResource::name)
                .toList();
    }

    private static void set(ConfigResource resource, String key, String value) {
        set(admin, resource, key, value);
    }

    private static void set(Admin admin, ConfigResource resource, String key, String value) {
        AlterConfigOp op = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        Clients.await(
                admin.incrementalAlterConfigs(Map.of(resource, List.of(op))).all());
    }
}
