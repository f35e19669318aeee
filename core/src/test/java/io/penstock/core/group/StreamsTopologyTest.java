package io.penstock.core.group;

import static io.penstock.core.group.StreamsFixture.GROUP;
import static io.penstock.core.group.StreamsFixture.active;
import static io.penstock.core.group.StreamsFixture.beatRequest;
import static io.penstock.core.group.StreamsFixture.joinRequest;
import static io.penstock.core.group.StreamsFixture.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData.DescribedGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Streams groups follow the topics of their topology. */
class StreamsTopologyTest {
    private final StreamsFixture groups = new StreamsFixture();

    @Test
    void shouldAskForInternalTopicsAndGiveTasksWhenTheyAreThere() {
        // given
        groups.broker.onTopics(TestTopics.NONE.with("in", 4), true);

        // when
        StreamsGroupHeartbeatResponseData answer = groups.join("a");

        // then
        assertThat(statuses(answer)).containsExactly((byte) 3);
        assertThat(answer.status().get(0).statusDetail()).isEqualTo("Internal topics are missing: log");
        assertThat(groups.missing).containsExactly("log:4");
        assertThat(active(answer)).isEmpty();
        assertThat(groups.state()).isEqualTo("NotReady");

        // when
        groups.broker.onTopics(groups.broker.topics.with("log", 4), true);
        answer = groups.beat("a", answer.memberEpoch());

        // then
        assertThat(answer.status()).isEmpty();
        assertThat(groups.missing).isEmpty();
        assertThat(active(answer)).containsExactly(0, 1, 2, 3);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldWaitForSourceTopics() {
        // given
        groups.broker.onTopics(TestTopics.NONE, false);

        // when
        StreamsGroupHeartbeatResponseData answer = groups.join("a");

        // then
        assertThat(statuses(answer)).containsExactly((byte) 1);
        assertThat(groups.missing).isEmpty();
        assertThat(groups.state()).isEqualTo("NotReady");
    }

    @Test
    void shouldTakeAllTasksBackWhenATopicGoes() {
        // given
        groups.stableGroup("a");
        int epoch = groups.group().epoch();

        // when
        groups.broker.onTopics(groups.broker.topics.without("log"), false);
        StreamsGroupHeartbeatResponseData answer = groups.beat("a");

        // then
        assertThat(statuses(answer)).containsExactly((byte) 3);
        assertThat(active(answer)).isEmpty();
        assertThat(groups.group().epoch()).isEqualTo(epoch + 1);
        assertThat(groups.group().header().validatedTopologyEpoch()).isEqualTo(-1);
    }

    @Test
    void shouldGiveMoreTasksWhenTopicsGrow() {
        // given
        groups.stableGroup("a");

        // when
        groups.broker.onTopics(groups.broker.topics.with("in", 5).with("log", 5), false);
        StreamsGroupHeartbeatResponseData answer = groups.beat("a");

        // then
        assertThat(active(answer)).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void shouldTellOfTopicsThatDoNotFit() {
        // given
        groups.stableGroup("a");

        // when
        groups.broker.onTopics(groups.broker.topics.with("in", 5), false);

        // then
        assertThat(statuses(groups.beat("a"))).containsExactly((byte) 2);
    }

    @Test
    void shouldBeginNoEpochForTopicsOfOthers() {
        // given
        groups.stableGroup("a");
        int epoch = groups.group().epoch();

        // when
        groups.broker.onTopics(groups.broker.topics.with("elsewhere", 5), true);
        groups.beat("a");

        // then
        assertThat(groups.group().epoch()).isEqualTo(epoch);
    }

    @Test
    void shouldRefuseATopologyThatContradictsItself() {
        // given
        Topology twice = new Topology()
                .setEpoch(1)
                .setSubtopologies(List.of(
                        new Subtopology().setSubtopologyId("0").setSourceTopics(List.of("in")),
                        new Subtopology().setSubtopologyId("0").setSourceTopics(List.of("in"))));

        // when, then
        assertThat(groups.errorOf(joinRequest("a").setTopology(twice))).isEqualTo(Errors.STREAMS_INVALID_TOPOLOGY);
        assertThat(groups.broker.shard.group(GROUP)).isNull();
    }

    @Test
    void shouldKeepTheOffsetsOfTopicsThatItReads() {
        // given
        groups.join("a");
        groups.broker.commit(GROUP, "a", 2, "in", 0, 5);

        // when, then
        assertThat(deleteError()).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
        groups.heard(beatRequest("a", -1));
        assertThat(deleteError()).isEqualTo(Errors.NONE);
        assertThat(groups.broker.committed(GROUP, "in", 0)).isEqualTo(-1);
    }

    private Errors deleteError() {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("in")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        return Errors.forCode(groups.broker
                .deleteOffsets(new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics))
                .get()
                .topics()
                .find("in")
                .partitions()
                .find(0)
                .errorCode());
    }

    @Test
    void shouldDescribeMembersTasksAndTopology() {
        // given
        groups.heard(joinRequest("a").setRackId("r"));

        // when
        DescribedGroup group = groups.described();

        // then
        assertThat(group.groupState()).isEqualTo("Stable");
        assertThat(group.groupEpoch()).isEqualTo(2);
        assertThat(group.assignmentEpoch()).isEqualTo(2);
        assertThat(group.topology().epoch()).isEqualTo(1);
        assertThat(group.topology().subtopologies()).hasSize(1);
        assertThat(group.topology()
                        .subtopologies()
                        .get(0)
                        .stateChangelogTopics()
                        .get(0)
                        .partitions())
                .isEqualTo(4);
        assertThat(group.members()).hasSize(1);
        assertThat(group.members().get(0).processId()).isEqualTo("process of a");
        assertThat(group.members().get(0).rackId()).isEqualTo("r");
        assertThat(group.members().get(0).assignment().activeTasks().get(0).partitions())
                .containsExactly(0, 1, 2, 3);
        assertThat(group.members().get(0).targetAssignment())
                .isEqualTo(group.members().get(0).assignment());
    }

    @Test
    void shouldNotDescribeGroupsOfOtherKinds() {
        assertThat(groups.described().errorMessage()).isEqualTo("Group g not found.");
        groups.broker.commit(GROUP, "", -1, "in", 0, 7);
        assertThat(groups.described().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(groups.described().errorMessage()).isEqualTo("Group g is not a streams group.");
    }
}
