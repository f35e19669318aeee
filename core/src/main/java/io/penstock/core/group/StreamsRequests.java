package io.penstock.core.group;

import io.penstock.core.group.streams.StreamsMember;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a heartbeat of a streams group's member whatever the group's state. Static members, offsets of tasks, warm-up
 * tasks and patterns of source topics are refused, as Kafka 4.3 refuses them. Stateless.
 */
public final class StreamsRequests {
    static final int UNCHANGED = -1;

    private StreamsRequests() {}

    /** Why a request is refused at once; null if it is not. */
    public static @Nullable Refusal flaw(StreamsGroupHeartbeatRequestData request) {
        Topology topology = request.topology();
        Refusal flaw = topology == null ? null : flawOfNames(topology);
        flaw = flaw == null ? unsupported(request) : flaw;
        flaw = flaw == null ? flawOfIds(request) : flaw;
        flaw = flaw == null ? flawOfEpoch(request) : flaw;
        return flaw == null ? flawOfTasks(request) : flaw;
    }

    private static @Nullable Refusal flawOfNames(Topology topology) {
        List<String> names = topology.subtopologies().stream()
                .flatMap(StreamsRequests::names)
                .distinct()
                .toList();
        List<String> internal = names.stream().filter(Topic::isInternal).toList();
        if (!internal.isEmpty()) {
            return StreamsRefusals.invalidTopology("Use of Kafka internal topics " + String.join(",", internal)
                    + " in a Kafka Streams topology is prohibited.");
        }
        List<String> invalid = names.stream().filter(name -> !isValid(name)).toList();
        return invalid.isEmpty()
                ? null
                : StreamsRefusals.invalidTopology(
                        "Topic names " + String.join(",", invalid) + " are not valid topic names.");
    }

    private static Stream<String> names(Subtopology subtopology) {
        return Stream.of(
                        subtopology.sourceTopics().stream(),
                        subtopology.repartitionSinkTopics().stream(),
                        subtopology.repartitionSourceTopics().stream().map(TopicInfo::name),
                        subtopology.stateChangelogTopics().stream().map(TopicInfo::name))
                .flatMap(names -> names);
    }

    private static boolean isValid(String topic) {
        try {
            Topic.validate(topic);
            return true;
        } catch (InvalidTopicException e) {
            return false; // that is the question
        }
    }

    private static @Nullable Refusal unsupported(StreamsGroupHeartbeatRequestData request) {
        Topology topology = request.topology();
        if (request.instanceId() != null) {
            return StreamsRefusals.invalid("Static membership is not yet supported.");
        } else if (request.taskOffsets() != null) {
            return StreamsRefusals.invalid("TaskOffsets are not supported yet.");
        } else if (request.taskEndOffsets() != null) {
            return StreamsRefusals.invalid("TaskEndOffsets are not supported yet.");
        } else if (isFilled(request.warmupTasks())) {
            return StreamsRefusals.invalid("WarmupTasks are not supported yet.");
        }
        boolean hasPatterns = topology != null
                && topology.subtopologies().stream().anyMatch(subtopology -> isFilled(subtopology.sourceTopicRegex()));
        return hasPatterns
                ? StreamsRefusals.invalid("Regular expressions for source topics are not supported yet.")
                : null;
    }

    private static @Nullable Refusal flawOfIds(StreamsGroupHeartbeatRequestData request) {
        if (isBlank(request.memberId())) {
            return StreamsRefusals.invalid("MemberId can't be empty.");
        } else if (isBlank(request.groupId())) {
            return StreamsRefusals.invalid("GroupId can't be empty.");
        }
        return isBlank(request.rackId()) ? StreamsRefusals.invalid("RackId can't be empty.") : null;
    }

    private static @Nullable Refusal flawOfEpoch(StreamsGroupHeartbeatRequestData request) {
        int epoch = request.memberEpoch();
        if (epoch == StreamsMember.JOINING_EPOCH) {
            return flawOfJoin(request);
        } else if (epoch == StreamsMember.STATIC_LEAVING_EPOCH) {
            return StreamsRefusals.invalid("InstanceId can't be null.");
        } else if (epoch < StreamsMember.STATIC_LEAVING_EPOCH) {
            return StreamsRefusals.invalid("MemberEpoch is " + epoch + ", but must be greater than or equal to -2.");
        }
        return null;
    }

    private static @Nullable Refusal flawOfJoin(StreamsGroupHeartbeatRequestData request) {
        Topology topology = request.topology();
        if (request.rebalanceTimeoutMs() == UNCHANGED) {
            return StreamsRefusals.invalid("RebalanceTimeoutMs must be provided in first request.");
        } else if (isFilled(request.activeTasks())) {
            return StreamsRefusals.invalid("ActiveTasks must be empty when (re-)joining.");
        } else if (isFilled(request.standbyTasks())) {
            return StreamsRefusals.invalid("StandbyTasks must be empty when (re-)joining.");
        } else if (topology == null) {
            return StreamsRefusals.invalid("Topology must be non-null when (re-)joining.");
        } else if (topology.epoch() < 0) {
            return StreamsRefusals.invalidTopology("Topology epoch must be non-negative.");
        }
        for (Subtopology subtopology : topology.subtopologies()) {
            for (TopicInfo changelog : subtopology.stateChangelogTopics()) {
                if (changelog.partitions() != 0) {
                    return StreamsRefusals.invalidTopology("Changelog topic " + changelog.name()
                            + " must have an undefined partition count, but it is set to " + changelog.partitions()
                            + ".");
                }
            }
        }
        return null;
    }

    private static @Nullable Refusal flawOfTasks(StreamsGroupHeartbeatRequestData request) {
        long told = Stream.of(request.activeTasks(), request.standbyTasks(), request.warmupTasks())
                .filter(tasks -> tasks != null)
                .count();
        if (told != 0 && told != 3) {
            return StreamsRefusals.invalid("If one task-type is non-null, all must be non-null.");
        }
        return request.memberEpoch() != StreamsMember.JOINING_EPOCH && request.topology() != null
                ? StreamsRefusals.invalid("Topology can only be provided when (re-)joining.")
                : null;
    }

    private static boolean isFilled(@Nullable Collection<?> values) {
        return values != null && !values.isEmpty();
    }

    private static boolean isBlank(@Nullable String text) {
        return text != null && text.trim().isEmpty();
    }
}
