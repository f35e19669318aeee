package io.penstock.core.group;

import static io.penstock.core.group.StreamsFixture.beatRequest;
import static io.penstock.core.group.StreamsFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Heartbeats that are refused whatever the group's state; texts are Kafka's. */
class StreamsRequestsTest {
    private static final List<TaskIds> SOME =
            List.of(new TaskIds().setSubtopologyId("0").setPartitions(List.of(0)));

    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of(joinRequest("a").setInstanceId("i"), "Static membership is not yet supported."),
                Arguments.of(joinRequest("a").setTaskOffsets(List.of()), "TaskOffsets are not supported yet."),
                Arguments.of(joinRequest("a").setTaskEndOffsets(List.of()), "TaskEndOffsets are not supported yet."),
                Arguments.of(joinRequest("a").setWarmupTasks(SOME), "WarmupTasks are not supported yet."),
                Arguments.of(
                        joinRequest("a").setTopology(topology(new Subtopology().setSourceTopicRegex(List.of("x.*")))),
                        "Regular expressions for source topics are not supported yet."),
                Arguments.of(joinRequest(""), "MemberId can't be empty."),
                Arguments.of(joinRequest("a").setGroupId(" "), "GroupId can't be empty."),
                Arguments.of(joinRequest("a").setRackId(""), "RackId can't be empty."),
                Arguments.of(
                        joinRequest("a").setRebalanceTimeoutMs(-1),
                        "RebalanceTimeoutMs must be provided in first request."),
                Arguments.of(joinRequest("a").setActiveTasks(SOME), "ActiveTasks must be empty when (re-)joining."),
                Arguments.of(joinRequest("a").setStandbyTasks(SOME), "StandbyTasks must be empty when (re-)joining."),
                Arguments.of(joinRequest("a").setTopology(null), "Topology must be non-null when (re-)joining."),
                Arguments.of(beatRequest("a", -2), "InstanceId can't be null."),
                Arguments.of(beatRequest("a", -3), "MemberEpoch is -3, but must be greater than or equal to -2."),
                Arguments.of(
                        beatRequest("a", 1).setActiveTasks(SOME),
                        "If one task-type is non-null, all must be non-null."),
                Arguments.of(
                        beatRequest("a", 1).setTopology(new Topology()),
                        "Topology can only be provided when (re-)joining."));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void shouldRefuseInvalidRequests(StreamsGroupHeartbeatRequestData request, String message) {
        assertThat(StreamsRequests.flaw(request)).isEqualTo(new Refusal(Errors.INVALID_REQUEST, message));
    }

    private static Topology topology(Subtopology subtopology) {
        return new Topology().setEpoch(0).setSubtopologies(List.of(subtopology.setSubtopologyId("0")));
    }

    static Stream<Arguments> invalidTopologies() {
        return Stream.of(
                Arguments.of(
                        new Subtopology().setSourceTopics(List.of("__consumer_offsets")),
                        "Use of Kafka internal topics __consumer_offsets in a Kafka Streams topology is prohibited."),
                Arguments.of(
                        new Subtopology().setRepartitionSinkTopics(List.of("a b", "c/d")),
                        "Topic names a b,c/d are not valid topic names."),
                Arguments.of(
                        new Subtopology()
                                .setStateChangelogTopics(
                                        List.of(new TopicInfo().setName("log").setPartitions(2))),
                        "Changelog topic log must have an undefined partition count, but it is set to 2."));
    }

    @ParameterizedTest
    @MethodSource("invalidTopologies")
    void shouldRefuseInvalidTopologies(Subtopology subtopology, String message) {
        assertThat(StreamsRequests.flaw(joinRequest("a").setTopology(topology(subtopology))))
                .isEqualTo(new Refusal(Errors.STREAMS_INVALID_TOPOLOGY, message));
    }

    @Test
    void shouldHaveNothingAgainstWhatKafkaStreamsSends() {
        assertThat(StreamsRequests.flaw(joinRequest("a"))).isNull();
        assertThat(StreamsRequests.flaw(beatRequest("a", 3))).isNull();
        assertThat(StreamsRequests.flaw(beatRequest("a", 3, List.of(1), List.of(2))))
                .isNull();
        assertThat(StreamsRequests.flaw(beatRequest("a", -1))).isNull();
    }
}
