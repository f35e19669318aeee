package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.CONSUMER_SETTINGS;
import static io.penstock.core.group.ConsumerFixture.GROUP;
import static io.penstock.core.group.ConsumerFixture.assigned;
import static io.penstock.core.group.ConsumerFixture.beatRequest;
import static io.penstock.core.group.ConsumerFixture.joinRequest;
import static io.penstock.core.group.ConsumerFixture.owned;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How members come into a consumer group and what they are told. */
class ConsumerJoinTest {
    private final ConsumerFixture groups = new ConsumerFixture();

    @Test
    void shouldGiveTheFirstMemberAllPartitions() {
        // when
        ConsumerGroupHeartbeatResponseData answer = groups.join("a");

        // then
        assertThat(answer.memberId()).isEqualTo("a");
        assertThat(answer.memberEpoch()).isEqualTo(2);
        assertThat(answer.heartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(assigned(answer)).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldMakeAnIdForAClientThatDoesNotMakeItsOwn() {
        ConsumerGroupHeartbeatResponseData answer =
                groups.ask(joinRequest(""), new ConsumerCaller("client", "/127.0.0.1", false));

        assertThat(answer.memberId()).isNotEmpty();
        assertThat(groups.member(answer.memberId()).epoch()).isEqualTo(2);
    }

    @Test
    void shouldGiveASecondMemberOnlyWhatTheFirstHasGivenUp() {
        // given
        groups.join("a");

        // when
        ConsumerGroupHeartbeatResponseData early = groups.join("b");
        ConsumerGroupHeartbeatResponseData told = groups.beat("a", 2);
        ConsumerGroupHeartbeatResponseData stillEarly = groups.beat("b", early.memberEpoch());
        List<Integer> kept = requireNonNull(assigned(told));
        ConsumerGroupHeartbeatResponseData acknowledged =
                groups.beat("a", 2, kept.stream().mapToInt(Integer::intValue).toArray());
        ConsumerGroupHeartbeatResponseData late = groups.beat("b", early.memberEpoch());

        // then
        assertThat(assigned(early)).isEmpty();
        assertThat(early.memberEpoch()).isEqualTo(3);
        assertThat(told.memberEpoch()).isEqualTo(2);
        assertThat(kept).hasSize(3);
        assertThat(assigned(stillEarly)).isNull();
        assertThat(acknowledged.memberEpoch()).isEqualTo(3);
        assertThat(assigned(late)).hasSize(3).doesNotContainAnyElementsOf(kept);
        assertThat(groups.state()).isEqualTo("Stable");
    }

    @Test
    void shouldTellTheAssignmentAgainToAMemberThatSaysEverything() {
        groups.join("a");

        assertThat(assigned(groups.beat("a", 2))).isNull();
        assertThat(assigned(groups.heard(joinRequest("a").setMemberEpoch(2).setTopicPartitions(owned("t", 0)))))
                .hasSize(6);
    }

    @Test
    void shouldTellTheAssignmentToAMemberThatJoinsAgain() {
        // given
        groups.join("a");

        // when
        ConsumerGroupHeartbeatResponseData again = groups.join("a");

        // then
        assertThat(again.memberEpoch()).isEqualTo(2);
        assertThat(assigned(again)).hasSize(6);
    }

    @Test
    void shouldKeepWhatAHeartbeatLeavesOut() {
        // given
        groups.heard(joinRequest("a").setRackId("r").setServerAssignor("range"));

        // when
        groups.beat("a", 2);

        // then
        assertThat(groups.member("a").profile().rackId()).isEqualTo("r");
        assertThat(groups.member("a").profile().serverAssignor()).isEqualTo("range");
        assertThat(groups.member("a").profile().subscribedTopicNames()).containsExactly("t");
    }

    @Test
    void shouldWriteNothingForAHeartbeatThatChangesNothing() {
        groups.join("a");
        int recordCount = groups.broker.log.size();

        groups.beat("a", 2);

        assertThat(groups.broker.log).hasSize(recordCount);
    }

    @Test
    void shouldBeginAnEpochWhenAMemberReadsOtherTopics() {
        // given
        groups.broker.onTopics(groups.broker.topics.with("u", 2), true);
        groups.join("a");

        // when
        ConsumerGroupHeartbeatResponseData answer =
                groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("u", "t")));

        // then
        assertThat(groups.group().epoch()).isEqualTo(3);
        assertThat(answer.memberEpoch()).isEqualTo(3);
        assertThat(assigned(answer, "u")).containsExactly(0, 1);
    }

    @Test
    void shouldNotBeginAnEpochWhenAMemberNamesTheSameTopicsInAnotherOrder() {
        groups.heard(joinRequest("a").setSubscribedTopicNames(List.of("t", "u")));

        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("u", "t", "u")));

        assertThat(groups.group().epoch()).isEqualTo(2);
    }

    @Test
    void shouldRefuseAMemberMoreThanAllowed() {
        // given
        ConsumerFixture small = new ConsumerFixture(new ConsumerGroupSettings(
                45_000,
                5_000,
                1,
                List.of("uniform"),
                MigrationPolicy.BIDIRECTIONAL,
                0,
                600_000,
                ConsumerGroupSettings.Bounds.NONE));
        small.join("a");

        // when
        ConsumerGroupHeartbeatResponseData answer = small.ask(joinRequest("b"));

        // then
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(answer.errorMessage())
                .isEqualTo("The consumer group has reached its maximum capacity of 1 members.");
        assertThat(small.errorOf(joinRequest("a"))).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldGoByTheGroupsOwnSettings() {
        // given
        groups.configs.put(
                GROUP, Map.of("consumer.heartbeat.interval.ms", "700", "consumer.session.timeout.ms", "9000"));

        // when
        ConsumerGroupHeartbeatResponseData answer = groups.join("a");
        groups.broker.advance(8_999);
        boolean isThere = groups.group().member("a") != null;
        groups.broker.advance(1);

        // then
        assertThat(answer.heartbeatIntervalMs()).isEqualTo(700);
        assertThat(isThere).isTrue();
        assertThat(groups.group().isEmpty()).isTrue();
    }

    @Test
    void shouldGoByTheAssignorThatMostMembersWant() {
        groups.heard(joinRequest("a").setServerAssignor("range"));
        groups.heard(joinRequest("b").setServerAssignor("range"));
        groups.heard(joinRequest("c").setServerAssignor("uniform"));

        assertThat(groups.described().assignorName()).isEqualTo("range");
    }

    @Test
    void shouldGoByTheDefaultAssignorWhenNobodyHasAPreference() {
        groups.join("a");

        assertThat(groups.described().assignorName()).isEqualTo("uniform");
    }

    @Test
    void shouldNotShareOutAnewBeforeTheIntervalIsOver() {
        // given
        ConsumerFixture slow =
                new ConsumerFixture(CONSUMER_SETTINGS.with(Map.of("consumer.assignment.interval.ms", "1000")));
        slow.join("a");

        // when
        slow.join("b");
        String stateMeanwhile = slow.state();
        slow.broker.advance(1_000);
        slow.beat("a", 2);

        // then
        assertThat(stateMeanwhile).isEqualTo("Assigning");
        assertThat(slow.group().targets().epoch()).isEqualTo(3);
    }

    @Test
    void shouldTakeThePlaceOfAnEmptyClassicGroupAndKeepItsOffsets() {
        // given
        groups.broker.commit(GROUP, "", -1, "t", 0, 42);

        // when
        groups.join("a");

        // then
        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(groups.broker.committed(GROUP, "t", 0)).isEqualTo(42);
        groups.broker.restart();
        assertThat(groups.state()).isEqualTo("Stable");
        assertThat(groups.broker.committed(GROUP, "t", 0)).isEqualTo(42);
    }

    @Test
    void shouldRefuseHeartbeatsToAGroupThatIsNotThere() {
        ConsumerGroupHeartbeatResponseData answer = groups.ask(beatRequest("a", 1));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(answer.errorMessage()).isEqualTo("Consumer group g not found.");
    }

    @Test
    void shouldRefuseHeartbeatsToAClassicGroup() {
        Members.stableGroup(groups.broker, 1);

        ConsumerGroupHeartbeatResponseData answer = groups.ask(beatRequest("a", 1));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(answer.errorMessage()).isEqualTo("Group g is not a consumer group.");
    }

    @Test
    void shouldRefuseWithTheErrorOfAWriteThatFailed() {
        // given
        groups.broker.holdsBack = true;
        Answer<ConsumerGroupHeartbeatResponseData> answer = new Answer<>();
        groups.broker.submit(GroupCommands.consumerHeartbeat(joinRequest("a"), ConsumerFixture.CALLER, answer));

        // when
        groups.broker.fail(Errors.COORDINATOR_NOT_AVAILABLE);

        // then
        assertThat(Errors.forCode(answer.get().errorCode())).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(groups.broker.shard.group(GROUP)).isNull();
    }

    @Test
    void shouldAnswerOnlyWhenTheRecordsAreWritten() {
        // given
        groups.broker.holdsBack = true;
        Answer<ConsumerGroupHeartbeatResponseData> answer = new Answer<>();
        groups.broker.submit(GroupCommands.consumerHeartbeat(joinRequest("a"), ConsumerFixture.CALLER, answer));
        boolean isEarly = answer.isThere();

        // when
        groups.broker.write();

        // then
        assertThat(isEarly).isFalse();
        assertThat(assigned(answer.get())).hasSize(6);
    }
}
