package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.assignAll;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.newId;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A write that fails takes nothing with it: the group is where it was, and whoever asked is told. */
class WriteFailureTest {
    private static final Errors FAILURE = Errors.COORDINATOR_NOT_AVAILABLE;

    private final ShardFixture broker = new ShardFixture();

    private void failNext() {
        broker.fail(FAILURE);
        broker.holdsBack = false;
        broker.write();
    }

    // ---- members

    @Test
    void shouldNotMakeAGroupWhoseFirstJoinIsNotWritten() {
        // given
        broker.holdsBack = true;
        Answer<JoinGroupResponseData> join = broker.join(joinRequest(""));

        // when
        failNext();

        // then
        assertThat(error(join.get())).isEqualTo(FAILURE);
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
        assertThat(broker.shard.nextDeadlineMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldLetMembersJoinAgainWhenTheAssignmentIsNotWritten() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);
        Joining again = new Joining(first.id(), broker.join(joinRequest(first.id())));
        Answer<SyncGroupResponseData> follower = broker.sync(syncRequest(second.id(), 2));
        broker.holdsBack = true;
        Answer<SyncGroupResponseData> leader = broker.sync(assignAll(again, List.of(again, second)));

        // when
        failNext();

        // then
        assertThat(leader.get().errorCode()).isEqualTo(FAILURE.code());
        assertThat(follower.get().errorCode()).isEqualTo(FAILURE.code());
        assertThat(leader.get().assignment()).isEmpty();
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        broker.join(joinRequest(first.id()));
        Joining third = new Joining(second.id(), broker.join(joinRequest(second.id())));
        assertThat(third.generation()).isEqualTo(3);
    }

    @Test
    void shouldStillKnowTheLastGenerationAfterAnUnwrittenOneAndARestart() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining again = new Joining(first.id(), broker.join(joinRequest(first.id())));
        broker.holdsBack = true;
        broker.sync(assignAll(again, List.of(again)));
        broker.fail(FAILURE);
        broker.holdsBack = false;

        // when
        broker.restart();

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
        assertThat(broker.heartbeat(GROUP, first.id(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldKeepTheLastMemberWhenItsLeavingIsNotWritten() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        broker.holdsBack = true;
        Answer<LeaveGroupResponseData> leave = broker.leave(GROUP, new MemberIdentity().setMemberId(only.id()));

        // when
        failNext();

        // then: and it is still expected to be heard of
        assertThat(leave.get().errorCode()).isEqualTo(FAILURE.code());
        assertThat(broker.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.NONE);
        broker.advance(Members.SESSION_MS);
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
    }

    @Test
    void shouldTryAgainToRemoveALostMember() {
        // given
        stableGroup(broker, 1);
        broker.holdsBack = true;
        broker.advance(Members.SESSION_MS);
        broker.fail(FAILURE);
        String before = broker.state(GROUP);

        // when
        broker.holdsBack = false;
        broker.advance(1_000);

        // then
        assertThat(before).isEqualTo("Stable");
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
    }

    @Test
    void shouldNotRemoveAMemberThatIsHeardOfBeforeTheSecondTry() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        broker.holdsBack = true;
        broker.advance(Members.SESSION_MS);
        broker.fail(FAILURE);
        broker.holdsBack = false;

        // when
        Errors heard = broker.heartbeat(GROUP, only.id(), 1);
        broker.advance(5_000);

        // then
        assertThat(heard).isEqualTo(Errors.NONE);
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldTryAgainToEndAnInitialRebalanceThatNobodyStayedFor() {
        // given: the first member of an empty group has gone before the delay was over
        ShardFixture patient = new ShardFixture(Settings.withInitialDelayMs(3_000));
        Joining first = joining(patient);
        patient.leave(GROUP, new MemberIdentity().setMemberId(first.id()));
        patient.holdsBack = true;
        patient.advance(3_000);

        // when
        patient.fail(FAILURE);
        patient.holdsBack = false;
        patient.advance(1_000);

        // then
        assertThat(patient.state(GROUP)).isEqualTo("Empty");
    }

    // ---- waiting for a write

    @Test
    void shouldLetHeartbeatsWaitForARebalanceThatIsBeingWritten() {
        // given
        Joining only = joining(broker);
        broker.holdsBack = true;
        broker.sync(assignAll(only, List.of(only)));

        // when
        Answer<HeartbeatResponseData> heartbeat = broker.heartbeat(new HeartbeatRequestData()
                .setGroupId(GROUP)
                .setMemberId(only.id())
                .setGenerationId(1));
        boolean isAnsweredEarly = heartbeat.isThere();
        broker.write();

        // then
        assertThat(isAnsweredEarly).isFalse();
        assertThat(heartbeat.get().errorCode()).isEqualTo(Errors.NONE.code());
    }

    @Test
    void shouldNotLetOneGroupWaitForAnother() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        broker.holdsBack = true;
        broker.commit(ShardFixture.commitRequest("another", "", -1, "t", 0, 1));

        // when, then
        assertThat(broker.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldSendCommandsAwayWhenTooManyWait() {
        // given
        GroupSettings base = GroupSettings.DEFAULT;
        ShardFixture small = new ShardFixture(Settings.withMaxWaitingCommands(1));
        small.holdsBack = true;
        small.join(joinRequest(""));
        Answer<JoinGroupResponseData> waits = small.join(joinRequest(""));

        // when
        Answer<JoinGroupResponseData> oneTooMany = small.join(joinRequest(""));

        // then
        assertThat(base.maxWaitingCommands()).isGreaterThan(1);
        assertThat(waits.isThere()).isFalse();
        assertThat(error(oneTooMany.get())).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        small.write();
        assertThat(error(waits.get())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
    }

    // ---- offsets

    @Test
    void shouldNotKeepACommitThatIsNotWritten() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 1);
        broker.holdsBack = true;
        Answer<OffsetCommitResponseData> commit = broker.commit(ShardFixture.commitRequest(GROUP, "", -1, "t", 0, 2));

        // when
        failNext();

        // then
        assertThat(commit.get().topics().get(0).partitions().get(0).errorCode()).isEqualTo(FAILURE.code());
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(1);
    }

    @Test
    void shouldKeepOffsetsWhoseDeletionIsNotWritten() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 1);
        broker.holdsBack = true;
        OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
        topics.add(new OffsetDeleteRequestTopic()
                .setName("t")
                .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
        Answer<OffsetDeleteResponseData> delete = broker.deleteOffsets(
                new OffsetDeleteRequestData().setGroupId(GROUP).setTopics(topics));

        // when
        failNext();

        // then
        assertThat(delete.get().errorCode()).isEqualTo(FAILURE.code());
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(1);
    }

    @Test
    void shouldKeepAGroupWhoseDeletionIsNotWritten() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 1);
        broker.holdsBack = true;
        Answer<DeletableGroupResult> delete = new Answer<>();
        broker.submit(GroupCommands.deleteGroup(GROUP, delete));

        // when
        failNext();

        // then
        assertThat(delete.get().errorCode()).isEqualTo(FAILURE.code());
        assertThat(broker.committed(GROUP, "t", 0)).isEqualTo(1);
    }

    @Test
    void shouldTryAgainToExpireOffsets() {
        // given
        broker.commit(GROUP, "", -1, "t", 0, 1);
        broker.advance(GroupSettings.DEFAULT.offsetsRetentionMs());
        broker.holdsBack = true;
        broker.expireOffsets(GROUP);
        broker.fail(FAILURE);
        long before = broker.shard.offsetCount();

        // when
        broker.holdsBack = false;
        broker.advance(1_000);

        // then
        assertThat(before).isEqualTo(1);
        assertThat(broker.shard.offsetCount()).isZero();
    }

    // ---- the end of the coordinator

    @Test
    void shouldTellEverybodyWhoWaitsWhenItIsUnloaded() {
        // given: one waits to join, one for a write, one behind that write
        stableGroup(broker, 1);
        Joining waitsToJoin = joining(broker);
        broker.holdsBack = true;
        Answer<OffsetCommitResponseData> waitsForWrite =
                broker.commit(ShardFixture.commitRequest("another", "", -1, "t", 0, 1));
        Answer<JoinGroupResponseData> waitsBehind = broker.join(joinRequest("").setGroupId("another"));

        // when
        broker.shard.onUnloaded();

        // then
        assertThat(error(waitsToJoin.answer().get())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(waitsForWrite.get().topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(error(waitsBehind.get())).isEqualTo(Errors.NOT_COORDINATOR);
    }

    @Test
    void shouldTellMembersThatWaitForAssignmentsWhenItIsUnloaded() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);
        broker.join(joinRequest(first.id()));
        Answer<SyncGroupResponseData> waiting = broker.sync(syncRequest(second.id(), 2));
        assertThat(newId(broker)).isNotEmpty();

        // when
        broker.shard.onUnloaded();

        // then
        assertThat(waiting.get().errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
    }
}
