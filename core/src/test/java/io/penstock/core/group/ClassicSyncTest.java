package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.assignAll;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.syncRequest;
import static io.penstock.core.group.Members.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClassicSyncTest {
    private final ShardFixture broker = new ShardFixture();

    private Errors sync(SyncGroupRequestData request) {
        return error(broker.sync(request).get());
    }

    private static Errors error(SyncGroupResponseData answer) {
        return Errors.forCode(answer.errorCode());
    }

    /** Two members that have both joined generation 2 and have not synced; the first leads. */
    private List<Joining> completingGroup() {
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);
        return List.of(new Joining(first.id(), broker.join(joinRequest(first.id()))), second);
    }

    // ---- assignments

    @Test
    void shouldHandOutWhatTheLeaderAssigns() {
        // given
        List<Joining> members = completingGroup();
        Answer<SyncGroupResponseData> follower =
                broker.sync(syncRequest(members.get(1).id(), 2));
        boolean isAnsweredEarly = follower.isThere();

        // when
        SyncGroupResponseData leader =
                broker.sync(assignAll(members.get(0), members)).get();

        // then
        assertThat(isAnsweredEarly).isFalse();
        assertThat(leader.assignment()).isEqualTo(text(members.get(0).id()));
        assertThat(follower.get().assignment()).isEqualTo(text(members.get(1).id()));
        assertThat(follower.get().protocolType()).isEqualTo("consumer");
        assertThat(follower.get().protocolName()).isEqualTo("range");
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldNotTellAssignmentsBeforeTheyAreWritten() {
        // given
        List<Joining> members = completingGroup();
        Answer<SyncGroupResponseData> follower =
                broker.sync(syncRequest(members.get(1).id(), 2));
        broker.holdsBack = true;

        // when
        Answer<SyncGroupResponseData> leader = broker.sync(assignAll(members.get(0), members));

        // then
        assertThat(leader.isThere()).isFalse();
        assertThat(follower.isThere()).isFalse();
        broker.write();
        assertThat(error(leader.get())).isEqualTo(Errors.NONE);
        assertThat(error(follower.get())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldGiveNothingToMembersThatTheLeaderForgot() {
        // given
        List<Joining> members = completingGroup();
        Answer<SyncGroupResponseData> forgotten =
                broker.sync(syncRequest(members.get(1).id(), 2));

        // when
        broker.sync(assignAll(members.get(0), List.of(members.get(0))));

        // then
        assertThat(error(forgotten.get())).isEqualTo(Errors.NONE);
        assertThat(forgotten.get().assignment()).isEmpty();
    }

    @Test
    void shouldNotCareAboutAssignmentsForStrangers() {
        // given
        Joining only = joining(broker);
        SyncGroupRequestData request = syncRequest(only.id(), 1)
                .setAssignments(List.of(
                        new SyncGroupRequestAssignment().setMemberId("stranger").setAssignment(text("all of it"))));

        // when
        SyncGroupResponseData answer = broker.sync(request).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(answer.assignment()).isEmpty();
        assertThat(broker.classic(GROUP).members()).hasSize(1);
    }

    @Test
    void shouldIgnoreAssignmentsThatAFollowerSends() {
        // given
        List<Joining> members = completingGroup();

        // when
        Answer<SyncGroupResponseData> impostor = broker.sync(assignAll(members.get(1), members));

        // then
        assertThat(impostor.isThere()).isFalse();
        assertThat(broker.state(GROUP)).isEqualTo("CompletingRebalance");
    }

    @Test
    void shouldRepeatTheAssignmentInAStableGroup() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        int generation = members.get(1).generation();

        // when
        SyncGroupResponseData again =
                broker.sync(syncRequest(members.get(1).id(), generation)).get();

        // then
        assertThat(again.assignment()).isEqualTo(text(members.get(1).id()));
    }

    @Test
    void shouldAnswerBothWhenASyncIsDoubled() {
        // given
        List<Joining> members = completingGroup();
        Answer<SyncGroupResponseData> first =
                broker.sync(syncRequest(members.get(1).id(), 2));

        // when
        Answer<SyncGroupResponseData> second =
                broker.sync(syncRequest(members.get(1).id(), 2));
        broker.sync(assignAll(members.get(0), members));

        // then
        assertThat(error(first.get())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(second.get().assignment()).isEqualTo(text(members.get(1).id()));
    }

    @Test
    void shouldCarryOpaqueAssignmentsUnread() {
        // given
        byte[] opaque = {-1, 0, -128, 77};
        Joining only = joining(broker);
        SyncGroupRequestData request = syncRequest(only.id(), 1)
                .setAssignments(List.of(
                        new SyncGroupRequestAssignment().setMemberId(only.id()).setAssignment(opaque)));

        // when, then
        assertThat(broker.sync(request).get().assignment()).isEqualTo(opaque);
    }

    // ---- refusals

    @Test
    void shouldRefuseGroupsThatAreNotThereOrEmpty() {
        // given
        Errors unknown = sync(syncRequest("m", 1));
        broker.commit(GROUP, "", -1, "t", 0, 1);

        // when
        Errors empty = sync(syncRequest("m", 1));

        // then
        assertThat(unknown).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(empty).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRefuseStrangersAndOtherGenerations() {
        // given
        Joining only = joining(broker);

        // when, then
        assertThat(sync(syncRequest("stranger", 1))).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(sync(syncRequest(only.id(), 0))).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(sync(syncRequest(only.id(), 2))).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldRefuseOtherProtocolsThanTheGroupHas() {
        // given
        Joining only = joining(broker);

        // when, then
        assertThat(sync(syncRequest(only.id(), 1).setProtocolType("connect")))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(sync(syncRequest(only.id(), 1).setProtocolName("roundrobin")))
                .isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(sync(syncRequest(only.id(), 1).setProtocolType(null).setProtocolName(null)))
                .isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseWhileMembersJoin() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        joining(broker);

        // when, then
        assertThat(sync(syncRequest(first.id(), 1))).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    // ---- those who do not ask

    @Test
    void shouldRemoveMembersThatDoNotAskForTheirAssignment() {
        // given: both stay alive, only the leader syncs
        List<Joining> members = completingGroup();
        broker.sync(assignAll(members.get(0), members));

        // when
        keepAlive(members, 2, Members.REBALANCE_MS);

        // then
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        assertThat(broker.heartbeat(GROUP, members.get(1).id(), 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), 2)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldRemoveALeaderThatDoesNotAssign() {
        // given
        List<Joining> members = completingGroup();
        Answer<SyncGroupResponseData> waiting =
                broker.sync(syncRequest(members.get(1).id(), 2));

        // when
        keepAlive(members, 2, Members.REBALANCE_MS);

        // then
        assertThat(error(waiting.get())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        Joining again = new Joining(
                members.get(1).id(), broker.join(joinRequest(members.get(1).id())));
        assertThat(again.generation()).isEqualTo(3);
        assertThat(again.joined().leader()).isEqualTo(again.id());
    }

    @Test
    void shouldLeaveMembersThatHaveSyncedInPeace() {
        // given
        List<Joining> members = stableGroup(broker, 2);

        // when
        keepAlive(members, members.get(0).generation(), 3 * Members.REBALANCE_MS);

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    private void keepAlive(List<Joining> members, int generation, long durationMs) {
        for (long passedMs = 0; passedMs < durationMs; passedMs += 5_000) {
            members.forEach(member -> broker.heartbeat(GROUP, member.id(), generation));
            broker.advance(5_000);
        }
    }

    @Test
    void shouldNotTakeAMemberForDeadThatWaitsForItsAssignment() {
        // given
        List<Joining> members = completingGroup();
        Answer<SyncGroupResponseData> waiting =
                broker.sync(syncRequest(members.get(1).id(), 2));

        // when: the leader is alive and slow
        for (int i = 0; i < 5; i++) {
            broker.advance(5_000);
            broker.heartbeat(GROUP, members.get(0).id(), 2);
        }
        broker.sync(assignAll(members.get(0), members));

        // then
        assertThat(error(waiting.get())).isEqualTo(Errors.NONE);
        broker.advance(Members.SESSION_MS - 1);
        assertThat(broker.heartbeat(GROUP, members.get(1).id(), 2)).isEqualTo(Errors.NONE);
    }
}
