package io.penstock.core.group;

import io.penstock.core.group.record.StreamsGroupMemberRecord;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.StreamsMember;
import io.penstock.core.group.streams.TopologyPlan;
import io.penstock.core.group.streams.TopologyPlan.PlannedTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Assignment;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Endpoint;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Member;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.Topology;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Puts what is known of a streams group into Kafka's messages. Stateless. */
final class StreamsDescriptions {
    private StreamsDescriptions() {}

    static DescribedGroup described(StreamsGroup group) {
        DescribedGroup answer = new DescribedGroup()
                .setGroupId(group.groupId())
                .setGroupState(group.stateName())
                .setGroupEpoch(group.epoch())
                .setAssignmentEpoch(group.targets().epoch())
                .setTopology(topology(group));
        for (StreamsMember member : group.roster().members()) {
            answer.members().add(described(member, group.targets().of(member.id())));
        }
        return answer;
    }

    /** A group that is not there, or of another kind. */
    static DescribedGroup notFound(String groupId, @Nullable Group other) {
        return new DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(Errors.GROUP_ID_NOT_FOUND.code())
                .setErrorMessage(
                        other == null
                                ? "Group " + groupId + " not found."
                                : "Group " + groupId + " is not a streams group.");
    }

    // ---- topology

    /** With the numbers of partitions that were found out, once they were; before that as the application told it. */
    private static @Nullable Topology topology(StreamsGroup group) {
        StreamsTopology topology = group.topology();
        TopologyPlan plan = group.plan();
        if (plan != null && plan.isReady()) {
            return planned(plan);
        }
        return topology == null
                ? null
                : new Topology()
                        .setEpoch(topology.epoch())
                        .setSubtopologies(topology.subtopologies().stream()
                                .sorted(Comparator.comparing(StreamsTopology.Subtopology::id))
                                .map(StreamsDescriptions::told)
                                .toList());
    }

    private static Topology planned(TopologyPlan plan) {
        List<Subtopology> subtopologies = new ArrayList<>();
        plan.subtopologies()
                .forEach((id, planned) -> subtopologies.add(new Subtopology()
                        .setSubtopologyId(id)
                        .setSourceTopics(sorted(planned.sourceTopics()))
                        .setRepartitionSinkTopics(sorted(planned.repartitionSinks()))
                        .setRepartitionSourceTopics(planned(planned.repartitionSources()))
                        .setStateChangelogTopics(planned(planned.stateChangelogs()))));
        return new Topology().setEpoch(plan.topologyEpoch()).setSubtopologies(subtopologies);
    }

    private static List<TopicInfo> planned(List<PlannedTopic> topics) {
        return topics.stream()
                .sorted(Comparator.comparing(PlannedTopic::name))
                .map(topic -> new TopicInfo()
                        .setName(topic.name())
                        .setPartitions(topic.partitions())
                        .setReplicationFactor(topic.replicationFactor())
                        .setTopicConfigs(topic.configs().entrySet().stream()
                                .map(config ->
                                        new KeyValue().setKey(config.getKey()).setValue(config.getValue()))
                                .toList()))
                .toList();
    }

    private static Subtopology told(StreamsTopology.Subtopology subtopology) {
        return new Subtopology()
                .setSubtopologyId(subtopology.id())
                .setSourceTopics(sorted(subtopology.sourceTopics()))
                .setRepartitionSinkTopics(sorted(subtopology.repartitionSinks()))
                .setRepartitionSourceTopics(told(subtopology.repartitionSources()))
                .setStateChangelogTopics(told(subtopology.stateChangelogs()));
    }

    private static List<TopicInfo> told(List<InternalTopic> topics) {
        return topics.stream()
                .sorted(Comparator.comparing(InternalTopic::name))
                .map(topic -> new TopicInfo()
                        .setName(topic.name())
                        .setPartitions(topic.partitions())
                        .setReplicationFactor(topic.replicationFactor())
                        .setTopicConfigs(topic.configs().stream()
                                .map(config ->
                                        new KeyValue().setKey(config.key()).setValue(config.value()))
                                .toList()))
                .toList();
    }

    private static List<String> sorted(Collection<String> names) {
        return names.stream().sorted().toList();
    }

    // ---- members

    private static Member described(StreamsMember member, TaskAssignment target) {
        StreamsGroupMemberRecord.Value profile = member.profile();
        StreamsGroupMemberRecord.Endpoint endpoint = profile.endpoint();
        return new Member()
                .setMemberId(member.id())
                .setMemberEpoch(member.epoch())
                .setInstanceId(profile.instanceId())
                .setRackId(profile.rackId())
                .setClientId(profile.clientId())
                .setClientHost(profile.clientHost())
                .setTopologyEpoch(profile.topologyEpoch())
                .setProcessId(profile.processId())
                .setUserEndpoint(
                        endpoint == null
                                ? null
                                : new Endpoint().setHost(endpoint.host()).setPort(endpoint.port()))
                .setClientTags(profile.clientTags().entrySet().stream()
                        .map(tag -> new KeyValue().setKey(tag.getKey()).setValue(tag.getValue()))
                        .toList())
                .setAssignment(assignment(member.assigned().tasks()))
                .setTargetAssignment(assignment(target));
    }

    private static Assignment assignment(TaskAssignment tasks) {
        return new Assignment()
                .setActiveTasks(ids(tasks.active()))
                .setStandbyTasks(ids(tasks.standby()))
                .setWarmupTasks(ids(tasks.warmup()));
    }

    private static List<TaskIds> ids(TaskSet tasks) {
        List<TaskIds> ids = new ArrayList<>();
        tasks.bySubtopology()
                .forEach((subtopologyId, partitions) ->
                        ids.add(new TaskIds().setSubtopologyId(subtopologyId).setPartitions(List.copyOf(partitions))));
        return ids;
    }
}
