package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.stableGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Commits, and what fetching them finds. */
class OffsetCommitTest {
    private static final String NOBODY = "";
    private static final int NO_GENERATION = -1;

    private final ShardFixture broker = new ShardFixture();

    private static Errors error(OffsetCommitResponseData answer, int partition) {
        return Errors.forCode(answer.topics().get(0).partitions().get(partition).errorCode());
    }

    // ---- from outside of any generation

    @Test
    void shouldMakeAGroupForAConsumerThatAssignsItself() {
        // when
        Errors error = broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 3, 42);

        // then
        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
        assertThat(broker.committed(GROUP, "t", 3)).isEqualTo(42);
        assertThat(broker.classic(GROUP).protocolTypeName()).isEmpty();
    }

    @Test
    void shouldAllowTheEmptyGroupId() {
        assertThat(broker.commit("", NOBODY, NO_GENERATION, "t", 0, 7)).isEqualTo(Errors.NONE);
        assertThat(broker.committed("", "t", 0)).isEqualTo(7);
    }

    @Test
    void shouldNotMakeAGroupForAMemberOfNone() {
        // when
        Errors error = broker.commit(GROUP, "m", 1, "t", 0, 1);

        // then
        assertThat(error).isEqualTo(Errors.GROUP_ID_NOT_FOUND);
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldTakeSimpleCommitsOnlyWhileNobodyIsInTheGroup() {
        // given
        Joining only = stableGroup(broker, 1).get(0);

        // when
        Errors inUse = broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, 1);
        broker.leave(GROUP, new MemberIdentity().setMemberId(only.id()));
        Errors empty = broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, 2);

        // then
        assertThat(inUse).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(empty).isEqualTo(Errors.NONE);
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(2);
    }

    @Test
    void shouldTakeWhatAMemberOfAnEmptyGroupCommitsWithoutGeneration() {
        // given
        broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, 1);

        // when, then: as Kafka does
        assertThat(broker.commit(GROUP, "m", NO_GENERATION, "t", 0, 2)).isEqualTo(Errors.NONE);
        assertThat(broker.commit(GROUP, "m", 0, "t", 0, 3)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    // ---- from members

    @Test
    void shouldTakeCommitsOfTheGenerationOnly() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        int generation = members.get(0).generation();
        String id = members.get(1).id();

        // when, then
        assertThat(broker.commit(GROUP, id, generation, "t", 0, 5)).isEqualTo(Errors.NONE);
        assertThat(broker.commit(GROUP, id, generation - 1, "t", 0, 3)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(broker.commit(GROUP, id, generation + 1, "t", 0, 9)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(broker.commit(GROUP, id, NO_GENERATION, "t", 0, 9)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(broker.commit(GROUP, "stranger", generation, "t", 0, 9)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(5);
    }

    @Test
    void shouldTakeLastCommitsWhileMembersJoin() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        joining(broker);

        // when
        Errors error = broker.commit(GROUP, first.id(), 1, "t", 0, 5);

        // then
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        assertThat(error).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseCommitsUntilAssignmentsAreThere() {
        // given
        Joining only = joining(broker);

        // when, then
        assertThat(broker.commit(GROUP, only.id(), 1, "t", 0, 5)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(-1);
    }

    @Test
    void shouldRefuseANameThatIsNotInTheGroup() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        OffsetCommitRequestData request =
                ShardFixture.commitRequest(GROUP, only.id(), 1, "t", 0, 1).setGroupInstanceId("alice");

        // when, then
        assertThat(error(broker.commit(request).get(), 0)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    // ---- what is kept

    @Test
    void shouldKeepEverythingThatWasCommittedOverARestart() {
        // given
        OffsetCommitRequestData request = ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 10);
        request.topics()
                .get(0)
                .partitions()
                .get(0)
                .setCommittedLeaderEpoch(4)
                .setCommittedMetadata("from the billing job, ü");
        broker.commit(request);

        // when
        broker.restart();

        // then
        OffsetFetchResponsePartitions found = broker.fetchOne(GROUP, "t", 0);
        assertThat(found.committedOffset()).isEqualTo(10);
        assertThat(found.committedLeaderEpoch()).isEqualTo(4);
        assertThat(found.metadata()).isEqualTo("from the billing job, ü");
    }

    @Test
    void shouldTakeNoMetadataForEmptyMetadata() {
        // given
        OffsetCommitRequestData request = ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 10);
        request.topics().get(0).partitions().get(0).setCommittedMetadata(null);

        // when
        broker.commit(request);

        // then
        assertThat(broker.fetchOne(GROUP, "t", 0).metadata()).isEmpty();
    }

    @Test
    void shouldRefuseLongMetadataForItsPartitionAlone() {
        // given
        OffsetCommitRequestData request = ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 10);
        request.topics()
                .get(0)
                .setPartitions(List.of(partition(0, 10, "x".repeat(4_097)), partition(1, 11, "x".repeat(4_096))));

        // when
        OffsetCommitResponseData answer = broker.commit(request).get();

        // then
        assertThat(error(answer, 0)).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(error(answer, 1)).isEqualTo(Errors.NONE);
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(-1);
        assertThat(broker.committed(GROUP, "t", 1)).isEqualTo(11);
    }

    private static OffsetCommitRequestPartition partition(int index, long offset, String metadata) {
        return new OffsetCommitRequestPartition()
                .setPartitionIndex(index)
                .setCommittedOffset(offset)
                .setCommittedMetadata(metadata);
    }

    @Test
    void shouldStoreWhateverNumberAClientCommits() {
        assertThat(broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, -7)).isEqualTo(Errors.NONE);
        assertThat(broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 1, Long.MAX_VALUE))
                .isEqualTo(Errors.NONE);
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(-7);
        assertThat(broker.committed(GROUP, "t", 1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseACommitThatNoBatchCanHold() {
        // given: 10,000 topics with long names
        OffsetCommitRequestData request = new OffsetCommitRequestData().setGroupId(GROUP);
        for (int i = 0; i < 10_000; i++) {
            request.topics()
                    .add(new OffsetCommitRequestTopic()
                            .setName("topic-" + i + "x".repeat(200))
                            .setPartitions(List.of(new OffsetCommitRequestPartition().setCommittedOffset(1))));
        }

        // when
        OffsetCommitResponseData answer = broker.commit(request).get();

        // then
        assertThat(answer.topics()).hasSize(10_000);
        assertThat(error(answer, 0)).isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    // ---- fetching

    @Test
    void shouldTellAllOffsetsWhenNoTopicsAreNamed() {
        // given
        broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, 1);
        broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 1, 2);
        broker.commit(GROUP, NOBODY, NO_GENERATION, "u", 0, 3);
        broker.commit("another", NOBODY, NO_GENERATION, "u", 0, 4);

        // when
        OffsetFetchResponseGroup all = broker.fetch(
                        new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null))
                .get();

        // then
        assertThat(all.topics()).extracting("name").containsExactlyInAnyOrder("t", "u");
        assertThat(all.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .map(OffsetFetchResponsePartitions::committedOffset))
                .containsExactlyInAnyOrder(1L, 2L, 3L);
    }

    @Test
    void shouldTellNothingIfNoTopicIsAskedFor() {
        // given
        broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, 1);

        // when, then
        assertThat(broker.fetch(new OffsetFetchRequestGroup().setGroupId(GROUP))
                        .get()
                        .topics())
                .isEmpty();
    }

    @Test
    void shouldNotTakeAMissingOffsetOrGroupForAnError() {
        // given
        broker.commit(GROUP, NOBODY, NO_GENERATION, "t", 0, 1);

        // when, then
        for (String group : List.of(GROUP, "unknown")) {
            OffsetFetchResponsePartitions none = broker.fetchOne(group, "t", 5);
            assertThat(none.errorCode()).isEqualTo(Errors.NONE.code());
            assertThat(none.committedOffset()).isEqualTo(-1);
            assertThat(none.committedLeaderEpoch()).isEqualTo(-1);
            assertThat(none.metadata()).isEmpty();
        }
        assertThat(broker.fetch(new OffsetFetchRequestGroup()
                                .setGroupId("unknown")
                                .setTopics(null))
                        .get()
                        .topics())
                .isEmpty();
    }

    @Test
    void shouldNotTellOffsetsBeforeTheyAreWritten() {
        // given
        broker.holdsBack = true;
        Answer<OffsetCommitResponseData> commit =
                broker.commit(ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 1));

        // when
        Answer<OffsetFetchResponseGroup> fetch =
                broker.fetch(new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null));
        boolean isAnsweredEarly = fetch.isThere() || commit.isThere();
        broker.write();

        // then
        assertThat(isAnsweredEarly).isFalse();
        assertThat(error(commit.get(), 0)).isEqualTo(Errors.NONE);
        assertThat(fetch.get().topics()).hasSize(1);
    }

    @Test
    void shouldNotTellOffsetsOfATopicThatWasMadeAgain() {
        // given
        Uuid before = new Uuid(1, 1);
        OffsetCommitRequestData request = ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 10);
        request.topics().get(0).setTopicId(before);
        broker.commit(request);

        // when, then
        assertThat(fetchById(before)).isEqualTo(10);
        assertThat(fetchById(new Uuid(2, 2))).isEqualTo(-1);
    }

    private long fetchById(Uuid id) {
        return broker.fetch(new OffsetFetchRequestGroup()
                        .setGroupId(GROUP)
                        .setTopics(List.of(new OffsetFetchRequestTopics()
                                .setName("t")
                                .setTopicId(id)
                                .setPartitionIndexes(List.of(0)))))
                .get()
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .committedOffset();
    }

    @Test
    void shouldLetCommitsOfOneGroupShareABatch() {
        // given
        broker.holdsBack = true;
        var answers = List.of(
                broker.commit(ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 1)),
                broker.commit(ShardFixture.commitRequest(GROUP, NOBODY, NO_GENERATION, "t", 0, 2)),
                broker.commit(ShardFixture.commitRequest("another", NOBODY, NO_GENERATION, "t", 0, 3)));

        // when
        int batchRecords = ShardFixture.entries(Objects.requireNonNull(broker.shard.nextBatch()))
                .size();
        broker.shard.onWritten(broker.now());

        // then
        assertThat(batchRecords).isEqualTo(3);
        assertThat(answers).allMatch(Answer::isThere);
        broker.holdsBack = false;
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(2);
    }
}
