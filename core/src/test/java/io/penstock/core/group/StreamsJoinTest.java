package io.penstock.core.group;

import static io.penstock.core.group.StreamsFixture.GROUP;
import static io.penstock.core.group.StreamsFixture.STREAMS_SETTINGS;
import static io.penstock.core.group.StreamsFixture.active;
import static io.penstock.core.group.StreamsFixture.beatRequest;
import static io.penstock.core.group.StreamsFixture.joinRequest;
import static io.penstock.core.group.StreamsFixture.statuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Endpoint;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Members join streams groups, get tasks, and hand them over. */
class StreamsJoinTest {
    private final StreamsFixture groups = new StreamsFixture();

    @Test
    void shouldGiveAllTasksToTheFirstMember() {
        // when
        StreamsGroupHeartbeatResponseData answer = groups.join("a");

        // then: the group's first epoch is 2, as in Kafka
        assertThat(active(answer)).containsExactly(0, 1, 2, 3);
        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(answer.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(answer.status()).isEmpty();
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldTellTasksOnlyWhenTheyChange() {
        // given
        groups.join("a");

        // when
        StreamsGroupHeartbeatResponseData answer = groups.beat("a", 2);

        // then
        assertThat(active(answer)).isNull();
        assertThat(answer.memberEpoch()).isEqualTo(2);
    }

    @Test
    void shouldNotGiveATaskBeforeItsFormerOwnerHasGivenItUp() {
        // given
        groups.join("a");

        // when
        StreamsGroupHeartbeatResponseData joined = groups.join("b");
        StreamsGroupHeartbeatResponseData told = groups.beat("a", 2);

        // then
        assertThat(active(joined)).isEmpty();
        assertThat(active(told)).hasSize(2);
        assertThat(groups.member("a").state()).isEqualTo(MemberState.UNREVOKED_TASKS);
        assertThat(active(groups.beat("b", 3))).isNull();
        assertThat(groups.state()).isEqualTo("Reconciling");

        // when
        groups.beat("a");
        StreamsGroupHeartbeatResponseData given = groups.beat("b", 3);

        // then
        List<Integer> all = new ArrayList<>(groups.has("a"));
        all.addAll(active(given));
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldKeepAMemberInItsEpochAsLongAsItHasTasksThatItMustGiveUp() {
        // given
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);

        // when
        StreamsGroupHeartbeatResponseData answer = groups.heard(beatRequest("a", 2, List.of(0, 1, 2, 3), List.of()));

        // then
        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(groups.member("a").pendingRevocation().active().tasks().size())
                .isEqualTo(2);
    }

    @Test
    void shouldGiveTheTasksOfAMemberThatLeavesToOthers() {
        // given
        groups.stableGroup("a", "b");
        int epoch = groups.group().epoch();

        // when
        StreamsGroupHeartbeatResponseData left = groups.heard(beatRequest("a", -1));
        StreamsGroupHeartbeatResponseData answer = groups.beat("b");

        // then
        assertThat(left.memberEpoch()).isEqualTo(-1);
        assertThat(active(answer)).containsExactly(0, 1, 2, 3);
        assertThat(groups.group().epoch()).isEqualTo(epoch + 1);
    }

    @Test
    void shouldDelayTheFirstAssignmentOfANewGroup() {
        // given
        StreamsFixture slow = new StreamsFixture(
                STREAMS_SETTINGS.with(Map.of(StreamsGroupSettings.INITIAL_REBALANCE_DELAY_KEY, "3000")));

        // when
        StreamsGroupHeartbeatResponseData first = slow.join("a");
        StreamsGroupHeartbeatResponseData second = slow.join("b");

        // then
        assertThat(statuses(first)).containsExactly((byte) 5);
        assertThat(first.memberEpoch()).isEqualTo(1);
        assertThat(active(second)).isEmpty();

        // when
        slow.broker.advance(3_000);

        // then: nobody had to give anything up
        assertThat(active(slow.beat("a", 1))).hasSize(2);
        assertThat(active(slow.beat("b", 1))).hasSize(2);
        assertThat(slow.state()).isEqualTo("Stable");
    }

    @Test
    void shouldShareOutNoMoreOftenThanAllowed() {
        // given
        StreamsFixture slow =
                new StreamsFixture(STREAMS_SETTINGS.with(Map.of(StreamsGroupSettings.ASSIGNMENT_INTERVAL_KEY, "1000")));
        slow.join("a");

        // when
        StreamsGroupHeartbeatResponseData answer = slow.join("b");

        // then
        assertThat(statuses(answer)).containsExactly((byte) 5);
        assertThat(slow.group().targets().epoch()).isEqualTo(2);

        // when
        slow.broker.advance(1_000);
        slow.beat("a", 2);

        // then
        assertThat(slow.group().targets().epoch()).isEqualTo(3);
    }

    @Test
    void shouldPlaceStandbyTasksInOtherProcesses() {
        // given
        groups.configs.put(GROUP, Map.of(StreamsGroupSettings.STANDBY_REPLICAS_KEY, "1"));

        // when
        groups.stableGroup("a", "b");

        // then
        assertThat(groups.member("a").assigned().standby().partitions("0")).isEqualTo(groups.has("b"));
        assertThat(groups.member("b").assigned().standby().partitions("0")).isEqualTo(groups.has("a"));
    }

    @Test
    void shouldFollowAChangeOfTheNumberOfStandbyTasks() {
        // given
        groups.stableGroup("a", "b");

        // when
        groups.configs.put(GROUP, Map.of(StreamsGroupSettings.STANDBY_REPLICAS_KEY, "1"));
        groups.settle("a", "b");

        // then
        assertThat(groups.member("a").assigned().standby().size()).isEqualTo(2);
        assertThat(groups.group().header().assignmentConfigs()).containsEntry("num.standby.replicas", "1");
    }

    @Test
    void shouldTurnACopyIntoTheActiveTaskWhenItsOwnerLeaves() {
        // given
        groups.configs.put(GROUP, Map.of(StreamsGroupSettings.STANDBY_REPLICAS_KEY, "1"));
        groups.stableGroup("a", "b", "c");
        List<Integer> ofA = groups.has("a");

        // when
        groups.heard(beatRequest("a", -1));
        groups.settle("b", "c");

        // then
        List<Integer> all = new ArrayList<>(groups.has("b"));
        all.addAll(groups.has("c"));
        assertThat(all).containsExactlyInAnyOrder(0, 1, 2, 3).containsAll(ofA);
    }

    @Test
    void shouldTellWhoHasWhatToMembersThatAsk() {
        // given
        groups.heard(joinRequest("a")
                .setUserEndpoint(new Endpoint().setHost("localhost").setPort(8_080)));

        // when
        StreamsGroupHeartbeatResponseData answer = groups.heard(beatRequest("a", 2));

        // then
        assertThat(answer.endpointInformationEpoch()).isEqualTo(1);
        assertThat(answer.partitionsByUserEndpoint()).hasSize(1);
        assertThat(answer.partitionsByUserEndpoint().get(0).userEndpoint().port())
                .isEqualTo(8_080);
        assertThat(answer.partitionsByUserEndpoint()
                        .get(0)
                        .activePartitions()
                        .get(0)
                        .partitions())
                .containsExactly(0, 1, 2, 3);

        // when: it knows
        answer = groups.heard(beatRequest("a", 2).setEndpointInformationEpoch(1));

        // then
        assertThat(answer.partitionsByUserEndpoint()).isNull();
    }

    @Test
    void shouldTellAllToShutDownWhenOneAsksForIt() {
        // given
        groups.stableGroup("a", "b");

        // when
        groups.heard(beatRequest("a", -1).setShutdownApplication(true));

        // then
        StreamsGroupHeartbeatResponseData answer = groups.beat("b");
        assertThat(statuses(answer)).containsExactly((byte) 4);
        assertThat(answer.status().get(0).statusDetail()).contains("member a ");

        // when: all have gone, and the application starts again
        groups.heard(beatRequest("b", -1));

        // then
        assertThat(groups.join("c").status()).isEmpty();
    }

    @Test
    void shouldTakeTheIdOfAnEmptyClassicGroup() {
        // given
        groups.broker.commit(GROUP, "", -1, "in", 0, 7);

        // when
        groups.join("a");

        // then
        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(groups.broker.committed(GROUP, "in", 0)).isEqualTo(7);
    }

    @Test
    void shouldBeTheSameGroupAfterARestart() {
        // given
        groups.configs.put(GROUP, Map.of(StreamsGroupSettings.STANDBY_REPLICAS_KEY, "1"));
        groups.stableGroup("a", "b");
        int epoch = groups.group().epoch();
        List<Integer> had = groups.has("a");

        // when
        groups.broker.restart();
        StreamsGroupHeartbeatResponseData answer = groups.beat("a");

        // then
        assertThat(answer.memberEpoch()).isEqualTo(epoch);
        assertThat(groups.has("a")).isEqualTo(had);
        assertThat(groups.group().epoch()).isEqualTo(epoch);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsDeleted() {
        // given
        groups.stableGroup("a");
        assertThat(groups.broker.deleteGroup(GROUP)).isEqualTo(Errors.NON_EMPTY_GROUP);
        groups.heard(beatRequest("a", -1));

        // when
        assertThat(groups.broker.deleteGroup(GROUP)).isEqualTo(Errors.NONE);
        groups.broker.restart();

        // then
        assertThat(groups.broker.shard.groups()).isEmpty();
    }
}
