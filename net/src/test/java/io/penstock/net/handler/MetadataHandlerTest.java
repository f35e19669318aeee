package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.BrokerImage.HostPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class MetadataHandlerTest {
    private static final int LATEST = 13;

    private final FakeKernel kernel = new FakeKernel();
    private HandlerSettings settings = HandlerSettings.DEFAULT;

    private MetadataResponseData ask(MetadataRequestData data, int version) {
        CapturedResponder responder = new CapturedResponder();
        new MetadataHandler(kernel, settings, () -> 0).handle(Requests.of(data, version), responder);
        return responder.response(MetadataResponseData.class, version);
    }

    private static MetadataRequestData named(String... names) {
        List<MetadataRequestTopic> topics = new ArrayList<>();
        for (String name : names) {
            topics.add(new MetadataRequestTopic().setName(name));
        }
        return new MetadataRequestData().setTopics(topics);
    }

    private static MetadataRequestData withId(Uuid id) {
        return new MetadataRequestData()
                .setTopics(List.of(new MetadataRequestTopic().setName(null).setTopicId(id)));
    }

    private static MetadataResponseTopic only(MetadataResponseData response) {
        assertThat(response.topics()).hasSize(1);
        return response.topics().iterator().next();
    }

    private static Errors errorOf(MetadataResponseData response) {
        return Errors.forCode(only(response).errorCode());
    }

    @Test
    void shouldDescribeATopicInEveryVersion() {
        kernel.cluster.addTopic("t", 2);
        for (int version = 0; version <= LATEST; version++) {
            // when
            MetadataResponseTopic topic = only(ask(named("t"), version));

            // then
            assertThat(topic.errorCode()).isZero();
            assertThat(topic.name()).isEqualTo("t");
            assertThat(topic.topicId()).isEqualTo(kernel.cluster.topic("t").id());
            assertThat(topic.partitions())
                    .extracting(MetadataResponsePartition::partitionIndex)
                    .containsExactly(0, 1);
            MetadataResponsePartition partition = topic.partitions().get(0);
            assertThat(partition.leaderId()).isEqualTo(1);
            assertThat(partition.leaderEpoch()).isZero();
            assertThat(partition.replicaNodes()).containsExactly(1);
            assertThat(partition.isrNodes()).containsExactly(1);
            assertThat(partition.offlineReplicas()).isEmpty();
        }
    }

    @Test
    void shouldTellTheAddressThatTheClientReached() {
        // when
        MetadataResponseData response = ask(named(), LATEST);

        // then
        MetadataResponseBroker broker = response.brokers().find(1);
        assertThat(broker.host()).isEqualTo("127.0.0.1");
        assertThat(broker.port()).isEqualTo(19092);
        assertThat(response.controllerId()).isEqualTo(1);
        assertThat(response.clusterId()).isEqualTo(FakeCluster.CLUSTER_ID);
    }

    @Test
    void shouldTellTheAdvertisedAddressOfTheListener() {
        // given
        kernel.cluster.register(
                1, false, "rack-a", Map.of("PLAINTEXT", new HostPort("me", 9), "OTHER", new HostPort("no", 8)));

        // when
        MetadataResponseBroker broker = ask(named(), LATEST).brokers().find(1);

        // then
        assertThat(broker.host()).isEqualTo("me");
        assertThat(broker.port()).isEqualTo(9);
        assertThat(broker.rack()).isEqualTo("rack-a");
    }

    @Test
    void shouldTellTheReachedAddressForAListenerThatIsNotAdvertised() {
        // given
        kernel.cluster.register(1, false, null, Map.of("OTHER", new HostPort("no", 8)));

        // when
        MetadataResponseBroker broker = ask(named(), LATEST).brokers().find(1);

        // then
        assertThat(broker.host()).isEqualTo("127.0.0.1");
    }

    @Test
    void shouldLeaveOutBrokersThatAreFencedOrNotOnTheListener() {
        // given
        kernel.cluster.register(2, true, null, Map.of("PLAINTEXT", new HostPort("two", 1)));
        kernel.cluster.register(3, false, null, Map.of("OTHER", new HostPort("three", 1)));
        kernel.cluster.register(4, false, null, Map.of("PLAINTEXT", new HostPort("four", 1)));

        // when
        MetadataResponseData response = ask(named(), LATEST);

        // then
        assertThat(response.brokers())
                .extracting(MetadataResponseBroker::nodeId)
                .containsExactly(1, 4);
    }

    @Test
    void shouldTakeNullForAllTopicsAndEmptyForNone() {
        // given
        kernel.cluster.addTopic("a", 1);
        kernel.cluster.addTopic("b", 1);

        // then
        for (int version = 1; version <= LATEST; version++) {
            assertThat(ask(new MetadataRequestData().setTopics(null), version).topics())
                    .hasSize(2);
            assertThat(ask(named(), version).topics()).isEmpty();
        }
    }

    @Test
    void shouldTakeEmptyForAllTopicsInVersion0() {
        // given
        kernel.cluster.addTopic("a", 1);

        // then
        assertThat(ask(named(), 0).topics()).hasSize(1);
    }

    @Test
    void shouldFindTopicsById() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        MetadataResponseTopic topic = only(ask(withId(kernel.cluster.topic("t").id()), 12));

        // then
        assertThat(topic.name()).isEqualTo("t");
        assertThat(topic.partitions()).hasSize(1);
    }

    @Test
    void shouldTellUnknownIds() {
        // given
        Uuid id = Uuid.randomUuid();

        // when
        MetadataResponseTopic topic = only(ask(withId(id), 12));

        // then
        assertThat(topic.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(topic.name()).isNull();
        assertThat(topic.topicId()).isEqualTo(id);
        assertThat(kernel.clusterAdmin.autoCreated).isEmpty();
    }

    @Test
    void shouldRefuseNullNamesAndIdsBeforeVersion12() {
        for (int version = 10; version <= 11; version++) {
            assertThat(errorOf(ask(withId(Uuid.ZERO_UUID), version))).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(errorOf(ask(withId(Uuid.randomUuid()), version))).isEqualTo(Errors.INVALID_REQUEST);
        }
    }

    @Test
    void shouldRefuseATopicWithNeitherNameNorId() {
        assertThat(errorOf(ask(withId(Uuid.ZERO_UUID), LATEST))).isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void shouldCreateATopicThatIsAskedForAndAnswerWhenItIsThere() {
        // when
        MetadataResponseTopic topic = only(ask(named("new"), LATEST));

        // then
        assertThat(topic.errorCode()).isZero();
        assertThat(topic.partitions()).hasSize(1);
        assertThat(kernel.clusterAdmin.autoCreated).containsExactly("new");
    }

    @Test
    void shouldNotCreateWhenTheRequestForbidsIt() {
        assertThat(errorOf(ask(named("new").setAllowAutoTopicCreation(false), LATEST)))
                .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(kernel.clusterAdmin.autoCreated).isEmpty();
    }

    @Test
    void shouldNotCreateWhenTheBrokerForbidsIt() {
        // given
        settings = new HandlerSettings(false, 100, 1024, 0, 1, true, true, 1, null);

        // then
        assertThat(errorOf(ask(named("new"), LATEST))).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(kernel.clusterAdmin.autoCreated).isEmpty();
    }

    @Test
    void shouldRefuseIllegalNames() {
        for (String name : List.of("", ".", "..", "a b", "x".repeat(250), "ä")) {
            assertThat(errorOf(ask(named(name), LATEST))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        }
        assertThat(kernel.clusterAdmin.autoCreated).isEmpty();
    }

    @Test
    void shouldPassOnWhyATopicCouldNotBeCreated() {
        // given
        kernel.clusterAdmin.autoCreateError = Errors.INVALID_REPLICATION_FACTOR;

        // then
        assertThat(errorOf(ask(named("new"), LATEST))).isEqualTo(Errors.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void shouldLetTheClientRetryWhenSomebodyElseCreatesTheTopic() {
        // given
        kernel.clusterAdmin.autoCreateError = Errors.TOPIC_ALREADY_EXISTS;

        // then
        assertThat(errorOf(ask(named("new"), LATEST))).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    }

    @Test
    void shouldTellAFailureOfTheMetadataLog() {
        // given
        kernel.clusterAdmin.broken = true;
        kernel.clusterAdmin.autoCreateError = Errors.UNKNOWN_SERVER_ERROR;

        // then
        assertThat(errorOf(ask(named("new"), LATEST))).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void shouldBoundHowManyTopicsOneRequestCreates() {
        // given
        settings = new HandlerSettings(true, 2, 1024, 0, 1, true, true, 1, null);
        String[] names = new String[1000];
        for (int i = 0; i < names.length; i++) {
            names[i] = "new-" + i;
        }

        // when
        MetadataResponseData response = ask(named(names), LATEST);

        // then
        assertThat(kernel.clusterAdmin.autoCreated).hasSize(20);
        assertThat(response.topics()).hasSize(1000);
        assertThat(response.topics().find("new-999").errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldAnswerATopicThatIsNamedTwiceOnce() {
        // given
        kernel.cluster.addTopic("t", 1);

        // then
        assertThat(ask(named("t", "t"), LATEST).topics()).hasSize(1);
    }

    @Test
    void shouldTellAuthorizedOperationsOnlyWhenAsked() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        MetadataResponseData silent = ask(named("t"), 8);
        MetadataResponseData asked = ask(
                named("t").setIncludeTopicAuthorizedOperations(true).setIncludeClusterAuthorizedOperations(true), 8);

        // then
        assertThat(only(silent).topicAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(silent.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        assertThat(only(asked).topicAuthorizedOperations()).isEqualTo(0b1101_1111_1000);
        assertThat(asked.clusterAuthorizedOperations()).isEqualTo(0b1_1111_1010_0000);
    }

    @Test
    void shouldTellWhyAPartitionHasNoLeader() {
        // given
        kernel.cluster.register(2, false, null, Map.of("OTHER", new HostPort("two", 1)));
        kernel.cluster.addTopic("t", 1, List.of(2));
        kernel.cluster.addTopic("lost", 1, List.of(7));

        // then
        assertThat(partitionError("t", 6)).isEqualTo(Errors.LISTENER_NOT_FOUND);
        assertThat(partitionError("t", 5)).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
        assertThat(partitionError("lost", 6)).isEqualTo(Errors.LEADER_NOT_AVAILABLE);
    }

    private Errors partitionError(String topic, int version) {
        MetadataResponsePartition partition =
                only(ask(named(topic), version)).partitions().get(0);
        assertThat(partition.leaderId()).isEqualTo(-1);
        return Errors.forCode(partition.errorCode());
    }

    @Test
    void shouldTellOfflineReplicasAndHideThemFromVersion0() {
        // given
        kernel.cluster.register(2, true, null, Map.of("PLAINTEXT", new HostPort("two", 1)));
        kernel.cluster.addTopic("t", 1, List.of(1, 2));

        // when
        MetadataResponsePartition latest =
                only(ask(named("t"), LATEST)).partitions().get(0);
        MetadataResponsePartition oldest = only(ask(named("t"), 0)).partitions().get(0);

        // then
        assertThat(latest.errorCode()).isZero();
        assertThat(latest.replicaNodes()).containsExactly(1, 2);
        assertThat(latest.offlineReplicas()).containsExactly(2);
        assertThat(oldest.errorCode()).isEqualTo(Errors.REPLICA_NOT_AVAILABLE.code());
        assertThat(oldest.leaderId()).isEqualTo(1);
        assertThat(oldest.replicaNodes()).containsExactly(1);
    }

    @Test
    void shouldMarkInternalTopics() {
        // given
        kernel.cluster.addTopic("__consumer_offsets", 1);

        // then
        assertThat(only(ask(named("__consumer_offsets"), LATEST)).isInternal()).isTrue();
    }
}
