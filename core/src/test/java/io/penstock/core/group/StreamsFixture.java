package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.streams.StreamsMember;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Streams group {@code g} in a shard, with topic {@code in} of four partitions and targets that are computed without delay. Its usual
 * topology is one subtopology {@code 0} that reads it and has a changelog, which is there.
 */
final class StreamsFixture {
    static final String GROUP = "g";
    static final int REBALANCE_MS = 60_000;
    static final int SESSION_MS = 45_000;
    static final StreamsCaller CALLER = new StreamsCaller("client", "/127.0.0.1");
    static final StreamsGroupSettings STREAMS_SETTINGS =
            new StreamsGroupSettings(SESSION_MS, 5_000, Integer.MAX_VALUE, 0, 0, 0, StreamsGroupSettings.Bounds.NONE);

    final ShardFixture broker;
    final Map<String, Map<String, String>> configs = new HashMap<>();
    /** Internal topics that the last answer asks to be made. */
    List<String> missing = List.of();

    StreamsFixture() {
        this(STREAMS_SETTINGS);
    }

    StreamsFixture(StreamsGroupSettings settings) {
        GroupSettings base = GroupSettings.DEFAULT;
        broker = new ShardFixture(
                new GroupSettings(
                        base.minSessionTimeoutMs(),
                        base.maxSessionTimeoutMs(),
                        base.initialRebalanceDelayMs(),
                        base.maxMembers(),
                        base.offsetsRetentionMs(),
                        base.offsetsCheckIntervalMs(),
                        base.offsetMetadataMaxChars(),
                        base.maxMemberBytes(),
                        base.maxWaitingCommands(),
                        base.consumer(),
                        settings),
                new GroupSurroundings(groupId -> configs.getOrDefault(groupId, Map.of()), TopicPatterns.NONE));
        broker.onTopics(TestTopics.NONE.with("in", 4).with("log", 4), true);
    }

    // ---- asking

    /** One subtopology with a changelog. */
    static Topology topology(int epoch) {
        return new Topology()
                .setEpoch(epoch)
                .setSubtopologies(List.of(new Subtopology()
                        .setSubtopologyId("0")
                        .setSourceTopics(List.of("in"))
                        .setStateChangelogTopics(List.of(new TopicInfo().setName("log")))));
    }

    /** A first request of a process of its own, without tasks. */
    static StreamsGroupHeartbeatRequestData joinRequest(String memberId) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(StreamsMember.JOINING_EPOCH)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setTopology(topology(1))
                .setProcessId("process of " + memberId)
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of());
    }

    /** A request that says nothing but that the member is there, in that epoch. */
    static StreamsGroupHeartbeatRequestData beatRequest(String memberId, int epoch) {
        return new StreamsGroupHeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch);
    }

    /** A request that tells what the client has: tasks of subtopology {@code 0}. */
    static StreamsGroupHeartbeatRequestData beatRequest(
            String memberId, int epoch, List<Integer> active, List<Integer> standby) {
        return beatRequest(memberId, epoch)
                .setActiveTasks(ids(active))
                .setStandbyTasks(ids(standby))
                .setWarmupTasks(List.of());
    }

    private static List<TaskIds> ids(List<Integer> tasks) {
        return tasks.isEmpty()
                ? List.of()
                : List.of(new TaskIds().setSubtopologyId("0").setPartitions(tasks));
    }

    StreamsGroupHeartbeatResponseData ask(StreamsGroupHeartbeatRequestData request) {
        Answer<StreamsHeartbeatAnswer> answer = new Answer<>();
        broker.submit(GroupCommands.streamsHeartbeat(request, CALLER, answer));
        missing = answer.get().missingTopics().stream()
                .map(topic -> topic.name() + ":" + topic.numPartitions())
                .toList();
        return answer.get().data();
    }

    Errors errorOf(StreamsGroupHeartbeatRequestData request) {
        return Errors.forCode(ask(request).errorCode());
    }

    StreamsGroupHeartbeatResponseData heard(StreamsGroupHeartbeatRequestData request) {
        StreamsGroupHeartbeatResponseData answer = ask(request);
        assertThat(Errors.forCode(answer.errorCode())).as(answer.errorMessage()).isEqualTo(Errors.NONE);
        return answer;
    }

    StreamsGroupHeartbeatResponseData join(String memberId) {
        return heard(joinRequest(memberId));
    }

    StreamsGroupHeartbeatResponseData beat(String memberId, int epoch) {
        return heard(beatRequest(memberId, epoch));
    }

    /** A heartbeat of a client that has exactly what it was given. */
    StreamsGroupHeartbeatResponseData beat(String memberId) {
        StreamsMember member = member(memberId);
        return heard(beatRequest(
                memberId,
                member.epoch(),
                member.assigned().active().tasks().partitions("0"),
                member.assigned().standby().partitions("0")));
    }

    /** All members give up what they must and take what they get until the group is stable. */
    void settle(String... memberIds) {
        for (int round = 0; round < 4; round++) {
            for (String memberId : memberIds) {
                beat(memberId);
            }
        }
        assertThat(state()).isEqualTo("Stable");
    }

    /** Lets members join and brings all to their targets. */
    void stableGroup(String... memberIds) {
        for (String memberId : memberIds) {
            join(memberId);
        }
        settle(memberIds);
    }

    // ---- looking

    /** Active tasks of subtopology {@code 0} in an answer; null if the answer says nothing of tasks. */
    static @Nullable List<Integer> active(StreamsGroupHeartbeatResponseData answer) {
        return answer.activeTasks() == null ? null : tasks(answer.activeTasks());
    }

    private static List<Integer> tasks(List<StreamsGroupHeartbeatResponseData.TaskIds> ids) {
        List<Integer> tasks = new ArrayList<>();
        ids.stream()
                .filter(own -> own.subtopologyId().equals("0"))
                .forEach(own -> tasks.addAll(new TreeSet<>(own.partitions())));
        return tasks;
    }

    static List<Byte> statuses(StreamsGroupHeartbeatResponseData answer) {
        return answer.status().stream().map(Status::statusCode).toList();
    }

    StreamsGroup group() {
        return (StreamsGroup) Objects.requireNonNull(broker.shard.group(GROUP));
    }

    StreamsMember member(String memberId) {
        return Objects.requireNonNull(group().member(memberId));
    }

    /** Active tasks of subtopology {@code 0} that a member has. */
    List<Integer> has(String memberId) {
        return member(memberId).assigned().active().tasks().partitions("0");
    }

    String state() {
        return Objects.requireNonNull(broker.shard.group(GROUP)).stateName();
    }

    DescribedGroup described() {
        return GroupListing.describeStreams(broker.shard, GROUP);
    }
}
