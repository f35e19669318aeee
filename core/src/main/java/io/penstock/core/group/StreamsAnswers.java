package io.penstock.core.group;

import io.penstock.core.group.record.HeldTasks;
import io.penstock.core.group.record.StreamsGroupMemberRecord.Endpoint;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.EndpointTable;
import io.penstock.core.group.streams.StreamsMember;
import io.penstock.core.group.streams.TopologyPlan.PlannedTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.EndpointToPartitions;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Puts what comes of heartbeats of streams groups into Kafka's messages. Stateless. */
final class StreamsAnswers {
    static final byte STALE_TOPOLOGY = 0;
    static final byte SHUTDOWN_APPLICATION = 4;
    static final byte ASSIGNMENT_DELAYED = 5;

    private static final short DEFAULT_REPLICATION_FACTOR = -1;

    private StreamsAnswers() {}

    /** Tells why; what has no reason is a bug. */
    static StreamsHeartbeatAnswer refused(@Nullable Refusal refusal) {
        return refusal == null
                ? refused(Errors.UNKNOWN_SERVER_ERROR)
                : alone(new StreamsGroupHeartbeatResponseData()
                        .setErrorCode(refusal.error().code())
                        .setErrorMessage(refusal.message()));
    }

    /** Without a text: it would say what the code says, and Kafka sends none then. */
    static StreamsHeartbeatAnswer refused(Errors error) {
        return alone(new StreamsGroupHeartbeatResponseData().setErrorCode(error.code()));
    }

    private static StreamsHeartbeatAnswer alone(StreamsGroupHeartbeatResponseData data) {
        return new StreamsHeartbeatAnswer(data, List.of());
    }

    static StreamsHeartbeatAnswer left(StreamsGroupHeartbeatRequestData request) {
        return alone(new StreamsGroupHeartbeatResponseData()
                .setMemberId(request.memberId())
                .setMemberEpoch(request.memberEpoch())
                .setStatus(new ArrayList<>()));
    }

    static StreamsGroupHeartbeatResponseData heard(StreamsMember member, int heartbeatIntervalMs) {
        return new StreamsGroupHeartbeatResponseData()
                .setMemberId(member.id())
                .setMemberEpoch(member.epoch())
                .setHeartbeatIntervalMs(heartbeatIntervalMs)
                .setStatus(new ArrayList<>());
    }

    static Status status(byte code, String detail) {
        return new Status().setStatusCode(code).setStatusDetail(detail);
    }

    static void tellTasks(StreamsGroupHeartbeatResponseData answer, HeldTasks assigned) {
        answer.setActiveTasks(ids(assigned.active().tasks()))
                .setStandbyTasks(ids(assigned.standby()))
                .setWarmupTasks(ids(assigned.warmup()));
    }

    private static List<TaskIds> ids(TaskSet tasks) {
        List<TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology()
                .forEach((subtopologyId, partitions) ->
                        ids.add(new TaskIds().setSubtopologyId(subtopologyId).setPartitions(List.copyOf(partitions))));
        return ids;
    }

    // ---- what members can ask each other for

    static List<EndpointToPartitions> endpoints(List<EndpointTable.Entry> entries) {
        List<EndpointToPartitions> told = new ArrayList<>();
        for (EndpointTable.Entry entry : entries) {
            Endpoint endpoint = entry.endpoint();
            told.add(new EndpointToPartitions()
                    .setUserEndpoint(new StreamsGroupHeartbeatResponseData.Endpoint()
                            .setHost(endpoint.host())
                            .setPort(endpoint.port()))
                    .setActivePartitions(partitions(entry.active()))
                    .setStandbyPartitions(partitions(entry.standby())));
        }
        return told;
    }

    private static List<TopicPartition> partitions(SortedMap<String, List<Integer>> byTopic) {
        List<TopicPartition> told = new ArrayList<>();
        byTopic.forEach((topic, partitions) ->
                told.add(new TopicPartition().setTopic(topic).setPartitions(partitions)));
        return told;
    }

    // ---- topics to be made

    static List<CreatableTopic> creatable(List<PlannedTopic> missing) {
        return missing.stream().map(StreamsAnswers::creatable).toList();
    }

    private static CreatableTopic creatable(PlannedTopic topic) {
        CreatableTopic creatable = new CreatableTopic()
                .setName(topic.name())
                .setNumPartitions(topic.partitions())
                .setReplicationFactor(
                        topic.replicationFactor() == 0 ? DEFAULT_REPLICATION_FACTOR : topic.replicationFactor());
        topic.configs()
                .forEach((key, value) -> creatable
                        .configs()
                        .add(new CreatableTopicConfig().setName(key).setValue(value)));
        return creatable;
    }
}
