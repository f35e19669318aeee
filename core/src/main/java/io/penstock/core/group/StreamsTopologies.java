package io.penstock.core.group;

import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.Config;
import io.penstock.core.group.record.StreamsTopology.CopartitionGroup;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.jspecify.annotations.Nullable;

/** Reads topologies and tasks out of heartbeats. Stateless. */
final class StreamsTopologies {
    private StreamsTopologies() {}

    static StreamsTopology of(Topology topology) {
        return new StreamsTopology(
                topology.epoch(),
                topology.subtopologies().stream().map(StreamsTopologies::of).toList());
    }

    private static Subtopology of(StreamsGroupHeartbeatRequestData.Subtopology subtopology) {
        return new Subtopology(
                subtopology.subtopologyId(),
                subtopology.sourceTopics(),
                subtopology.sourceTopicRegex(),
                topics(subtopology.stateChangelogTopics()),
                subtopology.repartitionSinkTopics(),
                topics(subtopology.repartitionSourceTopics()),
                subtopology.copartitionGroups().stream()
                        .map(group -> new CopartitionGroup(
                                group.sourceTopics(), group.sourceTopicRegex(), group.repartitionSourceTopics()))
                        .toList());
    }

    private static List<InternalTopic> topics(List<TopicInfo> topics) {
        return topics.stream()
                .map(topic -> new InternalTopic(
                        topic.name(),
                        topic.partitions(),
                        topic.replicationFactor(),
                        topic.topicConfigs().stream()
                                .map(config -> new Config(config.key(), config.value()))
                                .toList()))
                .toList();
    }

    /** Whether two topologies say the same, in whatever order their subtopologies are. */
    static boolean areSame(StreamsTopology one, StreamsTopology other) {
        return one.epoch() == other.epoch() && byId(one).equals(byId(other));
    }

    private static Map<String, Subtopology> byId(StreamsTopology topology) {
        Map<String, Subtopology> byId = new HashMap<>();
        topology.subtopologies().forEach(subtopology -> byId.put(subtopology.id(), subtopology));
        return byId;
    }

    /** What the client says that it has; null if it does not say. */
    static @Nullable TaskAssignment reported(StreamsGroupHeartbeatRequestData request) {
        List<TaskIds> active = request.activeTasks();
        List<TaskIds> standby = request.standbyTasks();
        List<TaskIds> warmup = request.warmupTasks();
        return active == null || standby == null || warmup == null
                ? null
                : new TaskAssignment(tasks(active), tasks(standby), tasks(warmup));
    }

    private static TaskSet tasks(List<TaskIds> ids) {
        TaskSet.Builder tasks = new TaskSet.Builder();
        ids.forEach(own -> tasks.addAll(own.subtopologyId(), own.partitions()));
        return tasks.build();
    }
}
