package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Claims of Kafka's own integration tests of its Admin client, brought down to one broker with node id 1. */
@ExtendWith(AlarmExtension.class)
class AdminYardstickIT {
    private static final String THROTTLED = "leader.replication.throttled.replicas";

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(TestBroker.Store.MEMORY);
        admin = Clients.admin(broker);
        Clients.createTopic(broker, "grown", 3);
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    static Stream<Arguments> refusedIncreases() {
        String manual = "The manual partition assignment includes ";

        return Stream.of(
                refused(
                        NewPartitions.increaseTo(1),
                        InvalidPartitionsException.class,
                        "The topic grown currently has 3 partition(s); 1 would not be an increase."),
                refused(
                        NewPartitions.increaseTo(-22),
                        InvalidPartitionsException.class,
                        "The topic grown currently has 3 partition(s); -22 would not be an increase."),
                refused(
                        NewPartitions.increaseTo(3),
                        InvalidPartitionsException.class,
                        "Topic already has 3 partition(s)."),
                refused(
                        NewPartitions.increaseTo(3, List.of(List.of(1))),
                        InvalidPartitionsException.class,
                        "Topic already has 3 partition(s)."),
                refused(
                        NewPartitions.increaseTo(6, List.of(List.of(1))),
                        InvalidReplicaAssignmentException.class,
                        "Attempted to add 3 additional partition(s), but only 1 assignment(s) were specified."),
                refused(
                        NewPartitions.increaseTo(4, List.of(List.of(1), List.of(1))),
                        InvalidReplicaAssignmentException.class,
                        "Attempted to add 1 additional partition(s), but only 2 assignment(s) were specified."),
                refused(
                        NewPartitions.increaseTo(4, List.of()),
                        InvalidReplicaAssignmentException.class,
                        "Attempted to add 1 additional partition(s), but only 0 assignment(s) were specified."),
                refused(
                        NewPartitions.increaseTo(4, List.of(List.of(1, 1))),
                        InvalidReplicaAssignmentException.class,
                        manual + "the broker 1 more than once."),
                refused(
                        NewPartitions.increaseTo(4, List.of(List.of(12))),
                        InvalidReplicaAssignmentException.class,
                        manual + "broker 12, but no such broker is registered."));
    }

    private static Arguments refused(NewPartitions increase, Class<? extends Exception> error, String message) {
        return Arguments.of(increase, error, message);
    }

    @ParameterizedTest
    @MethodSource("refusedIncreases")
    void shouldRefuseAnIncreaseOfPartitionsWithKafkasWords(
            NewPartitions increase, Class<? extends Exception> error, String message) {
        for (boolean validateOnly : new boolean[] {true, false}) {
            assertThatThrownBy(() -> await(admin.createPartitions(
                                    Map.of("grown", increase), new CreatePartitionsOptions().validateOnly(validateOnly))
                            .all()))
                    .isInstanceOf(error)
                    .hasMessage(message);
        }
        assertThat(partitionsOf("grown")).isEqualTo(3);
    }

    @Test
    void shouldOnlyValidateAnIncreaseIfAskedTo() {
        Clients.createTopic(broker, "validated", 1);
        await(admin.createPartitions(
                        Map.of("validated", NewPartitions.increaseTo(3)),
                        new CreatePartitionsOptions().validateOnly(true))
                .all());
        assertThat(partitionsOf("validated")).isEqualTo(1);
        assertThatThrownBy(() -> await(admin.createPartitions(Map.of("unknown", NewPartitions.increaseTo(2)))
                        .all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class)
                .hasMessage("This server does not host this topic-partition.");
    }

    @Test
    void shouldTellThatATopicExistsBeforeThatItsReplicationFactorIsTooGreat() {
        Clients.createTopic(broker, "exists", 1);
        assertThatThrownBy(() -> await(admin.createTopics(
                                List.of(new NewTopic("exists", 1, (short) 2)),
                                new CreateTopicsOptions().validateOnly(true))
                        .all()))
                .isInstanceOf(TopicExistsException.class);
    }

    @Test
    void shouldTakeNamesOf249CharactersAndNoMore() {
        var results = admin.createTopics(List.of(
                        new NewTopic("x".repeat(249), 1, (short) 1), new NewTopic("x".repeat(250), 1, (short) 1)))
                .values();
        await(results.get("x".repeat(249)));
        assertThatThrownBy(() -> await(results.get("x".repeat(250)))).isInstanceOf(InvalidTopicException.class);
    }

    @Test
    void shouldRefuseNullAsAValue() {
        Map<String, @Nullable String> withNull = new HashMap<>();
        withNull.put("retention.bytes", null);
        withNull.put("compression.type", "producer");
        assertThatThrownBy(() ->
                        await(admin.createTopics(List.of(new NewTopic("nulls", 1, (short) 1).configs(withNull)))
                                .all()))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("Null value not supported for topic configs: retention.bytes");
        ConfigResource topic = topic("nulls-2");
        assertThatThrownBy(() -> alter(topic, op("retention.bytes", null, OpType.SET)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Null value not supported for : retention.bytes");
    }

    @Test
    void shouldAlterTopicsStepByStep() {
        ConfigResource topic = topic("stepwise");
        alter(
                topic,
                op("flush.ms", "1000", OpType.SET),
                op("cleanup.policy", "compact", OpType.APPEND),
                op("retention.ms", "", OpType.DELETE));
        assertThat(value(topic, "flush.ms")).isEqualTo("1000");
        assertThat(value(topic, "cleanup.policy")).isEqualTo("delete,compact");

        alter(topic, op("cleanup.policy", "compact", OpType.SUBTRACT), op(THROTTLED, "0", OpType.SUBTRACT));
        assertThat(value(topic, "cleanup.policy")).isEqualTo("delete");
        assertThat(value(topic, "flush.ms")).isEqualTo("1000");
        assertThat(value(topic, THROTTLED)).isEmpty();

        await(admin.incrementalAlterConfigs(
                        Map.of(topic, List.of(op("cleanup.policy", "compact", OpType.APPEND))),
                        new AlterConfigsOptions().validateOnly(true))
                .all());
        assertThat(value(topic, "cleanup.policy")).isEqualTo("delete");
    }

    @Test
    void shouldAppendOnceAndSubtractWhatIsThere() {
        ConfigResource topic = topic("throttled");
        alter(topic, op(THROTTLED, "1:1", OpType.SET));
        alter(topic, op(THROTTLED, "1:1", OpType.APPEND));
        alter(topic, op(THROTTLED, "0:2", OpType.SUBTRACT));
        assertThat(value(topic, THROTTLED)).isEqualTo("1:1");
        alter(topic, op(THROTTLED, "0:0", OpType.APPEND));
        assertThat(value(topic, THROTTLED)).isEqualTo("1:1,0:0");
    }

    @Test
    void shouldRefuseWhatMakesNoSenseAndLeaveOtherResourcesAlone() {
        ConfigResource bad = topic("bad");
        ConfigResource good = topic("good");
        var results = admin.incrementalAlterConfigs(Map.of(
                        bad,
                                List.of(
                                        op("min.cleanable.dirty.ratio", "0.75", OpType.SET),
                                        op("min.cleanable.dirty.ratio", "0.65", OpType.SET)),
                        good, List.of(op("min.cleanable.dirty.ratio", "0.9", OpType.SET))))
                .values();
        assertThatThrownBy(() -> await(results.get(bad)))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("Error due to duplicate config keys");
        await(results.get(good));
        assertThat(value(bad, "min.cleanable.dirty.ratio")).isEqualTo("0.5");
        assertThat(value(good, "min.cleanable.dirty.ratio")).isEqualTo("0.9");

        for (OpType type : List.of(OpType.APPEND, OpType.SUBTRACT)) {
            assertThatThrownBy(() -> alter(bad, op("compression.type", "gzip", type)))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessage("Can't " + type + " to key compression.type because its type is not LIST.");
        }
        assertThatThrownBy(() -> alter(bad, op("min.cleanable.dirty.ratio", "1.1", OpType.SET)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("Invalid value 1.1 for configuration min.cleanable.dirty.ratio");
        assertThatThrownBy(() -> alter(bad, op("compression.type", "zip", OpType.SET)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("Invalid value zip for configuration compression.type");
    }

    @Test
    void shouldSetAndForgetSettingsOfTheBroker() {
        ConfigResource self = new ConfigResource(ConfigResource.Type.BROKER, "1");
        alter(self, op("leader.replication.throttled.rate", "123", OpType.SET));
        assertThat(value(self, "leader.replication.throttled.rate")).isEqualTo("123");
        alter(self, op("leader.replication.throttled.rate", "", OpType.DELETE));
        assertThat(value(self, "leader.replication.throttled.rate")).isNull();
    }

    @Test
    void shouldDocumentEverySettingIfAskedTo() {
        ConfigResource topic = topic("documented");
        assertThat(await(
                                admin.describeConfigs(
                                                List.of(topic), new DescribeConfigsOptions().includeDocumentation(true))
                                        .all(),
                                topic)
                        .entries())
                .allSatisfy(entry -> assertThat(entry.documentation()).isNotEmpty());
        assertThat(await(admin.describeConfigs(List.of(topic)).all(), topic).entries())
                .allSatisfy(entry -> assertThat(entry.documentation()).isNull());
    }

    @Test
    void shouldDescribeGroupsThatNobodyHasHeardOf() {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "none_group");
        assertThat(await(admin.describeConfigs(List.of(group)).all(), group).entries())
                .isNotEmpty();
        assertThatThrownBy(() -> alter(group, op("consumer.session.timeout.ms", "5", OpType.SET)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("consumer.session.timeout.ms must be greater than or equal to "
                        + "group.consumer.min.session.timeout.ms");
        assertThat(await(admin.listConfigResources(Set.of(ConfigResource.Type.GROUP), new ListConfigResourcesOptions())
                        .all()))
                .doesNotContain(group);
    }

    private static ConfigResource topic(String name) {
        Clients.createTopic(broker, name, 1);
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private static AlterConfigOp op(String key, @Nullable String value, OpType type) {
        return new AlterConfigOp(new ConfigEntry(key, value), type);
    }

    private static void alter(ConfigResource resource, AlterConfigOp... ops) {
        await(admin.incrementalAlterConfigs(Map.of(resource, new ArrayList<>(Arrays.asList(ops))))
                .all());
    }

    private static @Nullable String value(ConfigResource resource, String key) {
        ConfigEntry entry =
                await(admin.describeConfigs(List.of(resource)).all(), resource).get(key);
        return entry == null ? null : entry.value();
    }

    private static int partitionsOf(String topic) {
        return await(admin.describeTopics(List.of(topic)).allTopicNames(), topic)
                .partitions()
                .size();
    }
}
