package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.producer;
import static io.penstock.net.clients.Clients.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@EnumSource(TestBroker.Store.class)
class AdminIT {
    private final TestBroker.Store store;

    private TestBroker broker;
    private Admin admin;

    AdminIT(TestBroker.Store store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(store);
        admin = Clients.admin(broker);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private TopicDescription describe(String topic) {
        return await(admin.describeTopics(List.of(topic)).topicNameValues().get(topic));
    }

    private static ConfigResource topicResource(String name) {
        return new ConfigResource(ConfigResource.Type.TOPIC, name);
    }

    private ConfigEntry topicConfig(String topic, String key) {
        Config config = await(
                admin.describeConfigs(List.of(topicResource(topic))).values().get(topicResource(topic)));
        return config.get(key);
    }

    private void alter(String topic, String key, String value, AlterConfigOp.OpType type) {
        Map<ConfigResource, Collection<AlterConfigOp>> change =
                Map.of(topicResource(topic), List.of(new AlterConfigOp(new ConfigEntry(key, value), type)));
        await(admin.incrementalAlterConfigs(change).all());
    }

    @Test
    void shouldDescribeTheCluster() {
        // when
        DescribeClusterResult cluster =
                admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true));

        // then
        Node node = await(cluster.nodes()).iterator().next();
        assertThat("localhost:" + node.port()).isEqualTo(broker.address());
        assertThat(await(cluster.controller()).id()).isEqualTo(node.id());
        assertThat(await(cluster.clusterId())).hasSize(22);
        assertThat(await(cluster.authorizedOperations())).contains(AclOperation.ALTER_CONFIGS);
    }

    @Test
    void shouldCreateDescribeListAndDeleteTopics() {
        // when
        CreateTopicsResult created =
                admin.createTopics(List.of(new NewTopic("t", 3, (short) 1).configs(Map.of("retention.ms", "1000"))));

        // then
        assertThat(await(created.numPartitions("t"))).isEqualTo(3);
        assertThat(await(created.replicationFactor("t"))).isEqualTo(1);
        assertThat(await(created.config("t")).get("retention.ms").value()).isEqualTo("1000");
        TopicDescription description = describe("t");
        assertThat(description.topicId()).isEqualTo(await(created.topicId("t")));
        assertThat(description.partitions()).hasSize(3);
        assertThat(description.partitions().get(2).leader().id()).isEqualTo(1);
        assertThat(await(admin.listTopics().names())).containsExactly("t");

        // when
        await(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(description.topicId())))
                .all());

        // then
        assertThat(await(admin.listTopics().names())).isEmpty();
        assertThatThrownBy(() -> describe("t")).isInstanceOf(UnknownTopicOrPartitionException.class);
    }

    @Test
    void shouldCreateTopicsWithTheBrokersDefaults() {
        // when
        await(admin.createTopics(List.of(new NewTopic("t", Optional.empty(), Optional.empty())))
                .all());

        // then
        assertThat(describe("t").partitions()).hasSize(1);
    }

    @Test
    void shouldOnlyValidateWhenAskedTo() {
        // when
        await(admin.createTopics(List.of(new NewTopic("t", 1, (short) 1)), new CreateTopicsOptions().validateOnly(true))
                .all());

        // then
        assertThat(await(admin.listTopics().names())).isEmpty();
    }

    @Test
    void shouldRefuseBadTopics() {
        createTopic(broker, "t", 1);
        assertThatThrownBy(() -> create(new NewTopic("t", 1, (short) 1))).isInstanceOf(TopicExistsException.class);
        assertThatThrownBy(() -> create(new NewTopic("a b", 1, (short) 1))).isInstanceOf(InvalidTopicException.class);
        assertThatThrownBy(() -> create(new NewTopic("u", 0, (short) 1)))
                .isInstanceOf(InvalidPartitionsException.class);
        assertThatThrownBy(() -> create(new NewTopic("u", 1, (short) 2)))
                .isInstanceOf(InvalidReplicationFactorException.class);
        assertThatThrownBy(() -> create(new NewTopic("u", 1, (short) 1).configs(Map.of("retention.ms", "soon"))))
                .isInstanceOf(InvalidConfigurationException.class);
    }

    private void create(NewTopic topic) {
        await(admin.createTopics(List.of(topic)).all());
    }

    @Test
    void shouldTellUnknownTopicsWhenDeleting() {
        assertThatThrownBy(() -> await(admin.deleteTopics(List.of("absent")).all()))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        assertThatThrownBy(() -> await(admin.deleteTopics(TopicCollection.ofTopicIds(List.of(Uuid.randomUuid())))
                        .all()))
                .isInstanceOf(UnknownTopicIdException.class);
    }

    @Test
    void shouldDescribeTopicsByIdAndWithOperations() {
        // given
        createTopic(broker, "t", 1);
        Uuid id = describe("t").topicId();

        // when
        TopicDescription byId = await(admin.describeTopics(TopicCollection.ofTopicIds(List.of(id)))
                .topicIdValues()
                .get(id));
        TopicDescription withOperations =
                await(admin.describeTopics(List.of("t"), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                        .topicNameValues()
                        .get("t"));

        // then
        assertThat(byId.name()).isEqualTo("t");
        assertThat(withOperations.authorizedOperations()).contains(AclOperation.WRITE, AclOperation.DELETE);
    }

    @Test
    void shouldDescribeMoreTopicsThanFitOnAPage() {
        // given
        List<NewTopic> topics = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            topics.add(new NewTopic("t" + i, 3, (short) 1));
            names.add("t" + i);
        }
        await(admin.createTopics(topics).all());

        // when
        Map<String, TopicDescription> described =
                await(admin.describeTopics(names, new DescribeTopicsOptions().partitionSizeLimitPerResponse(7))
                        .allTopicNames());

        // then
        assertThat(described).hasSize(30);
        assertThat(described.values())
                .allSatisfy(topic -> assertThat(topic.partitions()).hasSize(3));
    }

    @Test
    void shouldAddPartitionsThatCanBeWrittenAtOnce() {
        // given
        createTopic(broker, "t", 1);

        // when
        await(admin.createPartitions(Map.of("t", NewPartitions.increaseTo(4))).all());

        // then
        assertThat(describe("t").partitions()).hasSize(4);
        try (KafkaProducer<String, String> producer = producer(broker)) {
            assertThat(await(producer.send(new ProducerRecord<>("t", 3, null, "a")))
                            .partition())
                    .isEqualTo(3);
        }
        assertThatThrownBy(() -> await(admin.createPartitions(Map.of("t", NewPartitions.increaseTo(2)))
                        .all()))
                .isInstanceOf(InvalidPartitionsException.class);
    }

    @Test
    void shouldDescribeEveryConfigurationOfATopic() {
        // given
        createTopic(broker, "t", 1);

        // then
        ConfigEntry cleanup = topicConfig("t", "cleanup.policy");
        assertThat(cleanup.value()).isEqualTo("delete");
        assertThat(cleanup.source()).isEqualTo(ConfigEntry.ConfigSource.DEFAULT_CONFIG);
        assertThat(cleanup.type()).isEqualTo(ConfigEntry.ConfigType.LIST);
        assertThat(topicConfig("t", "max.message.bytes").value()).isEqualTo("1048588");
        assertThat(topicConfig("t", "min.insync.replicas").value()).isEqualTo("1");
    }

    @Test
    void shouldSetAndDeleteAConfiguration() {
        // given
        createTopic(broker, "t", 1);

        // when
        alter("t", "retention.ms", "5000", AlterConfigOp.OpType.SET);
        ConfigEntry set = topicConfig("t", "retention.ms");
        alter("t", "retention.ms", "", AlterConfigOp.OpType.DELETE);
        ConfigEntry deleted = topicConfig("t", "retention.ms");

        // then
        assertThat(set.value()).isEqualTo("5000");
        assertThat(set.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG);
        assertThat(deleted.value()).isEqualTo("604800000");
    }

    @Test
    void shouldAppendToAndSubtractFromAList() {
        // given
        createTopic(broker, "t", 1);

        // when
        alter("t", "cleanup.policy", "compact", AlterConfigOp.OpType.APPEND);
        String both = topicConfig("t", "cleanup.policy").value();
        alter("t", "cleanup.policy", "delete", AlterConfigOp.OpType.SUBTRACT);

        // then
        assertThat(both).isEqualTo("delete,compact");
        assertThat(topicConfig("t", "cleanup.policy").value()).isEqualTo("compact");
    }

    @Test
    void shouldApplyAChangedConfigurationToWrites() {
        // given
        createTopic(broker, "t", 1);
        alter("t", "max.message.bytes", "500", AlterConfigOp.OpType.SET);

        // then
        try (KafkaProducer<String, String> producer = producer(broker)) {
            assertThatThrownBy(() -> send(producer, "t", "x".repeat(1000))).isInstanceOf(RecordTooLargeException.class);
        }
    }

    @Test
    void shouldDescribeAndAlterTheBroker() {
        // given
        ConfigResource one = new ConfigResource(ConfigResource.Type.BROKER, "1");
        Map<ConfigResource, Collection<AlterConfigOp>> change = Map.of(
                one,
                List.of(new AlterConfigOp(new ConfigEntry("log.retention.ms", "777000"), AlterConfigOp.OpType.SET)));

        // when
        await(admin.incrementalAlterConfigs(change).all());

        // then
        ConfigEntry entry =
                await(admin.describeConfigs(List.of(one)).values().get(one)).get("log.retention.ms");
        assertThat(entry.value()).isEqualTo("777000");
        assertThat(entry.source()).isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG);
    }

    @Test
    void shouldDescribeLogDirs() {
        // given
        createTopic(broker, "t", 2);
        try (KafkaProducer<String, String> producer = producer(broker)) {
            await(producer.send(new ProducerRecord<>("t", 1, null, "x".repeat(500))));
        }

        // when
        Map<String, LogDirDescription> directories =
                await(admin.describeLogDirs(List.of(1)).descriptions().get(1));

        // then
        assertThat(directories).hasSize(1);
        LogDirDescription directory = directories.values().iterator().next();
        assertThat(directory.error()).isNull();
        assertThat(directory.replicaInfos()).containsOnlyKeys(new TopicPartition("t", 0), new TopicPartition("t", 1));
        assertThat(sizeOf("t", 0, directory)).isZero();
        assertThat(sizeOf("t", 1, directory)).isBetween(500L, 700L);
    }

    private static long sizeOf(String topic, int partition, LogDirDescription directory) {
        return Objects.requireNonNull(directory.replicaInfos().get(new TopicPartition(topic, partition)))
                .size();
    }
}
