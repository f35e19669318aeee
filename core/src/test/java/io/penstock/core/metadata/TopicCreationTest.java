package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static io.penstock.core.metadata.ClusterFixture.withConfig;
import static io.penstock.core.metadata.ClusterFixture.withReplicas;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.MutationQuota;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TopicCreationTest {

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(newTopic(""), Errors.INVALID_TOPIC_EXCEPTION, "the empty string is not allowed"),
                refusal(newTopic("."), Errors.INVALID_TOPIC_EXCEPTION, "'.' is not allowed"),
                refusal(newTopic(".."), Errors.INVALID_TOPIC_EXCEPTION, "'..' is not allowed"),
                refusal(newTopic("a b"), Errors.INVALID_TOPIC_EXCEPTION, "characters other than"),
                refusal(newTopic("ä"), Errors.INVALID_TOPIC_EXCEPTION, "characters other than"),
                refusal(
                        newTopic("x".repeat(250)),
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "longer than the max allowed length 249"),
                refusal(newTopic("ex.ist"), Errors.TOPIC_ALREADY_EXISTS, "Topic 'ex.ist' already exists."),
                refusal(
                        newTopic("ex_ist"),
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "Topic 'ex_ist' collides with existing topic: ex.ist"),
                refusal(
                        newTopic("__cluster_metadata"),
                        Errors.INVALID_REQUEST,
                        "Creation of internal topic __cluster_metadata is prohibited."),
                refusal(newTopic("t", 0, 1), Errors.INVALID_PARTITIONS, "invalid non-positive value"),
                refusal(newTopic("t", -2, 1), Errors.INVALID_PARTITIONS, "invalid non-positive value"),
                refusal(newTopic("t", 1, 0), Errors.INVALID_REPLICATION_FACTOR, "must be larger than 0"),
                refusal(newTopic("t", 1, -2), Errors.INVALID_REPLICATION_FACTOR, "must be larger than 0"),
                refusal(
                        newTopic("t", 1, 3),
                        Errors.INVALID_REPLICATION_FACTOR,
                        "Unable to replicate the partition 3 time(s): The target replication factor of 3 cannot be"
                                + " reached because only 2 broker(s) are registered."),
                refusal(newTopic("t", 10_001, 1), Errors.POLICY_VIOLATION, "Excessively large number of partitions"),
                refusal(
                        newTopic("t", Integer.MAX_VALUE, 1),
                        Errors.POLICY_VIOLATION,
                        "Excessively large number of partitions"),
                refusal(
                        withConfig(newTopic("t"), "no.such.key", "1"),
                        Errors.INVALID_CONFIG,
                        "Unknown topic config name: no.such.key"),
                refusal(withConfig(newTopic("t"), "retention.ms", "soon"), Errors.INVALID_CONFIG, "retention.ms"),
                refusal(
                        withConfig(newTopic("t"), "min.compaction.lag.ms", "x".repeat(32_768)),
                        Errors.INVALID_CONFIG,
                        "maximum value size of 32767 bytes"),
                refusal(
                        withReplicas(newTopic("t", 1, -1), 0, 1),
                        Errors.INVALID_REQUEST,
                        "A manual partition assignment was specified, but numPartitions was not set to -1."),
                refusal(
                        withReplicas(newTopic("t", -1, 1), 0, 1),
                        Errors.INVALID_REQUEST,
                        "A manual partition assignment was specified, but replication factor was not set to -1."),
                refusal(
                        withReplicas(withReplicas(newTopic("t"), 0, 1), 0, 2),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "Found multiple manual partition assignments for partition 0"),
                refusal(
                        withReplicas(withReplicas(newTopic("t"), 0, 1), 2, 2),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence"),
                refusal(
                        withReplicas(withReplicas(newTopic("t"), -1, 1), 0, 2),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence"),
                refusal(
                        withReplicas(newTopic("t"), 0),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "The manual partition assignment includes an empty replica list."),
                refusal(
                        withReplicas(newTopic("t"), 0, 1, 1),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "The manual partition assignment includes the broker 1 more than once."),
                refusal(
                        withReplicas(newTopic("t"), 0, 9),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "The manual partition assignment includes broker 9, but no such broker is registered."),
                refusal(
                        withReplicas(withReplicas(newTopic("t"), 0, 1), 1, 1, 2),
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "includes a partition with 2 replica(s), but this is not consistent with previous"));
    }

    private static Arguments refusal(CreatableTopic topic, Errors error, String message) {
        return Arguments.of(topic, error, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAsKafkaDoes(CreatableTopic topic, Errors error, String message) {
        // given
        ClusterFixture cluster = new ClusterFixture().withBrokers(2);
        cluster.create(newTopic("ex.ist"));
        MetadataImage before = cluster.image;

        // when
        CreatableTopicResult result = requireNonNull(cluster.create(topic).get(topic.name()));

        // then
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
        assertThat(result.errorMessage()).contains(message);
        assertThat(result.topicId()).isEqualTo(Uuid.ZERO_UUID);
        assertThat(cluster.image.offset()).isEqualTo(before.offset());
    }

    @Test
    void shouldCreateGoodTopicsBesideBadOnes() {
        // given
        ClusterFixture cluster = new ClusterFixture();

        // when
        Map<String, CreatableTopicResult> results = cluster.create(newTopic("good", 3, 1), newTopic("bad", 0, 1));

        // then
        assertThat(results.get("good"))
                .extracting(CreatableTopicResult::errorCode)
                .isEqualTo((short) 0);
        assertThat(cluster.topic("good").partitions()).hasSize(3);
        assertThat(cluster.image.topic("bad")).isNull();
    }

    @Test
    void shouldRefuseBothOfTwoEntriesWithOneName() {
        // given
        ClusterFixture cluster = new ClusterFixture();
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().mustAdd(newTopic("twice", 1, 1));
        request.topics().mustAdd(newTopic("twice", 2, 1));

        // when
        var response = cluster.apply(
                cluster.controller.createTopics(cluster.image, cluster.config(), request, MutationQuota.UNLIMITED));

        // then
        assertThat(response.topics()).singleElement().satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(result.errorMessage()).isEqualTo("Duplicate topic name.");
        });
        assertThat(cluster.image.topic("twice")).isNull();
    }

    @Test
    void shouldRefuseTheSecondOfTwoCollidingNamesOfOneRequest() {
        // given
        ClusterFixture cluster = new ClusterFixture();

        // when
        Map<String, CreatableTopicResult> results = cluster.create(newTopic("a.b"), newTopic("a_b"));

        // then
        assertThat(results.get("a.b"))
                .extracting(CreatableTopicResult::errorCode)
                .isEqualTo((short) 0);
        assertThat(results.get("a_b"))
                .extracting(result -> Errors.forCode(result.errorCode()))
                .isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldLetACollidingNameComeBackAfterTheOtherIsDeleted() {
        // given
        ClusterFixture cluster = new ClusterFixture();
        cluster.create(newTopic("a.b"));
        cluster.replay(
                List.of(new MetadataRecord.TopicDeleted(cluster.topic("a.b").id())));

        // when
        cluster.create(newTopic("a_b"));

        // then
        assertThat(cluster.image.topic("a_b")).isNotNull();
    }

    @Test
    void shouldRefuseNullConfigurationValuesByName() {
        // given
        ClusterFixture cluster = new ClusterFixture();
        CreatableTopic topic = newTopic("t");
        topic.configs().add(new CreatableTopicConfig().setName("retention.ms").setValue(null));

        // when
        CreatableTopicResult result = requireNonNull(cluster.create(topic).get("t"));

        // then
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(result.errorMessage()).isEqualTo("Null value not supported for topic configs: retention.ms");
    }

    @Test
    void shouldTakeTheBrokersDefaultsForMinusOne() {
        // given
        ClusterFixture cluster =
                new ClusterFixture(Map.of("num.partitions", "5", "default.replication.factor", "2")).withBrokers(2);

        // when
        CreatableTopicResult result =
                requireNonNull(cluster.create(newTopic("t")).get("t"));

        // then
        assertThat(result.numPartitions()).isEqualTo(5);
        assertThat(result.replicationFactor()).isEqualTo((short) 2);
        assertThat(cluster.topic("t").partitions()).hasSize(5);
    }

    @Test
    void shouldSpreadLeadersOverBrokers() {
        // given
        ClusterFixture cluster = new ClusterFixture().withBrokers(2, 3);

        // when
        cluster.create(newTopic("t", 6, 2));

        // then
        List<Integer> leaders = cluster.topic("t").partitions().stream()
                .map(PartitionImage::leader)
                .toList();
        assertThat(leaders).containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
        assertThat(cluster.topic("t").partitions()).allSatisfy(partition -> {
            assertThat(partition.replicas()).hasSize(2).doesNotHaveDuplicates().startsWith(partition.leader());
            assertThat(partition.isr()).isEqualTo(partition.replicas());
            assertThat(partition.leaderEpoch()).isZero();
        });
    }

    @Test
    void shouldNotUseFencedBrokers() {
        // given
        ClusterFixture cluster = new ClusterFixture();
        cluster.replay(List.of(ClusterFixture.broker(2, true)));

        // when
        cluster.create(newTopic("spread", 4, 1), withReplicas(newTopic("manual"), 0, 2, 1));

        // then
        assertThat(cluster.topic("spread").partitions())
                .extracting(PartitionImage::leader)
                .containsOnly(1);
        assertThat(cluster.topic("manual").partitions().get(0).replicas()).containsExactly(2, 1);
        assertThat(cluster.topic("manual").partitions().get(0).isr()).containsExactly(1);
    }

    @Test
    void shouldOnlyPretendWhenAskedToValidate() {
        // given
        ClusterFixture cluster = new ClusterFixture();
        CreateTopicsRequestData request = new CreateTopicsRequestData().setValidateOnly(true);
        request.topics().add(newTopic("t", 3, 1));

        // when
        CreatableTopicResult result = requireNonNull(cluster.create(request).get("t"));

        // then
        assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.NONE);
        assertThat(result.numPartitions()).isEqualTo(3);
        assertThat(cluster.image.topic("t")).isNull();
    }

    @Test
    void shouldTellAllSettingsOfTheNewTopicWithTheirSource() {
        // given
        ClusterFixture cluster = new ClusterFixture(Map.of("log.retention.bytes", "1000000"));

        // when
        CreatableTopicResult result = requireNonNull(cluster.create(withConfig(newTopic("t"), "retention.ms", "60000"))
                .get("t"));

        // then
        Map<String, CreatableTopicConfigs> byName = new HashMap<>();
        result.configs().forEach(config -> byName.put(config.name(), config));
        assertThat(byName).hasSizeGreaterThan(20);
        assertThat(byName.get("retention.ms")).satisfies(config -> {
            assertThat(config.value()).isEqualTo("60000");
            assertThat(config.configSource()).isEqualTo((byte) 1);
        });
        assertThat(byName.get("retention.bytes")).satisfies(config -> {
            assertThat(config.value()).isEqualTo("1000000");
            assertThat(config.configSource()).isEqualTo((byte) 4);
        });
        assertThat(byName.get("cleanup.policy")).satisfies(config -> {
            assertThat(config.value()).isEqualTo("delete");
            assertThat(config.configSource()).isEqualTo((byte) 5);
        });
        assertThat(cluster.topic("t").configs()).containsExactly(Map.entry("retention.ms", "60000"));
    }

    @Test
    void shouldBoundTheConfigurationBytesOfOneRequest() {
        // given
        ClusterFixture cluster = new ClusterFixture();
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        String longList = "delete" + ",delete".repeat(4_000);
        for (int i = 0; i < 200; i++) {
            request.topics().add(withConfig(newTopic("t" + i), "cleanup.policy", longList));
        }

        // when
        Map<String, CreatableTopicResult> results = cluster.create(request);

        // then
        assertThat(results.values())
                .extracting(result -> Errors.forCode(result.errorCode()))
                .containsOnly(Errors.NONE, Errors.POLICY_VIOLATION);
        assertThat(MetadataBatchCodec.encode(cluster.log, 0).remaining()).isLessThan(Decision.MAX_BYTES);
    }

    @Test
    void shouldCreateTenThousandPartitionsInOneRecord() {
        // given
        ClusterFixture cluster = new ClusterFixture();

        // when
        cluster.create(newTopic("wide", 10_000, 1));

        // then
        assertThat(cluster.topic("wide").partitions()).hasSize(10_000);
        assertThat(MetadataBatchCodec.encode(cluster.log, 0).remaining()).isLessThan(100_000);
    }
}
