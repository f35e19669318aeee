package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.assigned;
import static io.penstock.core.group.ConsumerFixture.beatRequest;
import static io.penstock.core.group.ConsumerFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** How consumer groups follow topics that come, grow and go, and patterns of topic names. */
class ConsumerTopicsTest {
    private final ConsumerFixture groups = new ConsumerFixture();

    // ---- topics

    @Test
    void shouldAssignNewPartitionsAtTheNextHeartbeat() {
        // given
        groups.join("a");

        // when
        groups.broker.onTopics(groups.broker.topics.with("t", 8), false);

        // then
        assertThat(assigned(groups.beat("a", 2))).hasSize(8);
        assertThat(groups.group().epoch()).isEqualTo(3);
    }

    @Test
    void shouldAssignATopicThatIsMadeAfterTheSubscription() {
        groups.heard(joinRequest("a").setSubscribedTopicNames(List.of("u")));

        groups.broker.onTopics(groups.broker.topics.with("u", 2), true);

        assertThat(assigned(groups.beat("a", 2), "u")).containsExactly(0, 1);
    }

    @Test
    void shouldTakeADeletedTopicBack() {
        groups.stableGroup("a");

        groups.broker.onTopics(groups.broker.topics.without("t"), false);
        ConsumerGroupHeartbeatResponseData told = groups.beat("a", 2);

        assertThat(assigned(told)).isEmpty();
        assertThat(groups.beat("a", 2, new int[0]).memberEpoch()).isEqualTo(3);
    }

    @Test
    void shouldAssignATopicAnewThatWasMadeAgain() {
        // given
        groups.stableGroup("a");
        Uuid again = new Uuid(4, 2);

        // when
        groups.broker.onTopics(groups.broker.topics.without("t").with("t", again, 6), true);
        groups.beat("a", 2);
        groups.beat("a", 2, new int[0]);

        // then
        assertThat(groups.member("a").assigned().partitions().topicIds()).containsExactly(again);
    }

    @Test
    void shouldNotMindTopicsThatNobodyReads() {
        groups.join("a");

        groups.broker.onTopics(groups.broker.topics.with("u", 3), true);
        groups.beat("a", 2);

        assertThat(groups.group().epoch()).isEqualTo(2);
    }

    @Test
    void shouldNotBeginAnEpochAfterARestartIfTheTopicsAreTheSame() {
        groups.join("a");

        groups.broker.restart();
        groups.beat("a", 2);

        assertThat(groups.group().epoch()).isEqualTo(2);
    }

    @Test
    void shouldTakePartitionsBackAtOnceThatAMemberReadsNoMore() {
        // given a group that may not be given a new target yet
        groups.configs.put(ConsumerFixture.GROUP, Map.of("consumer.assignment.interval.ms", "100000"));
        groups.stableGroup("a");

        // when
        ConsumerGroupHeartbeatResponseData told =
                groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("u")));

        // then
        assertThat(assigned(told)).isEmpty();
        assertThat(told.memberEpoch()).isEqualTo(2);
    }

    // ---- patterns

    private static ConsumerGroupHeartbeatRequestData patternJoin(String memberId, String pattern) {
        return joinRequest(memberId).setSubscribedTopicNames(null).setSubscribedTopicRegex(pattern);
    }

    @Test
    void shouldAssignWhatMatchesAPatternOnceThatIsKnown() {
        // given
        groups.broker.onTopics(groups.broker.topics.with("orders-1", 1).with("orders-2", 2), true);

        // when
        ConsumerGroupHeartbeatResponseData first = groups.heard(patternJoin("a", "orders*"));
        groups.finishSearch();
        ConsumerGroupHeartbeatResponseData second = groups.beat("a", first.memberEpoch());

        // then
        assertThat(first.assignment().topicPartitions()).isEmpty();
        assertThat(assigned(second, "orders-1")).containsExactly(0);
        assertThat(assigned(second, "orders-2")).containsExactly(0, 1);
        assertThat(second.memberEpoch()).isGreaterThan(first.memberEpoch());
    }

    @Test
    void shouldRefuseAPatternThatIsNone() {
        ConsumerGroupHeartbeatResponseData answer = groups.ask(patternJoin("a", "("));

        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(answer.errorMessage())
                .isEqualTo("SubscribedTopicRegex `(` is not a valid regular expression: no asterisk.");
    }

    @Test
    void shouldUseWhatIsKnownOfAPatternForASecondMember() {
        groups.broker.onTopics(groups.broker.topics.with("orders-1", 2), true);
        groups.heard(patternJoin("a", "orders*"));
        groups.finishSearch();
        groups.beat("a", groups.member("a").epoch());

        groups.heard(patternJoin("b", "orders*"));
        groups.settle("a", "b");

        assertThat(groups.searches).isEmpty();
        assertThat(groups.member("b").assigned().partitions().partitionCount()).isEqualTo(1);
    }

    @Test
    void shouldAddNamesAndMatchesUp() {
        groups.broker.onTopics(groups.broker.topics.with("orders-1", 1), true);
        groups.heard(patternJoin("a", "orders*").setSubscribedTopicNames(List.of("t")));
        groups.finishSearch();
        groups.settle("a");

        assertThat(groups.member("a").assigned().partitions().partitionCount()).isEqualTo(7);
    }

    @Test
    void shouldLookPatternsUpAgainWhenATopicHasCome() {
        // given
        groups.heard(patternJoin("a", "orders*"));
        groups.finishSearch();
        groups.beat("a", groups.member("a").epoch());

        // when
        groups.broker.onTopics(groups.broker.topics.with("orders-1", 1), true);
        groups.broker.advance(ConsumerPatterns.LEAST_REFRESH_MS);
        groups.beat("a", groups.member("a").epoch());
        boolean isEarly = !groups.searches.isEmpty();
        groups.broker.advance(1);
        groups.beat("a", groups.member("a").epoch());
        groups.finishSearch();

        // then
        assertThat(isEarly).isFalse();
        assertThat(assigned(groups.beat("a", groups.member("a").epoch()), "orders-1"))
                .containsExactly(0);
    }

    @Test
    void shouldNotLookPatternsUpTwiceAtATime() {
        groups.heard(patternJoin("a", "orders*"));
        groups.heard(patternJoin("b", "bills*"));

        assertThat(groups.searches).hasSize(1);
    }

    @Test
    void shouldSearchAgainAfterASearchThatFailed() {
        groups.heard(patternJoin("a", "orders*"));
        groups.broker.submit(GroupCommands.onSearchFailed(groups.searches.remove(0)));

        groups.beat("a", groups.member("a").epoch());

        assertThat(groups.searches).hasSize(1);
    }

    @Test
    void shouldForgetAPatternThatNobodyHasAnyMore() {
        groups.broker.onTopics(groups.broker.topics.with("orders-1", 1), true);
        groups.heard(patternJoin("a", "orders*"));
        groups.finishSearch();
        groups.settle("a");

        groups.heard(beatRequest("a", groups.member("a").epoch())
                .setSubscribedTopicRegex("")
                .setSubscribedTopicNames(List.of("t")));
        groups.settle("a");

        assertThat(groups.group().subscriptions().resolvedCount()).isZero();
        assertThat(groups.has("a")).hasSize(6);
        assertThat(groups.group().isSubscribedTo("orders-1")).isFalse();
    }

    @Test
    void shouldForgetThePatternOfTheLastMemberThatHadIt() {
        groups.heard(patternJoin("a", "orders*"));
        groups.finishSearch();

        groups.heard(beatRequest("a", -1));

        assertThat(groups.group().subscriptions().resolvedCount()).isZero();
        groups.broker.restart();
        assertThat(groups.group().subscriptions().resolvedCount()).isZero();
    }

    @Test
    void shouldKnowWhatMatchesAfterARestart() {
        groups.broker.onTopics(groups.broker.topics.with("orders-1", 1), true);
        groups.heard(patternJoin("a", "orders*"));
        groups.finishSearch();
        groups.settle("a");
        ConsumerSnapshot before = ConsumerSnapshot.of(groups.group());

        groups.broker.restart();

        assertThat(ConsumerSnapshot.of(groups.group())).isEqualTo(before);
    }
}
