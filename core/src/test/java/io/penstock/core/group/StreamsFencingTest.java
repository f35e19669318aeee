package io.penstock.core.group;

import static io.penstock.core.group.StreamsFixture.GROUP;
import static io.penstock.core.group.StreamsFixture.REBALANCE_MS;
import static io.penstock.core.group.StreamsFixture.SESSION_MS;
import static io.penstock.core.group.StreamsFixture.STREAMS_SETTINGS;
import static io.penstock.core.group.StreamsFixture.beatRequest;
import static io.penstock.core.group.StreamsFixture.joinRequest;
import static io.penstock.core.group.StreamsFixture.topology;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.streams.StreamsMember;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TaskIds;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is not, or no more, a member of a streams group. */
class StreamsFencingTest {
    private final StreamsFixture groups = new StreamsFixture();

    @Test
    void shouldNotKnowMembersThatHaveNotJoined() {
        assertThat(groups.errorOf(beatRequest("a", 1))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        groups.join("a");
        assertThat(groups.errorOf(beatRequest("b", 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.errorOf(beatRequest("b", -1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldFenceAMemberOfAnotherEpoch() {
        // given
        groups.stableGroup("a", "b");
        int epoch = groups.member("a").epoch();

        // when, then
        assertThat(groups.errorOf(beatRequest("a", epoch + 1))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(groups.errorOf(beatRequest("a", epoch - 1))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void shouldHearAMemberThatHasNotHeardOfItsNewEpoch() {
        // given
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);
        groups.beat("a"); // the answer, with epoch 3, is lost

        // when
        StreamsGroupHeartbeatResponseData answer = groups.heard(beatRequest("a", 2, groups.has("a"), List.of()));

        // then
        assertThat(answer.memberEpoch()).isEqualTo(3);
        assertThat(groups.errorOf(beatRequest("a", 2, List.of(0, 1, 2, 3), List.of())))
                .isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void shouldTellTasksAgainToAMemberThatHasNotHeardOfThem() {
        // given
        groups.stableGroup("a", "b");
        int epoch = groups.member("a").epoch();
        List<Integer> known = groups.has("a");
        groups.heard(beatRequest("b", StreamsMember.LEAVING_EPOCH));
        groups.beat("a"); // the answer, with the tasks of b, is lost

        // when
        StreamsGroupHeartbeatResponseData answer = groups.heard(beatRequest("a", epoch, known, List.of()));

        // then
        assertThat(known).hasSize(2);
        assertThat(StreamsFixture.active(answer)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void shouldNotRepeatTasksToAMemberThatHasThem() {
        // given
        groups.stableGroup("a");

        // when
        StreamsGroupHeartbeatResponseData answer = groups.beat("a");

        // then
        assertThat(StreamsFixture.active(answer)).isNull();
    }

    @Test
    void shouldDropAMemberThatIsNotHeardOf() {
        // given
        groups.stableGroup("a", "b");

        // when
        groups.broker.advance(SESSION_MS - 1_000);
        groups.beat("b");
        groups.broker.advance(1_000);

        // then
        assertThat(groups.group().member("a")).isNull();
        assertThat(groups.has("b")).hasSize(2);
        groups.settle("b");
        assertThat(groups.has("b")).hasSize(4);
    }

    @Test
    void shouldDropAMemberThatDoesNotGiveItsTasksUp() {
        // given
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);

        // when
        for (int passedMs = 0; passedMs < REBALANCE_MS; passedMs += 10_000) {
            groups.broker.advance(10_000);
            groups.ask(beatRequest("a", 2));
            groups.beat("b");
        }

        // then
        assertThat(groups.group().member("a")).isNull();
        groups.settle("b");
        assertThat(groups.has("b")).hasSize(4);
    }

    @Test
    void shouldDropMembersThatAreNotHeardOfAfterARestart() {
        // given
        groups.stableGroup("a", "b");

        // when
        groups.broker.restart();
        groups.broker.advance(SESSION_MS);

        // then
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void shouldRefuseMembersBeyondTheGroupsSize() {
        // given
        StreamsFixture small =
                new StreamsFixture(new StreamsGroupSettings(SESSION_MS, 5_000, 1, 0, 0, 0, STREAMS_SETTINGS.bounds()));
        small.join("a");

        // when, then
        assertThat(small.errorOf(joinRequest("b"))).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldRefuseTasksThatDoNotExist() {
        // given
        groups.join("a");

        // when, then
        assertThat(groups.errorOf(beatRequest("a", 2, List.of(4), List.of()))).isEqualTo(Errors.INVALID_REQUEST);
        assertThat(groups.errorOf(beatRequest("a", 2)
                        .setActiveTasks(List.of())
                        .setStandbyTasks(
                                List.of(new TaskIds().setSubtopologyId("7").setPartitions(List.of(0))))
                        .setWarmupTasks(List.of())))
                .isEqualTo(Errors.INVALID_REQUEST);
    }

    @Test
    void shouldRefuseAnotherTopologyUnlessItIsAnOlderOne() {
        // given
        groups.heard(joinRequest("a").setTopology(topology(2)));

        // when, then
        assertThat(groups.errorOf(joinRequest("b").setTopology(topology(3)))).isEqualTo(Errors.INVALID_REQUEST);
        StreamsGroupHeartbeatResponseData stale = groups.heard(joinRequest("c").setTopology(topology(1)));
        assertThat(StreamsFixture.statuses(stale)).containsExactly((byte) 0);
        assertThat(groups.group().topology())
                .isNotNull()
                .satisfies(known -> assertThat(known.epoch()).isEqualTo(2));
    }

    @Test
    void shouldNotMixWithGroupsOfOtherKinds() {
        // given
        ConsumerFixture consumers = new ConsumerFixture();
        consumers.join("a");

        // when
        Answer<StreamsHeartbeatAnswer> answer = new Answer<>();
        consumers.broker.submit(GroupCommands.streamsHeartbeat(joinRequest("b"), StreamsFixture.CALLER, answer));

        // then
        assertThat(answer.get().data().errorCode()).isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
        assertThat(answer.get().data().errorMessage()).isEqualTo("Group g is not a streams group.");

        // given
        groups.join("a");

        // when
        Answer<JoinGroupResponseData> classic = groups.broker.join(Members.joinRequest(""));

        // then
        assertThat(classic.get().errorCode()).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL.code());
        assertThat(GroupListing.describe(groups.broker.shard, GROUP).errorCode())
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND.code());
    }

    @Test
    void shouldLetAClassicGroupTakeTheIdOfAnEmptyOne() {
        // given
        groups.join("a");
        groups.heard(beatRequest("a", -1));

        // when
        Members.joining(groups.broker);

        // then
        assertThat(groups.broker.shard.group(GROUP)).isInstanceOf(ClassicGroup.class);
    }

    // ---- offsets

    @Test
    void shouldTakeOffsetsOnlyOfMembersInTheirEpoch() {
        // given
        groups.join("a");

        // when, then
        assertThat(groups.broker.commit(GROUP, "a", 2, "in", 0, 5)).isEqualTo(Errors.NONE);
        assertThat(groups.broker.commit(GROUP, "a", 3, "in", 0, 6)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(groups.broker.commit(GROUP, "a", 1, "in", 0, 6)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(groups.broker.commit(GROUP, "b", 2, "in", 0, 6)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.broker.commit(GROUP, "", -1, "in", 0, 6)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(groups.broker.committed(GROUP, "in", 0)).isEqualTo(5);
    }

    @Test
    void shouldTakeOffsetsOfAnOlderEpochForTasksThatTheMemberHasKept() {
        // given
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);
        groups.beat("a");
        int kept = groups.has("a").get(0);
        int given = groups.group().targets().of("b").active().partitions("0").get(0);

        // when, then: the member is in epoch 3 and does not know
        assertThat(groups.broker.commit(GROUP, "a", 2, "in", kept, 5)).isEqualTo(Errors.NONE);
        assertThat(groups.broker.commit(GROUP, "a", 2, "in", given, 5)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(groups.broker.commit(GROUP, "a", 2, "elsewhere", kept, 5)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
    }

    @Test
    void shouldTellOffsetsToMembersInTheirEpochAndToOutsiders() {
        // given
        groups.join("a");

        // when, then
        assertThat(fetchError(null, -1)).isEqualTo(Errors.NONE);
        assertThat(fetchError("a", 2)).isEqualTo(Errors.NONE);
        assertThat(fetchError("a", 1)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(fetchError("b", 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    private Errors fetchError(@Nullable String memberId, int epoch) {
        return Errors.forCode(groups.broker
                .fetch(new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setMemberId(memberId)
                        .setMemberEpoch(epoch)
                        .setTopics(null))
                .get()
                .errorCode());
    }
}
