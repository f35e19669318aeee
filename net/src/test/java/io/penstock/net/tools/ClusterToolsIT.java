package io.penstock.net.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.clients.Clients;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterPartitionReassignmentsOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.FeatureUpdate.UpgradeType;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.LogDirNotFoundException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The tools for elections, reassignments, the quorum, features, brokers and log directories, and the Admin calls behind them. */
@ExtendWith(AlarmExtension.class)
class ClusterToolsIT {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    static Path directory;

    private static TestBroker broker;
    private static Admin admin;

    @BeforeAll
    static void start() {
        broker = TestBroker.start(TestBroker.Store.CHRONICLE);
        admin = Clients.admin(broker);
        Clients.createTopic(broker, "t", 2);
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    private static Tool tool(String name) {
        return new Tool(broker, "org.apache.kafka." + name);
    }

    @Test
    void shouldNeedNoElection() {
        Tool election = tool("tools.LeaderElectionCommand");

        assertThat(election.succeed("--election-type", "preferred", "--topic", "t", "--partition", "0"))
                .contains("Valid replica already elected for partitions t-0");
        assertThat(election.succeed("--election-type", "unclean", "--all-topic-partitions"))
                .doesNotContain("Error");
        assertThat(election.fail("--election-type", "preferred", "--topic", "nix", "--partition", "0"))
                .contains("nix-0", "No such topic as nix");
        Map<TopicPartition, Optional<Throwable>> results = Clients.await(
                admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION)).partitions());
        assertThat(results.get(PARTITION)).containsInstanceOf(ElectionNotNeededException.class);
    }

    @Test
    void shouldPlanExecuteVerifyListAndCancelAReassignment() throws IOException {
        Tool reassign = tool("tools.reassign.ReassignPartitionsCommand");
        String topics = file("topics.json", "{\"topics\":[{\"topic\":\"t\"}],\"version\":1}");
        String plan = file(
                "plan.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1],\"log_dirs\":[\"any\"]}]}");

        assertThat(reassign.succeed("--generate", "--topics-to-move-json-file", topics, "--broker-list", "1"))
                .contains("Current partition replica assignment", "Proposed partition reassignment configuration");
        assertThat(reassign.succeed("--execute", "--reassignment-json-file", plan))
                .contains("Successfully started partition reassignment for t-0");
        assertThat(reassign.succeed("--verify", "--reassignment-json-file", plan))
                .contains("Reassignment of partition t-0 is completed.");
        assertThat(reassign.succeed("--list")).contains("No partition reassignments found.");
        assertThat(reassign.succeed("--cancel", "--reassignment-json-file", plan))
                .contains("None of the specified partition reassignments are active.");
    }

    @Test
    void shouldRefuseAReassignmentToBrokersThatAreNotThere() throws IOException {
        String plan = file(
                "strange.json",
                "{\"version\":1,\"partitions\":[{\"topic\":\"t\",\"partition\":0,\"replicas\":[1,7]}]}");

        assertThat(tool("tools.reassign.ReassignPartitionsCommand").fail("--execute", "--reassignment-json-file", plan))
                .contains("7");
        assertThatThrownBy(() -> reassign(PARTITION, Optional.of(new NewPartitionReassignment(List.of(1, 7))), true))
                .isInstanceOf(InvalidReplicaAssignmentException.class)
                .hasMessage("The manual partition assignment includes broker 7, but no such broker is registered.");
        assertThatThrownBy(() -> reassign(PARTITION, Optional.empty(), true))
                .isInstanceOf(NoReassignmentInProgressException.class);
        assertThatThrownBy(() -> reassign(
                        new TopicPartition("t", 9), Optional.of(new NewPartitionReassignment(List.of(1))), true))
                .isInstanceOf(UnknownTopicOrPartitionException.class);
        reassign(PARTITION, Optional.of(new NewPartitionReassignment(List.of(1))), false);
        assertThat(Clients.await(admin.listPartitionReassignments().reassignments()))
                .isEmpty();
    }

    private static void reassign(
            TopicPartition partition, Optional<NewPartitionReassignment> target, boolean mayChangeFactor) {
        Clients.await(admin.alterPartitionReassignments(
                        Map.of(partition, target),
                        new AlterPartitionReassignmentsOptions().allowReplicationFactorChange(mayChangeFactor))
                .all());
    }

    @Test
    void shouldKeepLogsInTheOneDirectoryThatThereIs() {
        String own = Clients.await(admin.describeLogDirs(List.of(1)).allDescriptions(), 1)
                .keySet()
                .iterator()
                .next();
        TopicPartitionReplica replica = new TopicPartitionReplica("t", 0, 1);

        Clients.await(admin.alterReplicaLogDirs(Map.of(replica, own)).all());
        assertThatThrownBy(() -> Clients.await(
                        admin.alterReplicaLogDirs(Map.of(replica, "/elsewhere")).all()))
                .isInstanceOf(LogDirNotFoundException.class);
        assertThat(Clients.await(admin.describeReplicaLogDirs(List.of(replica)).all(), replica)
                        .getCurrentReplicaLogDir())
                .isEqualTo(own);
        assertThat(tool("tools.LogDirsCommand").succeed("--describe", "--topic-list", "t"))
                .contains("\"logDir\":\"" + own + "\"", "\"partition\":\"t-1\"");
    }

    @Test
    void shouldShowAQuorumOfOne() {
        Tool quorum = tool("tools.MetadataQuorumCommand");

        assertThat(quorum.succeed("describe", "--status"))
                .containsPattern("LeaderId:\\s+1")
                .containsPattern("LeaderEpoch:\\s+1")
                .containsPattern("HighWatermark:\\s+[1-9]")
                .containsPattern("MaxFollowerLag:\\s+0")
                .containsPattern("CurrentObservers:\\s+\\[]");
        assertThat(quorum.succeed("describe", "--replication").lines().skip(1))
                .singleElement()
                .satisfies(row -> assertThat(row).startsWith("1").contains("Leader"));
        QuorumInfo info = Clients.await(admin.describeMetadataQuorum().quorumInfo());
        assertThat(info.leaderId()).isEqualTo(1);
        assertThat(info.leaderEpoch()).isPositive();
        assertThat(info.voters()).singleElement().satisfies(voter -> {
            assertThat(voter.replicaId()).isEqualTo(1);
            assertThat(voter.logEndOffset()).isEqualTo(info.highWatermark());
            assertThat(voter.lastFetchTimestamp().getAsLong()).isPositive();
            assertThat(voter.lastCaughtUpTimestamp().getAsLong()).isPositive();
        });
        assertThat(info.observers()).isEmpty();
        assertThat(info.nodes()).containsOnlyKeys(1);
    }

    @Test
    void shouldGrowTheHighWatermarkOfTheQuorumWithEveryChange() {
        long before = Clients.await(admin.describeMetadataQuorum().quorumInfo()).highWatermark();
        Clients.createTopic(broker, "grows", 1);

        assertThat(Clients.await(admin.describeMetadataQuorum().quorumInfo()).highWatermark())
                .isGreaterThan(before);
    }

    @Test
    void shouldDescribeFeaturesAndRefuseLevelsThatItDoesNotSupport() {
        Tool features = tool("tools.FeatureCommand");

        assertThat(features.succeed("describe"))
                .containsPattern(
                        "Feature: metadata.version\\s+SupportedMinVersion: 3.3-IV3\\s+SupportedMaxVersion: 4.3-IV0\\s+"
                                + "FinalizedVersionLevel: 4.3-IV0");
        assertThat(features.fail("upgrade", "--feature", "metadata.version=31"))
                .contains("only supports versions 7-30");
        assertThat(features.fail("downgrade", "--metadata", "4.1-IV0")).contains("might delete metadata information");
        assertThat(features.fail("upgrade", "--feature", "nix=1")).contains("does not support this feature");
        assertThatThrownBy(() -> update("metadata.version", 31, UpgradeType.UPGRADE))
                .isInstanceOf(InvalidUpdateVersionException.class);
        update("metadata.version", 30, UpgradeType.UPGRADE);
    }

    @Test
    void shouldTakeTheConsumerProtocolOutOfForceAndPutItBack() {
        update("group.version", 0, UpgradeType.SAFE_DOWNGRADE);
        try {
            assertThat(Clients.await(admin.describeFeatures().featureMetadata()).finalizedFeatures())
                    .doesNotContainKey("group.version");
            assertThat(heartbeat()).isEqualTo(Errors.UNSUPPORTED_VERSION);
        } finally {
            update("group.version", 1, UpgradeType.UPGRADE);
        }
        assertThat(Clients.await(admin.describeFeatures().featureMetadata()).finalizedFeatures())
                .hasEntrySatisfying(
                        "group.version",
                        range -> assertThat(range.maxVersionLevel()).isEqualTo((short) 1));
        assertThat(heartbeat()).isNotEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    private static Errors heartbeat() {
        int port = Integer.parseInt(broker.address().substring(broker.address().lastIndexOf(':') + 1));
        try (RawClient client = RawClient.connect(port)) {
            return Errors.forCode(
                    client.send(ApiKeys.CONSUMER_GROUP_HEARTBEAT, 1, new ConsumerGroupHeartbeatRequestData())
                            .read(ApiKeys.CONSUMER_GROUP_HEARTBEAT, ConsumerGroupHeartbeatResponseData.class)
                            .errorCode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void update(String feature, int level, UpgradeType type) {
        Clients.await(admin.updateFeatures(
                        Map.of(feature, new FeatureUpdate((short) level, type)), new UpdateFeaturesOptions())
                .all());
    }

    @Test
    void shouldKeepTheBrokerThatIsTheCluster() {
        Tool cluster = tool("tools.ClusterTool");
        String id = Clients.await(admin.describeCluster().clusterId());

        assertThat(cluster.runWith("cluster-id").output()).contains("Cluster ID: " + id);
        assertThat(cluster.runWith("list-endpoints").output()).contains("unfenced");
        assertThatThrownBy(() -> Clients.await(admin.unregisterBroker(7).all()))
                .isInstanceOf(BrokerIdNotRegisteredException.class)
                .hasMessage("Broker ID 7 is not currently registered");
        assertThatThrownBy(() -> Clients.await(admin.unregisterBroker(1).all()))
                .isInstanceOf(PolicyViolationException.class);
        assertThat(Clients.await(admin.describeCluster().nodes())).hasSize(1);
    }

    @Test
    void shouldShowTheProducersOfAPartition() {
        try (KafkaProducer<String, String> producer = Clients.producer(broker, "enable.idempotence", true)) {
            Clients.createTopic(broker, "written", 1);
            Clients.send(producer, "written", "a");
            Clients.send(producer, "written", "b");
        }
        TopicPartition written = new TopicPartition("written", 0);

        List<ProducerState> producers = Clients.await(
                        admin.describeProducers(List.of(written)).all(), written)
                .activeProducers();

        assertThat(producers).singleElement().satisfies(state -> {
            assertThat(state.producerId()).isNotNegative();
            assertThat(state.producerEpoch()).isZero();
            assertThat(state.lastSequence()).isEqualTo(1);
            assertThat(state.lastTimestamp()).isPositive();
            assertThat(state.coordinatorEpoch()).isEmpty();
            assertThat(state.currentTransactionStartOffset()).isEmpty();
        });
        assertThat(tool("tools.TransactionsCommand")
                        .succeed("describe-producers", "--topic", "written", "--partition", "0"))
                .contains("ProducerId", Long.toString(producers.get(0).producerId()));
    }

    @Test
    void shouldRememberTheProducersOfALogThatWasClosed() {
        try (TestBroker durable = TestBroker.start(TestBroker.Store.CHRONICLE)) {
            TopicPartition written = Clients.createTopic(durable, "written", 1);
            try (KafkaProducer<String, String> producer = Clients.producer(durable)) {
                Clients.send(producer, "written", "a");
            }
            durable.restart();
            try (Admin after = Clients.admin(durable)) {
                assertThat(Clients.await(
                                        after.describeProducers(List.of(written))
                                                .all(),
                                        written)
                                .activeProducers())
                        .hasSize(1);
            }
        }
    }

    @Test
    void shouldSayThatAccessControlIsOff() {
        assertThatThrownBy(() ->
                        Clients.await(admin.describeAcls(AclBindingFilter.ANY).values()))
                .isInstanceOf(SecurityDisabledException.class);
        assertThatThrownBy(() -> Clients.await(
                        admin.deleteAcls(List.of(AclBindingFilter.ANY)).all()))
                .isInstanceOf(SecurityDisabledException.class);
        assertThatThrownBy(() -> Clients.await(admin.createDelegationToken().delegationToken()))
                .isInstanceOf(UnsupportedByAuthenticationException.class);
    }

    private static String file(String name, String json) throws IOException {
        return Files.writeString(directory.resolve(name), json).toString();
    }
}
