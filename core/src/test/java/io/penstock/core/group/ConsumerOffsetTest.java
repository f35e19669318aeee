package io.penstock.core.group;

import static io.penstock.core.group.ConsumerFixture.GROUP;
import static io.penstock.core.group.ConsumerFixture.beatRequest;
import static io.penstock.core.group.ConsumerFixture.joinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whose offsets a consumer group takes, tells and forgets. */
class ConsumerOffsetTest {
    private final ConsumerFixture groups = new ConsumerFixture();

    private Errors commit(String memberId, int epoch, int partition) {
        return commit(memberId, epoch, partition, CommitCaller.KNOWS_MEMBER_EPOCHS);
    }

    private Errors commit(String memberId, int epoch, int partition, CommitCaller caller) {
        OffsetCommitRequestData request = ShardFixture.commitRequest(GROUP, memberId, epoch, "t", partition, 7);
        request.topics().get(0).setTopicId(TestTopics.id("t"));
        Answer<OffsetCommitResponseData> answer = new Answer<>();
        groups.broker.submit(GroupCommands.commitOffsets(request, caller, answer));
        return Errors.forCode(answer.get().topics().get(0).partitions().get(0).errorCode());
    }

    private Errors fetch(@Nullable String memberId, int epoch) {
        return Errors.forCode(groups.broker
                .fetch(new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setMemberId(memberId)
                        .setMemberEpoch(epoch)
                        .setTopics(List.of(
                                new OffsetFetchRequestTopics().setName("t").setPartitionIndexes(List.of(0)))))
                .get()
                .errorCode());
    }

    // ---- commit

    @Test
    void shouldTakeOffsetsOfAMemberInItsEpoch() {
        groups.join("a");

        assertThat(commit("a", 2, 0)).isEqualTo(Errors.NONE);
        assertThat(groups.broker.committed(GROUP, "t", 0)).isEqualTo(7);
    }

    @Test
    void shouldNotTakeOffsetsOfAStranger() {
        groups.join("a");

        assertThat(commit("b", 2, 0)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commit("", -1, 0)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldTakeOffsetsFromOutsideWhileNobodyIsThere() {
        groups.join("a");
        groups.heard(beatRequest("a", -1));

        assertThat(commit("", -1, 0)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotTakeOffsetsOfAnEpochThatHasNotCome() {
        groups.join("a");

        assertThat(commit("a", 3, 0)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
    }

    @Test
    void shouldTakeOffsetsOfAnEarlierEpochForPartitionsThatTheMemberHadThen() {
        groups.stableGroup("a");
        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("t", "u")));
        assertThat(groups.member("a").epoch()).isEqualTo(3);

        assertThat(commit("a", 2, 0)).isEqualTo(Errors.NONE);
        assertThat(commit("a", 1, 0)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
    }

    @Test
    void shouldTakeOffsetsForPartitionsThatTheMemberHasStillToGiveUp() {
        groups.join("a");
        groups.join("b");
        groups.beat("a", 2);
        int revoked = groups.member("a")
                .pendingRevocation()
                .partitions()
                .partitionList(TestTopics.id("t"))
                .get(0);

        assertThat(commit("a", 2, revoked)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotTakeOffsetsOfAnEarlierEpochForPartitionsThatWereGivenLater() {
        // given a member that got its partitions at epoch 3
        groups.join("a");
        groups.join("b");
        groups.settle("a", "b");
        groups.heard(beatRequest("a", -1));
        groups.beat("b", 3);
        int late = groups.member("b").assigned().partitions().partitionList(TestTopics.id("t")).stream()
                .filter(partition -> groups.member("b").assigned().epoch(TestTopics.id("t"), partition) == 4)
                .findFirst()
                .orElseThrow();

        // then
        assertThat(commit("b", 3, late)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(commit("b", 4, late)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotTakeOffsetsOfAMemberInAVersionThatKnowsNoMemberEpochs() {
        groups.join("a");

        assertThat(commit("a", 2, 0, CommitCaller.KNOWS_GENERATIONS)).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    // ---- commit in a transaction

    private Errors commitInTransaction(String memberId, int epoch, int partition) {
        TestProducer producer = new TestProducer(groups.broker, 1);
        return producer.commit(producer.request(GROUP, memberId, epoch, "t", partition, 7));
    }

    @Test
    void shouldTakeTransactionsOfAMemberInItsEpochAndOfNobodyInParticular() {
        groups.join("a");

        assertThat(commitInTransaction("a", 2, 0)).isEqualTo(Errors.NONE);
        assertThat(commitInTransaction("", -1, 0)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTellProducersOfGenerationsOnly() {
        groups.join("a");

        assertThat(commitInTransaction("b", 2, 0)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(commitInTransaction("a", 3, 0)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(commitInTransaction("a", -1, 0)).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldTakeTransactionsOfAnEarlierEpochForPartitionsThatTheMemberHadThen() {
        groups.stableGroup("a");
        groups.heard(beatRequest("a", 2).setSubscribedTopicNames(List.of("t", "u")));

        assertThat(commitInTransaction("a", 2, 0)).isEqualTo(Errors.NONE);
        assertThat(commitInTransaction("a", 1, 0)).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    // ---- fetch

    @Test
    void shouldTellOffsetsToAMemberInItsEpochAndToOutsiders() {
        groups.join("a");

        assertThat(fetch("a", 2)).isEqualTo(Errors.NONE);
        assertThat(fetch(null, -1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotTellOffsetsToAMemberOfAnotherEpoch() {
        groups.join("a");

        assertThat(fetch("a", 1)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(fetch("a", 3)).isEqualTo(Errors.STALE_MEMBER_EPOCH);
        assertThat(fetch("b", 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    // ---- delete

    private Errors deleteOffset(String topic) {
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName(topic)
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        OffsetDeleteResponseData answer = groups.broker
                .deleteOffsets(new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics))
                .get();
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return Errors.forCode(answer.topics().find(topic).partitions().find(0).errorCode());
    }

    @Test
    void shouldDeleteOnlyOffsetsOfTopicsThatNobodyReads() {
        groups.heard(joinRequest("a").setSubscribedTopicNames(List.of("t")));

        assertThat(deleteOffset("t")).isEqualTo(Errors.GROUP_SUBSCRIBED_TO_TOPIC);
        assertThat(deleteOffset("u")).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldForgetAGroupThatNobodyIsInWhenItsOffsetsAreTooOld() {
        // given
        groups.join("a");
        commit("a", 2, 0);
        groups.broker.expireOffsets(GROUP);
        groups.heard(beatRequest("a", -1));
        groups.broker.expireOffsets(GROUP);
        boolean isThere = groups.broker.shard.group(GROUP) != null;

        // when
        groups.broker.advance(groups.broker.settings.offsetsRetentionMs());
        groups.broker.expireOffsets(GROUP);

        // then
        assertThat(isThere).isTrue();
        assertThat(groups.broker.shard.group(GROUP)).isNull();
        groups.broker.restart();
        assertThat(groups.broker.shard.group(GROUP)).isNull();
    }
}
