package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.BrokerImage.HostPort;
import io.penstock.core.partition.PartitionStatus;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ApiRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdminHandlersTest {
    private final FakeKernel kernel = new FakeKernel();

    private CapturedResponder ask(ApiHandler handler, ApiMessage data, int version) {
        CapturedResponder responder = new CapturedResponder();
        handler.handle(Requests.of(data, version), responder);
        return responder;
    }

    @Test
    void shouldServeEachApiOnceInAllStableVersions() {
        // when
        ApiRegistry registry = new ApiRegistry(Handlers.of(kernel, HandlerSettings.DEFAULT));

        // then
        assertThat(registry.served())
                .containsKeys(
                        ApiKeys.PRODUCE,
                        ApiKeys.FETCH,
                        ApiKeys.LIST_OFFSETS,
                        ApiKeys.METADATA,
                        ApiKeys.FIND_COORDINATOR,
                        ApiKeys.JOIN_GROUP,
                        ApiKeys.SYNC_GROUP,
                        ApiKeys.HEARTBEAT,
                        ApiKeys.LEAVE_GROUP,
                        ApiKeys.OFFSET_COMMIT,
                        ApiKeys.OFFSET_FETCH,
                        ApiKeys.OFFSET_DELETE,
                        ApiKeys.LIST_GROUPS,
                        ApiKeys.DESCRIBE_GROUPS,
                        ApiKeys.DELETE_GROUPS,
                        ApiKeys.CREATE_TOPICS,
                        ApiKeys.DELETE_TOPICS,
                        ApiKeys.DELETE_RECORDS,
                        ApiKeys.INIT_PRODUCER_ID,
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                        ApiKeys.ALTER_CLIENT_QUOTAS,
                        ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS,
                        ApiKeys.DESCRIBE_CONFIGS,
                        ApiKeys.ALTER_CONFIGS,
                        ApiKeys.DESCRIBE_LOG_DIRS,
                        ApiKeys.CREATE_PARTITIONS,
                        ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                        ApiKeys.DESCRIBE_CLUSTER,
                        ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                        ApiKeys.LIST_CONFIG_RESOURCES,
                        ApiKeys.ELECT_LEADERS,
                        ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                        ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                        ApiKeys.ALTER_REPLICA_LOG_DIRS,
                        ApiKeys.DESCRIBE_PRODUCERS,
                        ApiKeys.DESCRIBE_QUORUM,
                        ApiKeys.UPDATE_FEATURES,
                        ApiKeys.UNREGISTER_BROKER,
                        ApiKeys.DESCRIBE_ACLS,
                        ApiKeys.CREATE_ACLS,
                        ApiKeys.DELETE_ACLS);
        assertThat(registry.isServed(ApiKeys.PRODUCE, (short) 13)).isTrue();
        assertThat(registry.isServed(ApiKeys.FETCH, (short) 18)).isTrue();
        assertThat(registry.isServed(ApiKeys.INIT_PRODUCER_ID, (short) 6)).isFalse();
    }

    @Test
    void shouldLeaveChangesOfMetadataToTheBroker() {
        // given
        List<ApiMessage> requests = List.of(
                new CreateTopicsRequestData(),
                new DeleteTopicsRequestData(),
                new CreatePartitionsRequestData(),
                new AlterConfigsRequestData(),
                new IncrementalAlterConfigsRequestData(),
                new DescribeConfigsRequestData());
        ApiRegistry registry = new ApiRegistry(Handlers.of(kernel, HandlerSettings.DEFAULT));

        for (ApiMessage request : requests) {
            // when
            ApiKeys api = ApiKeys.forId(request.apiKey());
            CapturedResponder responder = ask(handler(registry, api), request, api.latestVersion());

            // then
            assertThat(responder.response(ApiMessage.class, api.latestVersion()))
                    .isNotNull();
            assertThat(kernel.clusterAdmin.asked).endsWith(request);
        }
    }

    @Test
    void shouldNotMoveLogsOfTopicsWithVeryLongNames() {
        // given
        AlterReplicaLogDirsRequestData data = new AlterReplicaLogDirsRequestData();
        data.dirs().add(new AlterReplicaLogDir().setPath("/elsewhere"));
        for (int length : List.of(213, 214)) {
            data.dirs()
                    .find("/elsewhere")
                    .topics()
                    .add(new AlterReplicaLogDirTopic()
                            .setName("x".repeat(length))
                            .setPartitions(List.of(0)));
        }
        ApiRegistry registry = new ApiRegistry(Handlers.of(kernel, HandlerSettings.DEFAULT));

        // when
        CapturedResponder responder = ask(handler(registry, ApiKeys.ALTER_REPLICA_LOG_DIRS), data, 2);

        // then
        assertThat(responder.response(AlterReplicaLogDirsResponseData.class, 2).results())
                .extracting(result -> result.partitions().get(0).errorCode())
                .containsExactly(Errors.LOG_DIR_NOT_FOUND.code(), Errors.INVALID_TOPIC_EXCEPTION.code());
    }

    private static ApiHandler handler(ApiRegistry registry, ApiKeys api) {
        ApiHandler handler = registry.handler(api);
        assertThat(handler).isNotNull();
        return Objects.requireNonNull(handler);
    }

    @Test
    void shouldReportABrokenMetadataLogAsAFailure() {
        // given
        kernel.clusterAdmin.broken = true;

        // when
        CapturedResponder responder =
                ask(new CreateTopicsHandler(kernel.clusterAdmin), new CreateTopicsRequestData(), 7);

        // then
        assertThat(responder.bug()).hasMessage("metadata log is offline");
    }

    private short deletionError(int version) {
        DeleteTopicsRequestData data = new DeleteTopicsRequestData().setTopicNames(List.of("a"));
        return ask(new DeleteTopicsHandler(kernel.clusterAdmin), data, version)
                .response(DeleteTopicsResponseData.class, version)
                .responses()
                .find("a")
                .errorCode();
    }

    @Test
    void shouldTellOldClientsThatDeletionIsSwitchedOffInWordsTheyUnderstand() {
        // given
        kernel.clusterAdmin
                .deletion
                .responses()
                .mustAdd(new DeletableTopicResult().setName("a").setErrorCode(Errors.TOPIC_DELETION_DISABLED.code()));

        // then
        assertThat(deletionError(3)).isEqualTo(Errors.TOPIC_DELETION_DISABLED.code());
        assertThat(deletionError(2)).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    private FindCoordinatorResponseData findCoordinator(int keyType, int version) {
        FindCoordinatorRequestData data = new FindCoordinatorRequestData().setKeyType((byte) keyType);
        if (version < 4) {
            data.setKey("k");
        } else {
            data.setCoordinatorKeys(List.of("k", "l"));
        }
        return ask(new FindCoordinatorHandler(kernel), data, version)
                .response(FindCoordinatorResponseData.class, version);
    }

    @Test
    void shouldNameTheBrokerOfEachGroupWhereTheClientReachesIt() {
        for (int version = 0; version < 4; version++) {
            FindCoordinatorResponseData response = findCoordinator(0, version);
            assertThat(response.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(response.nodeId()).isEqualTo(FakeCluster.NODE);
            assertThat(response.host()).isEqualTo("127.0.0.1");
            assertThat(response.port()).isEqualTo(19092);
        }
        for (int version = 4; version <= 6; version++) {
            FindCoordinatorResponseData response = findCoordinator(0, version);
            assertThat(response.coordinators()).extracting("key").containsExactly("k", "l");
            assertThat(response.coordinators()).extracting("nodeId").containsOnly(FakeCluster.NODE);
            assertThat(response.coordinators()).extracting("port").containsOnly(19092);
        }
    }

    @Test
    void shouldLetGroupsAskAgainWhileNoBrokerCanBeNamed() {
        for (int node : List.of(-1, 77)) {
            // given
            kernel.groups.node = node;

            // when
            FindCoordinatorResponseData old = findCoordinator(0, 3);
            FindCoordinatorResponseData batched = findCoordinator(0, 4);

            // then
            assertThat(old.errorCode()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
            assertThat(old.nodeId()).isEqualTo(-1);
            assertThat(batched.coordinators())
                    .extracting("errorCode")
                    .containsOnly(Errors.COORDINATOR_NOT_AVAILABLE.code());
        }
    }

    @Test
    void shouldNameTheBrokerOfEachTransactionalId() {
        // when
        FindCoordinatorResponseData response = findCoordinator(1, 6);

        // then
        assertThat(response.coordinators())
                .allSatisfy(found -> assertThat(found.nodeId()).isEqualTo(FakeCluster.NODE));
        assertThat(kernel.transactions.asked).containsExactly("k", "l");
        assertThat(findCoordinator(1, 1).nodeId()).isEqualTo(FakeCluster.NODE);
    }

    @Test
    void shouldSendProducersAwayWhileNobodyCoordinates() {
        // given
        kernel.transactions.node = -1;

        // then
        assertThat(findCoordinator(1, 6).coordinators().get(0).errorCode())
                .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }

    @Test
    void shouldRefuseShareGroupsAndUnknownKeyTypes() {
        assertThat(findCoordinator(2, 5).coordinators().get(0).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(findCoordinator(2, 6).coordinators().get(0).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(findCoordinator(9, 6).coordinators().get(0).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    private DescribeClusterResponseData describeCluster(DescribeClusterRequestData data, int version) {
        return ask(new DescribeClusterHandler(kernel), data, version)
                .response(DescribeClusterResponseData.class, version);
    }

    @Test
    void shouldDescribeTheClusterInEveryVersion() {
        // given
        kernel.cluster.register(2, true, null, Map.of("PLAINTEXT", new HostPort("two", 1)));

        for (int version = 0; version <= 2; version++) {
            // when
            DescribeClusterResponseData response = describeCluster(new DescribeClusterRequestData(), version);

            // then
            assertThat(response.clusterId()).isEqualTo(FakeCluster.CLUSTER_ID);
            assertThat(response.controllerId()).isEqualTo(1);
            assertThat(response.brokers())
                    .extracting(DescribeClusterBroker::brokerId)
                    .containsExactly(1);
            assertThat(response.brokers().find(1).port()).isEqualTo(19092);
            assertThat(response.clusterAuthorizedOperations()).isEqualTo(Integer.MIN_VALUE);
        }
    }

    @Test
    void shouldDescribeFencedBrokersAndOperationsWhenAsked() {
        // given
        kernel.cluster.register(2, true, null, Map.of("PLAINTEXT", new HostPort("two", 1)));

        // when
        DescribeClusterResponseData response = describeCluster(
                new DescribeClusterRequestData()
                        .setIncludeFencedBrokers(true)
                        .setIncludeClusterAuthorizedOperations(true),
                2);

        // then
        assertThat(response.brokers().find(2).isFenced()).isTrue();
        assertThat(response.clusterAuthorizedOperations()).isEqualTo(AuthorizedOperations.CLUSTER);
    }

    @Test
    void shouldTellThatThisIsNoControllerEndpoint() {
        assertThat(describeCluster(new DescribeClusterRequestData().setEndpointType((byte) 2), 1)
                        .errorCode())
                .isEqualTo(Errors.MISMATCHED_ENDPOINT_TYPE.code());
        assertThat(describeCluster(new DescribeClusterRequestData().setEndpointType((byte) 7), 1)
                        .errorCode())
                .isEqualTo(Errors.UNSUPPORTED_ENDPOINT_TYPE.code());
    }

    private List<DescribeLogDirsResult> describeLogDirs(
            @Nullable List<DescribableLogDirTopic> topics, int version, Supplier<Future<DiskSpace>> space) {
        DescribeLogDirsRequestData data = new DescribeLogDirsRequestData();
        if (topics == null) {
            data.setTopics(null);
        } else {
            topics.forEach(data.topics()::mustAdd);
        }
        return ask(new DescribeLogDirsHandler(kernel, Path.of("/data"), space), data, version)
                .response(DescribeLogDirsResponseData.class, version)
                .results();
    }

    private static Future<DiskSpace> someSpace() {
        return Future.succeededFuture(new DiskSpace(1000, 400));
    }

    @Test
    void shouldDescribeAllLogsAndTheRoomOnTheirVolume() {
        // given
        kernel.cluster.addTopic("t", 600);
        kernel.cluster.addTopic("elsewhere", 1, List.of(9));

        for (int version = 1; version <= 5; version++) {
            // when
            DescribeLogDirsResult result =
                    describeLogDirs(null, version, AdminHandlersTest::someSpace).get(0);

            // then
            assertThat(result.logDir()).isEqualTo("/data");
            assertThat(result.totalBytes()).isEqualTo(1000);
            assertThat(result.usableBytes()).isEqualTo(400);
            assertThat(result.topics()).hasSize(1);
            assertThat(result.topics().get(0).partitions()).hasSize(600);
            assertThat(result.topics().get(0).partitions().get(7).partitionSize())
                    .isEqualTo(107);
        }
    }

    @Test
    void shouldDescribeOnlyTheLogsThatAreAskedFor() {
        // given
        kernel.cluster.addTopic("t", 3);
        kernel.router.statusAnswer = partition -> new PartitionStatus(
                partition.index() == 2 ? Errors.KAFKA_STORAGE_ERROR : Errors.NONE, 0, 0, 0, 0, 5, List.of());
        List<DescribableLogDirTopic> asked = List.of(
                new DescribableLogDirTopic().setTopic("t").setPartitions(List.of(1, 1, 2, 9)),
                new DescribableLogDirTopic().setTopic("absent").setPartitions(List.of(0)));

        // when
        DescribeLogDirsResult result =
                describeLogDirs(asked, 5, AdminHandlersTest::someSpace).get(0);

        // then
        assertThat(result.topics()).hasSize(1);
        assertThat(result.topics().get(0).partitions())
                .extracting(DescribeLogDirsPartition::partitionIndex)
                .containsExactly(1);
    }

    @Test
    void shouldTellWhenTheVolumeCannotBeRead() {
        // when
        DescribeLogDirsResult result = describeLogDirs(
                        null, 5, () -> Future.failedFuture(new IOException("no such device")))
                .get(0);

        // then
        assertThat(result.errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
    }

    @Test
    void shouldAskFewLogsAtATime() {
        // given
        kernel.cluster.addTopic("t", 1000);
        kernel.router.holdBack = true;
        CapturedResponder responder = ask(
                new DescribeLogDirsHandler(kernel, null, AdminHandlersTest::someSpace),
                new DescribeLogDirsRequestData().setTopics(null),
                5);
        int mostAtATime = kernel.router.heldBackCount();

        // when
        for (int i = 0; i < 1000; i++) {
            assertThat(responder.isAnswered()).isFalse();
            kernel.router.releaseOne();
        }

        // then
        assertThat(mostAtATime).isEqualTo(256);
        assertThat(responder
                        .response(DescribeLogDirsResponseData.class)
                        .results()
                        .get(0)
                        .topics()
                        .get(0)
                        .partitions())
                .hasSize(1000);
    }

    @Test
    void shouldKnowNoScramCredentials() {
        // given
        DescribeUserScramCredentialsRequestData request = new DescribeUserScramCredentialsRequestData();
        for (String user : List.of("alice", "bob", "bob")) {
            request.users().add(new DescribeUserScramCredentialsRequestData.UserName().setName(user));
        }
        ApiHandler handler = new DescribeUserScramCredentialsHandler();

        // then
        assertThat(ask(handler, request, 0)
                        .response(DescribeUserScramCredentialsResponseData.class)
                        .results())
                .extracting(result -> result.user() + " " + Errors.forCode(result.errorCode()))
                .containsExactly("alice RESOURCE_NOT_FOUND", "bob DUPLICATE_RESOURCE");
        assertThat(ask(handler, new DescribeUserScramCredentialsRequestData().setUsers(null), 0)
                        .response(DescribeUserScramCredentialsResponseData.class)
                        .results())
                .isEmpty();
    }
}
