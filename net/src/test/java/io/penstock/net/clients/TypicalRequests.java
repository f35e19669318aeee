package io.penstock.net.clients;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.DescribeQuorumRequest;

/** For some APIs a request as tools send it, about the topic {@link #TOPIC}. */
final class TypicalRequests {
    static final String TOPIC = "typical";

    private static final byte CLIENT_METRICS = 16;
    private static final byte GROUP = 32;

    private static final Map<ApiKeys, IntFunction<ApiMessage>> ALL = new EnumMap<>(ApiKeys.class);

    static {
        clients();
        configs();
        cluster();
        security();
    }

    private TypicalRequests() {}

    static Set<ApiKeys> covered() {
        return ALL.keySet();
    }

    /** At most one request. */
    static List<ApiMessage> of(ApiKeys api, short version) {
        IntFunction<ApiMessage> request = ALL.get(api);
        return request == null ? List.of() : List.of(request.apply(version));
    }

    private static void clients() {
        ALL.put(
                ApiKeys.API_VERSIONS,
                version -> new ApiVersionsRequestData()
                        .setClientSoftwareName("tool")
                        .setClientSoftwareVersion("1"));
        ALL.put(
                ApiKeys.METADATA,
                version -> new MetadataRequestData()
                        .setTopics(new ArrayList<>(
                                List.of(new MetadataRequestData.MetadataRequestTopic().setName(TOPIC)))));
        ALL.put(
                ApiKeys.LIST_OFFSETS,
                version -> new ListOffsetsRequestData()
                        .setReplicaId(-1)
                        .setTopics(List.of(new ListOffsetsTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(new ListOffsetsPartition().setTimestamp(-1))))));
        ALL.put(
                ApiKeys.FIND_COORDINATOR,
                version -> version < 4
                        ? new FindCoordinatorRequestData().setKey("group")
                        : new FindCoordinatorRequestData().setCoordinatorKeys(List.of("group")));
        ALL.put(ApiKeys.LIST_GROUPS, version -> new ListGroupsRequestData());
        ALL.put(
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS,
                version -> new DescribeTopicPartitionsRequestData()
                        .setTopics(List.of(new DescribeTopicPartitionsRequestData.TopicRequest().setName(TOPIC))));
        ALL.put(ApiKeys.CREATE_TOPICS, version -> {
            CreateTopicsRequestData request = new CreateTopicsRequestData().setValidateOnly(true);
            request.topics()
                    .mustAdd(new CreateTopicsRequestData.CreatableTopic()
                            .setName("new")
                            .setNumPartitions(1)
                            .setReplicationFactor((short) 1));
            return request;
        });
    }

    private static void configs() {
        ALL.put(
                ApiKeys.DESCRIBE_CONFIGS,
                version -> new DescribeConfigsRequestData()
                        .setResources(List.of(
                                describe((byte) 2, TOPIC),
                                describe((byte) 4, "1"),
                                describe((byte) 8, "1"),
                                describe(CLIENT_METRICS, "m"),
                                describe(GROUP, "g"))));
        ALL.put(ApiKeys.INCREMENTAL_ALTER_CONFIGS, version -> {
            IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
            IncrementalAlterConfigsRequestData.AlterConfigsResource resource =
                    new IncrementalAlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType(CLIENT_METRICS)
                            .setResourceName("m");
            resource.configs()
                    .mustAdd(new AlterableConfig().setName("interval.ms").setValue("1000"));
            request.resources().mustAdd(resource);
            return request;
        });
        ALL.put(ApiKeys.ALTER_CONFIGS, version -> {
            AlterConfigsRequestData request = new AlterConfigsRequestData();
            request.resources()
                    .mustAdd(new AlterConfigsRequestData.AlterConfigsResource()
                            .setResourceType(GROUP)
                            .setResourceName("g"));
            return request;
        });
        ALL.put(
                ApiKeys.LIST_CONFIG_RESOURCES,
                version -> new ListConfigResourcesRequestData()
                        .setResourceTypes(version == 0 ? List.of() : List.of(CLIENT_METRICS, GROUP)));
    }

    private static DescribeConfigsResource describe(byte type, String name) {
        return new DescribeConfigsResource()
                .setResourceType(type)
                .setResourceName(name)
                .setConfigurationKeys(null);
    }

    private static void cluster() {
        ALL.put(ApiKeys.ELECT_LEADERS, version -> {
            ElectLeadersRequestData request = new ElectLeadersRequestData();
            request.topicPartitions()
                    .mustAdd(new TopicPartitions().setTopic(TOPIC).setPartitions(List.of(0, 1, 9)));
            return request;
        });
        ALL.put(
                ApiKeys.ALTER_PARTITION_REASSIGNMENTS,
                version -> new AlterPartitionReassignmentsRequestData()
                        .setTopics(List.of(new ReassignableTopic()
                                .setName(TOPIC)
                                .setPartitions(List.of(
                                        new ReassignablePartition().setReplicas(List.of(1)),
                                        new ReassignablePartition().setReplicas(null))))));
        ALL.put(
                ApiKeys.LIST_PARTITION_REASSIGNMENTS,
                version -> new ListPartitionReassignmentsRequestData().setTopics(null));
        ALL.put(ApiKeys.ALTER_REPLICA_LOG_DIRS, version -> {
            AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
            AlterReplicaLogDir dir = new AlterReplicaLogDir().setPath("memory");
            dir.topics().mustAdd(new AlterReplicaLogDirTopic().setName(TOPIC).setPartitions(List.of(0)));
            request.dirs().mustAdd(dir);
            return request;
        });
        ALL.put(ApiKeys.DESCRIBE_LOG_DIRS, version -> new DescribeLogDirsRequestData().setTopics(null));
        ALL.put(
                ApiKeys.DESCRIBE_PRODUCERS,
                version -> new DescribeProducersRequestData()
                        .setTopics(List.of(new DescribeProducersRequestData.TopicRequest()
                                .setName(TOPIC)
                                .setPartitionIndexes(List.of(0, 9)))));
        ALL.put(
                ApiKeys.WRITE_TXN_MARKERS,
                version -> new WriteTxnMarkersRequestData()
                        .setMarkers(List.of(new WriteTxnMarkersRequestData.WritableTxnMarker()
                                .setProducerId(1)
                                .setTopics(List.of(new WriteTxnMarkersRequestData.WritableTxnMarkerTopic()
                                        .setName(TOPIC)
                                        .setPartitionIndexes(List.of(0, 9)))))));
        ALL.put(
                ApiKeys.DESCRIBE_QUORUM,
                version -> DescribeQuorumRequest.singletonRequest(new TopicPartition("__cluster_metadata", 0)));
        ALL.put(ApiKeys.UPDATE_FEATURES, version -> {
            UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
            request.featureUpdates()
                    .mustAdd(new FeatureUpdateKey()
                            .setFeature("metadata.version")
                            .setMaxVersionLevel((short) 30));
            return request;
        });
        ALL.put(ApiKeys.UNREGISTER_BROKER, version -> new UnregisterBrokerRequestData().setBrokerId(5));
    }

    private static void security() {
        byte any = 1;
        ALL.put(
                ApiKeys.DESCRIBE_ACLS,
                version -> new DescribeAclsRequestData()
                        .setResourceTypeFilter(any)
                        .setOperation(any)
                        .setPermissionType(any));
        ALL.put(
                ApiKeys.CREATE_ACLS,
                version -> new CreateAclsRequestData()
                        .setCreations(List.of(new CreateAclsRequestData.AclCreation()
                                .setResourceType((byte) 2)
                                .setResourceName(TOPIC)
                                .setPrincipal("User:a")
                                .setHost("*")
                                .setOperation((byte) 3)
                                .setPermissionType((byte) 3))));
        ALL.put(
                ApiKeys.DELETE_ACLS,
                version -> new DeleteAclsRequestData()
                        .setFilters(List.of(new DeleteAclsRequestData.DeleteAclsFilter()
                                .setResourceTypeFilter(any)
                                .setOperation(any)
                                .setPermissionType(any))));
    }
}
