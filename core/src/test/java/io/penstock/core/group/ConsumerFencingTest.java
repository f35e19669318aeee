package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.GROUP;
import static io.penstock.core.group.ConsumerFixture.assigned;
import static io.penstock.core.group.ConsumerFixture.beatRequest;
import static io.penstock.core.group.ConsumerFixture.joinRequest;
import static io.penstock.core.group.ConsumerFixture.owned;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Who is sent away from a consumer group, and who leaves it. */
class ConsumerFencingTest {
    private final ConsumerFixture groups = new ConsumerFixture();

    // ---- epochs

    @Test
    void shouldNotKnowAMemberThatNeverJoined() {
        groups.join("a");

        ConsumerGroupHeartbeatResponseData answer = groups.ask(beatRequest("b", 2));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(answer.errorMessage()).isEqualTo("Member b is not a member of group g.");
    }

    @Test
    void shouldFenceAMemberThatIsAheadOfItsEpoch() {
        groups.join("a");

        ConsumerGroupHeartbeatResponseData answer = groups.ask(beatRequest("a", 3));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
        assertThat(answer.errorMessage())
                .isEqualTo("The consumer group member has a greater member epoch (3) than the one known by the group"
                        + " coordinator (2). The member must abandon all its partitions and rejoin.");
    }

    @Test
    void shouldFenceAMemberThatIsFarBehindItsEpoch() {
        groups.stableGroup("a");
        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("u")).setTopicPartitions(List.of()));
        groups.heard(beatRequest("a", 3).setSubscribedTopicNames(List.of("t")));

        assertThat(groups.errorOf(beatRequest("a", 2).setTopicPartitions(owned("t", 0))))
                .isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void shouldForgiveTheLastEpochToAMemberThatHasNothingElseThanItWasGiven() {
        // given a member that may have lost the answer with epoch 3
        groups.stableGroup("a");
        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("t", "u")));
        assertThat(groups.member("a").epoch()).isEqualTo(3);

        // then
        assertThat(groups.beat("a", 2, 0, 1).memberEpoch()).isEqualTo(3);
    }

    @Test
    void shouldFenceTheLastEpochOfAMemberThatDoesNotSayWhatItHas() {
        groups.stableGroup("a");
        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("t", "u")));

        assertThat(groups.errorOf(beatRequest("a", 2))).isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    @Test
    void shouldFenceTheLastEpochOfAMemberThatHasMoreThanItWasGiven() {
        groups.stableGroup("a");
        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("t", "u")));

        assertThat(groups.errorOf(beatRequest("a", 2).setTopicPartitions(owned("u", 0))))
                .isEqualTo(Errors.FENCED_MEMBER_EPOCH);
    }

    // ---- leaving

    @Test
    void shouldShareThePartitionsOfAMemberThatLeavesAmongTheOthers() {
        // given
        groups.stableGroup("a", "b");

        // when
        ConsumerGroupHeartbeatResponseData answer = groups.heard(beatRequest("b", -1));
        ConsumerGroupHeartbeatResponseData heard =
                groups.beat("a", groups.member("a").epoch());

        // then
        assertThat(answer.memberId()).isEqualTo("b");
        assertThat(answer.memberEpoch()).isEqualTo(-1);
        assertThat(assigned(heard)).hasSize(6);
    }

    @Test
    void shouldBeEmptyWhenTheLastMemberHasLeft() {
        groups.join("a");

        groups.heard(beatRequest("a", -1));

        assertThat(groups.state()).isEqualTo("Empty");
        assertThat(groups.broker.deleteGroup(GROUP)).isEqualTo(Errors.NONE);
        assertThat(groups.broker.shard.group(GROUP)).isNull();
    }

    @Test
    void shouldLetNobodyLeaveWhoIsNotThere() {
        assertThat(groups.errorOf(beatRequest("a", -1))).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        groups.join("a");
        assertThat(groups.errorOf(beatRequest("b", -1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldNotDeleteAGroupWithMembers() {
        groups.join("a");

        assertThat(groups.broker.deleteGroup(GROUP)).isEqualTo(Errors.NON_EMPTY_GROUP);
    }

    // ---- static members

    private static ConsumerGroupHeartbeatRequestData staticJoin(String instanceId, String memberId) {
        return joinRequest(memberId).setInstanceId(instanceId);
    }

    private static ConsumerGroupHeartbeatRequestData staticBeat(String instanceId, String memberId, int epoch) {
        return beatRequest(memberId, epoch).setInstanceId(instanceId);
    }

    @Test
    void shouldGiveAStaticMemberThatComesBackWhatItHadWithoutANewEpoch() {
        // given
        groups.heard(staticJoin("i", "a"));
        groups.heard(joinRequest("b"));
        groups.settle("a", "b");
        List<Integer> had = groups.has("a");
        int epoch = groups.group().epoch();

        // when
        ConsumerGroupHeartbeatResponseData left = groups.heard(staticBeat("i", "a", -2));
        ConsumerGroupHeartbeatResponseData back = groups.heard(staticJoin("i", "c"));

        // then
        assertThat(left.memberEpoch()).isEqualTo(-2);
        assertThat(assigned(back)).isEqualTo(had);
        assertThat(back.memberEpoch()).isEqualTo(epoch);
        assertThat(groups.group().epoch()).isEqualTo(epoch);
        assertThat(groups.group().member("a")).isNull();
    }

    @Test
    void shouldKeepThePartitionsOfAStaticMemberThatIsAwayFromOthers() {
        groups.heard(staticJoin("i", "a"));
        groups.join("b");
        groups.settle("a", "b");
        List<Integer> had = groups.has("b");

        groups.heard(staticBeat("i", "a", -2));

        assertThat(groups.beat("b", groups.member("b").epoch()).assignment()).isNull();
        assertThat(groups.has("b")).isEqualTo(had);
    }

    @Test
    void shouldGiveThePartitionsOfAStaticMemberAwayWhenItDoesNotComeBackInTime() {
        groups.heard(staticJoin("i", "a"));
        groups.join("b");
        groups.settle("a", "b");
        groups.heard(staticBeat("i", "a", -2));

        groups.broker.advance(ConsumerFixture.SESSION_MS - 1);
        groups.beat("b", groups.member("b").epoch());
        groups.broker.advance(1);
        groups.beat("b", groups.member("b").epoch());

        assertThat(groups.has("b")).hasSize(6);
    }

    @Test
    void shouldNotLetTwoProcessesHaveOneInstanceId() {
        groups.heard(staticJoin("i", "a"));

        ConsumerGroupHeartbeatResponseData answer = groups.ask(staticJoin("i", "b"));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);
        assertThat(answer.errorMessage())
                .isEqualTo(
                        "Static member b with instance id i cannot join the group because the instance id is owned by"
                                + " a member.");
    }

    @Test
    void shouldNotLetAStaticMemberJoinAgainThatHasNotLeft() {
        groups.heard(staticJoin("i", "a"));

        assertThat(groups.errorOf(staticJoin("i", "a"))).isEqualTo(Errors.UNRELEASED_INSTANCE_ID);

        groups.broker.advance(ConsumerFixture.SESSION_MS);
        assertThat(groups.errorOf(staticJoin("i", "a"))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldFenceTheProcessThatWasReplaced() {
        groups.heard(staticJoin("i", "a"));
        groups.heard(staticBeat("i", "a", -2));
        groups.heard(staticJoin("i", "b"));

        ConsumerGroupHeartbeatResponseData answer = groups.ask(staticBeat("i", "a", 2));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(answer.errorMessage()).isEqualTo("Static member a with instance id i was fenced by member b.");
        assertThat(groups.errorOf(staticBeat("i", "a", -1))).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldNotKnowAnInstanceThatNeverJoined() {
        groups.join("a");

        ConsumerGroupHeartbeatResponseData answer = groups.ask(staticBeat("i", "a", 2));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(answer.errorMessage()).isEqualTo("Instance id i is unknown.");
    }

    @Test
    void shouldBeginAnEpochWhenAStaticMemberLeavesForGood() {
        groups.heard(staticJoin("i", "a"));
        int epoch = groups.group().epoch();

        groups.heard(staticBeat("i", "a", -1));

        assertThat(groups.group().epoch()).isEqualTo(epoch + 1);
        assertThat(groups.state()).isEqualTo("Empty");
    }

    @Test
    void shouldShareOutAnewWhenAStaticMemberComesBackForOtherTopics() {
        groups.broker.onTopics(groups.broker.topics.with("u", 2), true);
        groups.heard(staticJoin("i", "a"));
        groups.heard(staticBeat("i", "a", -2));

        ConsumerGroupHeartbeatResponseData back =
                groups.heard(staticJoin("i", "b").setSubscribedTopicNames(List.of("u")));

        assertThat(groups.group().epoch()).isEqualTo(3);
        assertThat(assigned(back)).isEmpty();
        assertThat(assigned(back, "u")).containsExactly(0, 1);
    }

    // ---- deadlines

    @Test
    void shouldFenceAMemberThatIsNotHeardOfWithinItsSession() {
        // given
        groups.stableGroup("a", "b");

        // when
        groups.broker.advance(30_000);
        groups.beat("b", groups.member("b").epoch());
        groups.broker.advance(ConsumerFixture.SESSION_MS - 30_000);

        // then
        assertThat(groups.group().member("a")).isNull();
        assertThat(groups.errorOf(beatRequest("a", 3))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(assigned(groups.beat("b", groups.member("b").epoch()))).hasSize(6);
    }

    @Test
    void shouldFenceAMemberThatDoesNotGiveUpItsPartitionsInTime() {
        // given a member that must give up three partitions
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);

        // when it says that it still has them
        for (int waitedMs = 0; waitedMs < ConsumerFixture.REBALANCE_MS; waitedMs += 20_000) {
            groups.beat("a", 2, 0, 1, 2, 3, 4, 5);
            groups.beat("b", 3);
            groups.broker.advance(20_000);
        }

        // then
        assertThat(groups.group().member("a")).isNull();
        assertThat(assigned(groups.beat("b", 3))).hasSize(6);
    }

    @Test
    void shouldNotFenceAMemberThatHasGivenUpItsPartitions() {
        groups.join("a");
        groups.join("b");
        List<Integer> kept = requireNonNull(assigned(groups.beat("a", 2)));
        groups.beat("a", 2, kept.stream().mapToInt(Integer::intValue).toArray());

        for (int waitedMs = 0; waitedMs < 2 * ConsumerFixture.REBALANCE_MS; waitedMs += 20_000) {
            groups.beat("a", 3);
            groups.beat("b", 3);
            groups.broker.advance(20_000);
        }

        assertThat(groups.group().roster().size()).isEqualTo(2);
    }

    @Test
    void shouldGiveMembersAFullSessionAfterARestart() {
        groups.stableGroup("a");
        groups.broker.advance(ConsumerFixture.SESSION_MS - 1);

        groups.broker.restart();
        groups.broker.advance(ConsumerFixture.SESSION_MS - 1);
        boolean isThere = groups.group().member("a") != null;
        groups.broker.advance(1);

        assertThat(isThere).isTrue();
        assertThat(groups.group().isEmpty()).isTrue();
    }

    @Test
    void shouldFenceAMemberThatDoesNotGiveUpItsPartitionsAfterARestart() {
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);

        groups.broker.restart();
        for (int waitedMs = 0; waitedMs < ConsumerFixture.REBALANCE_MS; waitedMs += 20_000) {
            groups.beat("a", 2, 0, 1, 2, 3, 4, 5);
            groups.broker.advance(20_000);
        }

        assertThat(groups.group().member("a")).isNull();
    }
}
