package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.stableGroup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Offsets that are committed in transactions: when they count, and who may commit them. */
class TransactionCommitTest {
    private static final OffsetFetchRequestGroup ALL =
            new OffsetFetchRequestGroup().setGroupId(GROUP).setTopics(null);

    private final ShardFixture broker = new ShardFixture();
    private final TestProducer producer = new TestProducer(broker, 1);
    private final TestProducer other = new TestProducer(broker, 2);

    private long committed() {
        return broker.committed(GROUP, "t", 0);
    }

    private Errors stability() {
        return Errors.forCode(broker.fetchOne(GROUP, "t", 0, true).errorCode());
    }

    private void commitOutside(long offset) {
        assertThat(broker.commit(GROUP, "", -1, "t", 0, offset)).isEqualTo(Errors.NONE);
    }

    // ---- when they count

    @Test
    void shouldCountWhenTheTransactionIsCommitted() {
        // given
        assertThat(producer.commit(GROUP, "t", 0, 7)).isEqualTo(Errors.NONE);
        assertThat(committed()).isEqualTo(-1);

        // when
        Answer<Errors> ended = producer.end(true);

        // then
        assertThat(ended.get()).isEqualTo(Errors.NONE);
        assertThat(committed()).isEqualTo(7);
        broker.restart();
        assertThat(committed()).isEqualTo(7);
        assertThat(broker.shard.offsetCount()).isEqualTo(1);
    }

    @Test
    void shouldNeverCountWhenTheTransactionIsAborted() {
        // given
        commitOutside(3);
        producer.commit(GROUP, "t", 0, 7);

        // when
        producer.end(false);

        // then
        assertThat(committed()).isEqualTo(3);
        assertThat(stability()).isEqualTo(Errors.NONE);
        broker.restart();
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void shouldStillBePendingAfterARestart() {
        // given
        producer.commit(GROUP, "t", 0, 7);

        // when
        broker.restart();

        // then
        assertThat(committed()).isEqualTo(-1);
        assertThat(stability()).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT);
        producer.end(true);
        assertThat(committed()).isEqualTo(7);
    }

    @Test
    void shouldCountTheLastOffsetOfATransaction() {
        producer.commit(GROUP, "t", 0, 7);
        producer.commit(GROUP, "t", 0, 9);

        producer.end(true);

        assertThat(committed()).isEqualTo(9);
    }

    @Test
    void shouldTakeAMarkerAgainAndOneThatEndsNothing() {
        // given
        producer.commit(GROUP, "t", 0, 7);
        producer.end(true);
        commitOutside(8);

        // when
        Answer<Errors> again = producer.end(true);

        // then
        assertThat(again.get()).isEqualTo(Errors.NONE);
        assertThat(committed()).isEqualTo(8);
        assertThat(other.end(false).get()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldEndTheTransactionsOfOneProducerOnly() {
        producer.commit(GROUP, "t", 0, 7);
        other.commit(GROUP, "t", 1, 9);

        producer.end(true);

        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(7);
        assertThat(broker.committed(GROUP, "t", 1)).isEqualTo(-1);
        assertThat(broker.fetchOne(GROUP, "t", 1, true).errorCode()).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT.code());
    }

    @Test
    void shouldCountInAllGroupsForWhichTheTransactionCommits() {
        producer.commit(GROUP, "t", 0, 7);
        producer.commit("another", "t", 0, 8);

        producer.end(true);

        assertThat(committed()).isEqualTo(7);
        assertThat(broker.committed("another", "t", 0)).isEqualTo(8);
    }

    // ---- beside other commits

    @Test
    void shouldNotReplaceALaterCommitOutsideOfTheTransaction() {
        // given: compaction would keep the later record, so it has to be the one that counts
        producer.commit(GROUP, "t", 0, 7);
        commitOutside(5);

        // when
        producer.end(true);

        // then
        assertThat(committed()).isEqualTo(5);
        broker.restart();
        assertThat(committed()).isEqualTo(5);
    }

    @Test
    void shouldReplaceACommitBetweenTwoOfTheTransaction() {
        producer.commit(GROUP, "t", 0, 7);
        commitOutside(5);
        producer.commit(GROUP, "t", 0, 8);

        producer.end(true);

        assertThat(committed()).isEqualTo(8);
    }

    @Test
    void shouldCountTheLaterOfTwoTransactionsWhicheverEndsLast() {
        // given
        producer.commit(GROUP, "t", 0, 7);
        other.commit(GROUP, "t", 0, 9);

        // when
        other.end(true);
        producer.end(true);

        // then
        assertThat(committed()).isEqualTo(9);
        broker.restart();
        assertThat(committed()).isEqualTo(9);
    }

    @Test
    void shouldCountTheEarlierOfTwoTransactionsUntilTheLaterIsCommitted() {
        producer.commit(GROUP, "t", 0, 7);
        other.commit(GROUP, "t", 0, 9);

        producer.end(true);
        assertThat(committed()).isEqualTo(7);
        other.end(true);

        assertThat(committed()).isEqualTo(9);
    }

    @Test
    void shouldNotHideWhatIsCommittedBehindATransactionThatIsAborted() {
        producer.commit(GROUP, "t", 0, 7);
        other.commit(GROUP, "t", 0, 9);

        other.end(false);
        producer.end(true);

        assertThat(committed()).isEqualTo(7);
    }

    // ---- stable offsets

    @Test
    void shouldRefuseOnlyWhatIsUnstable() {
        // given
        commitOutside(3);
        broker.commit(GROUP, "", -1, "t", 1, 4);
        producer.commit(GROUP, "t", 0, 7);

        // when
        OffsetFetchResponsePartitions unstable = broker.fetchOne(GROUP, "t", 0, true);
        OffsetFetchResponsePartitions stable = broker.fetchOne(GROUP, "t", 1, true);

        // then
        assertThat(unstable.errorCode()).isEqualTo(Errors.UNSTABLE_OFFSET_COMMIT.code());
        assertThat(unstable.committedOffset()).isEqualTo(-1);
        assertThat(stable.errorCode()).isEqualTo(Errors.NONE.code());
        assertThat(stable.committedOffset()).isEqualTo(4);
        assertThat(committed()).isEqualTo(3);
    }

    @Test
    void shouldRefuseWhatIsUnstableAmongAllOffsets() {
        // given
        commitOutside(3);
        broker.commit(GROUP, "", -1, "t", 1, 4);
        producer.commit(GROUP, "t", 0, 7);
        producer.commit(GROUP, "t", 2, 7);

        // when
        List<OffsetFetchResponsePartitions> partitions =
                broker.fetch(ALL, true).get().topics().get(0).partitions();

        // then: as in Kafka, a partition without any committed offset is not among all
        assertThat(partitions)
                .extracting(OffsetFetchResponsePartitions::partitionIndex, OffsetFetchResponsePartitions::errorCode)
                .containsExactly(tuple(0, Errors.UNSTABLE_OFFSET_COMMIT.code()), tuple(1, Errors.NONE.code()));
    }

    @Test
    void shouldBeStableAgainAfterTheMarkerThoughTheGroupHasRebalancedMeanwhile() {
        // given
        List<Joining> members = stableGroup(broker, 1);
        Joining first = members.get(0);
        producer.commit(producer.request(GROUP, first.id(), first.generation(), "t", 0, 7));

        // when
        joining(broker);
        broker.advance(2 * Members.REBALANCE_MS);
        producer.end(true);

        // then
        assertThat(stability()).isEqualTo(Errors.NONE);
        assertThat(committed()).isEqualTo(7);
    }

    @Test
    void shouldBeStableAfterTheGroupWasDeletedAndSoStayAfterTheMarker() {
        // given
        commitOutside(3);
        producer.commit(GROUP, "t", 0, 7);
        producer.commit(GROUP, "t", 1, 8);

        // when
        Errors deleted = broker.deleteGroup(GROUP);

        // then
        assertThat(deleted).isEqualTo(Errors.NONE);
        assertThat(stability()).isEqualTo(Errors.NONE);
        producer.end(true);
        assertThat(committed()).isEqualTo(-1);
        assertThat(broker.shard.group(GROUP)).isNull();
        broker.restart();
        assertThat(broker.committed(GROUP, "t", 1)).isEqualTo(-1);
        assertThat(broker.shard.group(GROUP)).isNull();
    }

    // ---- what forgets offsets

    @Test
    void shouldNotForgetOldOffsetsThatATransactionReplaces() {
        // given
        commitOutside(3);
        producer.commit(GROUP, "t", 0, 7);
        broker.advance(2 * broker.settings.offsetsRetentionMs());

        // when
        broker.expireOffsets(GROUP);

        // then
        assertThat(committed()).isEqualTo(3);
        producer.end(false);
        broker.expireOffsets(GROUP);
        assertThat(committed()).isEqualTo(-1);
        assertThat(broker.shard.group(GROUP)).isNull();
    }

    @Test
    void shouldNotForgetAGroupIntoWhichATransactionCommits() {
        // given
        producer.commit(GROUP, "t", 0, 7);
        broker.advance(2 * broker.settings.offsetsRetentionMs());

        // when
        broker.expireOffsets(GROUP);

        // then
        assertThat(broker.shard.group(GROUP)).isNotNull();
        producer.end(true);
        assertThat(committed()).isEqualTo(7);
    }

    @Test
    void shouldForgetWhatIsPendingForADeletedTopic() {
        // given
        producer.commit(GROUP, "t", 0, 7);
        assertThat(broker.shard.groupsWithOffsetsIn("t")).containsExactly(GROUP);

        // when
        broker.submit(GroupCommands.onTopicDeleted(GROUP, "t", TestTopics.id("t")));

        // then
        assertThat(stability()).isEqualTo(Errors.NONE);
        producer.end(true);
        assertThat(committed()).isEqualTo(-1);
    }

    // ---- who may commit

    @Test
    void shouldMakeAGroupThatIsNotThereForWhoeverNamesNoGeneration() {
        assertThat(producer.commit(GROUP, "t", 0, 7)).isEqualTo(Errors.NONE);
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
    }

    @Test
    void shouldNotCommitForAGenerationOfAGroupThatIsNotThere() {
        assertThat(producer.commit(producer.request(GROUP, "m", 3, "t", 0, 7))).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldCommitForNobodyWhileThereAreMembers() {
        stableGroup(broker, 1);

        assertThat(producer.commit(GROUP, "t", 0, 7)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldCommitForMembersOfThePresentGenerationOnly() {
        Joining member = stableGroup(broker, 1).get(0);
        int generation = member.generation();

        assertThat(producer.commit(producer.request(GROUP, member.id(), generation, "t", 0, 7)))
                .isEqualTo(Errors.NONE);
        assertThat(producer.commit(producer.request(GROUP, member.id(), generation - 1, "t", 0, 7)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(producer.commit(producer.request(GROUP, "stranger", generation, "t", 0, 7)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(producer.commit(producer.request(GROUP, member.id(), -1, "t", 0, 7)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(producer.commit(producer.request(GROUP, "", -1, "t", 0, 7).setGroupInstanceId("i")))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldCommitInTheMiddleOfARebalance() {
        // given: both have joined, nobody has an assignment yet
        Joining first = joining(broker);

        // when
        Errors error = producer.commit(producer.request(GROUP, first.id(), first.generation(), "t", 0, 7));

        // then
        assertThat(broker.state(GROUP)).isEqualTo("CompletingRebalance");
        assertThat(error).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseMetadataThatIsTooLongForItsPartitionAlone() {
        // given
        TxnOffsetCommitRequestData request = producer.request(GROUP, "", -1, "t", 0, 7);
        request.topics()
                .get(0)
                .partitions()
                .get(0)
                .setCommittedMetadata("m".repeat(broker.settings.offsetMetadataMaxChars() + 1));

        // when, then
        assertThat(producer.commit(request)).isEqualTo(Errors.OFFSET_METADATA_TOO_LARGE);
        assertThat(stability()).isEqualTo(Errors.NONE);
    }

    // ---- how it is written

    @Test
    void shouldWriteEachTransactionInABatchOfItsOwnAndInOrder() {
        // given
        broker.holdsBack = true;
        broker.commit(ShardFixture.commitRequest(GROUP, "", -1, "t", 5, 1));
        producer.ask(producer.request(GROUP, "", -1, "t", 0, 7));
        other.ask(other.request(GROUP, "", -1, "t", 1, 8));
        broker.commit(ShardFixture.commitRequest(GROUP, "", -1, "t", 6, 2));
        broker.commit(ShardFixture.commitRequest("another", "", -1, "t", 6, 2));
        producer.end(true);

        // when, then
        assertThat(next()).isEqualTo(new Shape(1, null));
        assertThat(next()).isEqualTo(new Shape(1, producer.id.id()));
        assertThat(next()).isEqualTo(new Shape(1, other.id.id()));
        assertThat(next()).isEqualTo(new Shape(2, null));
        assertThat(next()).isEqualTo(new Shape(0, producer.id.id()));
        assertThat(broker.shard.nextBatch()).isNull();
    }

    /** @param producerId null for records that count at once */
    private record Shape(int recordCount, @Nullable Long producerId) {}

    private Shape next() {
        LogWrite write = Objects.requireNonNull(broker.shard.nextBatch());
        assertThat(broker.shard.nextBatch()).as("while one is written").isNull();
        broker.shard.onWritten(broker.now());
        if (write instanceof LogWrite.End end) {
            return new Shape(0, end.marker().producerId());
        }
        LogWrite.Records records = (LogWrite.Records) write;
        return new Shape(
                records.records().size(),
                records.transaction() == null ? null : records.transaction().id());
    }

    @Test
    void shouldTellWhyNothingWasWritten() {
        // given
        broker.holdsBack = true;
        Answer<TxnOffsetCommitResponseData> commit = producer.ask(producer.request(GROUP, "", -1, "t", 0, 7));

        // when
        broker.fail(Errors.INVALID_PRODUCER_EPOCH);
        Answer<Errors> end = producer.end(true);
        broker.fail(Errors.TRANSACTION_COORDINATOR_FENCED);

        // then
        assertThat(TestProducer.error(commit.get())).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(end.get()).isEqualTo(Errors.TRANSACTION_COORDINATOR_FENCED);
        assertThat(stability()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAnswerEverybodyWhenTheCoordinatorGoes() {
        // given
        broker.holdsBack = true;
        Answer<TxnOffsetCommitResponseData> commit = producer.ask(producer.request(GROUP, "", -1, "t", 0, 7));
        Answer<Errors> end = producer.end(true);
        broker.shard.nextBatch();

        // when
        broker.shard.onUnloaded();

        // then
        assertThat(TestProducer.error(commit.get())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(end.get()).isEqualTo(Errors.NOT_COORDINATOR);
    }

    // ---- admissions

    @Test
    void shouldAskTheCoordinatorOfATransactionUntilItHasWrittenHere() {
        assertThat(broker.shard.transactions().admission(producer.id).isOpen()).isFalse();

        producer.commit(GROUP, "t", 0, 7);

        assertThat(broker.shard.transactions().admission(producer.id).isOpen()).isTrue();
        assertThat(broker.shard
                        .transactions()
                        .admission(new TestProducer(broker, 1, 1).id)
                        .isOpen())
                .isFalse();
        assertThat(broker.shard.transactions().admission(other.id).isOpen()).isFalse();
        producer.end(true);
        assertThat(broker.shard.transactions().admission(producer.id).isOpen()).isFalse();
    }

    @Test
    void shouldNotCommitIntoATransactionThatHasEndedSinceItWasAdmitted() {
        // given: the marker overtakes the commit while that waits for the transaction's coordinator
        OffsetAdmission admission = broker.shard.transactions().admission(producer.id);
        producer.end(false);

        // when
        Answer<TxnOffsetCommitResponseData> late = producer.ask(producer.request(GROUP, "", -1, "t", 0, 7), admission);

        // then
        assertThat(TestProducer.error(late.get())).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(stability()).isEqualTo(Errors.NONE);
        assertThat(producer.commit(GROUP, "t", 0, 8)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotCommitBehindAMarkerThatIsNotWrittenYet() {
        // given
        producer.commit(GROUP, "t", 0, 7);
        broker.holdsBack = true;
        OffsetAdmission before = broker.shard.transactions().admission(producer.id);
        producer.end(true);

        // when
        OffsetAdmission after = broker.shard.transactions().admission(producer.id);
        Answer<TxnOffsetCommitResponseData> late = producer.ask(producer.request(GROUP, "", -1, "t", 0, 9), before);

        // then
        assertThat(before.isOpen()).isTrue();
        assertThat(after.isOpen()).isFalse();
        assertThat(TestProducer.error(late.get())).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void shouldHaveProducersComeAgainWhoseAdmissionIsOfAnotherTime() {
        // given
        OffsetAdmission admission = broker.shard.transactions().admission(producer.id);

        // when
        broker.restart();

        // then
        assertThat(TestProducer.error(producer.ask(producer.request(GROUP, "", -1, "t", 0, 7), admission)
                        .get()))
                .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }

    @Test
    void shouldHaveProducersComeAgainWhenTooManyTransactionsHaveEndedSince() {
        // given
        OffsetAdmission admission = broker.shard.transactions().admission(producer.id);

        // when
        for (int i = 0; i <= RecentEnds.MAX_REMEMBERED; i++) {
            new TestProducer(broker, 1_000 + i).end(true);
        }

        // then
        assertThat(TestProducer.error(producer.ask(producer.request(GROUP, "", -1, "t", 0, 7), admission)
                        .get()))
                .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
    }
}
