package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.newId;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.staticJoinRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClassicLeaveTest {
    private final ShardFixture broker = new ShardFixture();

    private static MemberIdentity byId(String memberId) {
        return new MemberIdentity().setMemberId(memberId);
    }

    private static MemberIdentity byName(String instanceId) {
        return new MemberIdentity().setMemberId("").setGroupInstanceId(instanceId);
    }

    private List<Errors> leave(MemberIdentity... members) {
        LeaveGroupResponseData answer = broker.leave(GROUP, members).get();
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return answer.members().stream()
                .map(member -> Errors.forCode(member.errorCode()))
                .toList();
    }

    @Test
    void shouldTellForEachThatItIsNotThere() {
        // given
        List<Errors> noGroup = leave(byId("a"), byName("b"));
        stableGroup(broker, 1);

        // when
        LeaveGroupResponseData answer =
                broker.leave(GROUP, byId("a"), byName("b"), byId("")).get();

        // then
        assertThat(noGroup).containsExactly(Errors.UNKNOWN_MEMBER_ID, Errors.UNKNOWN_MEMBER_ID);
        assertThat(answer.members())
                .hasSize(3)
                .allSatisfy(member -> assertThat(member.errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code()));
        assertThat(answer.members().get(1).groupInstanceId()).isEqualTo("b");
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldRebalanceAtOnceWhenAMemberLeaves() {
        // given
        List<Joining> members = stableGroup(broker, 2);

        // when
        List<Errors> answer = leave(byId(members.get(1).id()));

        // then
        assertThat(answer).containsExactly(Errors.NONE);
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), members.get(0).generation()))
                .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        Joining rest = new Joining(
                members.get(0).id(), broker.join(joinRequest(members.get(0).id())));
        assertThat(rest.joined().members()).hasSize(1);
    }

    @Test
    void shouldLeadWithAnotherMemberWhenTheLeaderLeaves() {
        // given
        List<Joining> members = stableGroup(broker, 2);

        // when
        leave(byId(members.get(0).id()));

        // then
        Joining rest = new Joining(
                members.get(1).id(), broker.join(joinRequest(members.get(1).id())));
        assertThat(rest.joined().leader()).isEqualTo(rest.id());
    }

    @Test
    void shouldRememberThatTheLastMemberHasLeft() {
        // given
        Joining only = stableGroup(broker, 1).get(0);

        // when
        leave(byId(only.id()));
        broker.restart();

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
        assertThat(broker.classic(GROUP).generation()).isEqualTo(2);
        assertThat(broker.classic(GROUP).protocolTypeName()).isEqualTo("consumer");
    }

    @Test
    void shouldGoOnWhenTheOneLeavesThatAllWaitedFor() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        Answer<JoinGroupResponseData> waiting =
                broker.join(joinRequest(members.get(0).id()));

        // when
        leave(byId(members.get(1).id()));

        // then
        assertThat(error(waiting.get())).isEqualTo(Errors.NONE);
        assertThat(waiting.get().members()).hasSize(1);
    }

    @Test
    void shouldAnswerWhoeverWaitsInTheNameOfOneThatLeaves() {
        // given
        stableGroup(broker, 1);
        Joining waitsToJoin = joining(broker);

        // when
        leave(byId(waitsToJoin.id()));

        // then
        assertThat(error(waitsToJoin.answer().get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldAnswerASyncInTheNameOfOneThatLeaves() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);
        broker.join(joinRequest(first.id()));
        Answer<SyncGroupResponseData> waiting = broker.sync(Members.syncRequest(second.id(), 2));

        // when
        leave(byId(second.id()));

        // then
        assertThat(waiting.get().errorCode()).isEqualTo(Errors.UNKNOWN_MEMBER_ID.code());
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldForgetAnIdThatLeavesBeforeItJoined() {
        // given
        Joining only = stableGroup(broker, 1).get(0);
        String id = newId(broker);

        // when
        List<Errors> answer = leave(byId(id));

        // then
        assertThat(answer).containsExactly(Errors.NONE);
        assertThat(error(broker.join(joinRequest(id)).get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(only.id()).isNotEqualTo(id);
    }

    @Test
    void shouldStopWaitingForAnIdThatLeaves() {
        // given: one member has joined again, an id was given and has not come back
        Joining only = stableGroup(broker, 1).get(0);
        String id = newId(broker);
        Answer<JoinGroupResponseData> waiting = broker.join(joinRequest(only.id()));
        boolean isAnsweredEarly = waiting.isThere();

        // when
        leave(byId(id));

        // then
        assertThat(isAnsweredEarly).isFalse();
        assertThat(error(waiting.get())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldLetManyLeaveAtOnceEachWithItsOwnAnswer() {
        // given
        List<Joining> members = stableGroup(broker, 3);

        // when
        List<Errors> answers = leave(
                byId(members.get(0).id()), byId("stranger"), byId(members.get(2).id()));

        // then
        assertThat(answers).containsExactly(Errors.NONE, Errors.UNKNOWN_MEMBER_ID, Errors.NONE);
        assertThat(broker.classic(GROUP).members())
                .extracting(ClassicMember::id)
                .containsExactly(members.get(1).id());
    }

    @Test
    void shouldRemoveAStaticMemberByItsNameAlone() {
        // given
        String id = broker.join(staticJoinRequest("alice", "")).get().memberId();

        // when
        List<Errors> answer = leave(byName("alice"));

        // then
        assertThat(answer).containsExactly(Errors.NONE);
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
        assertThat(broker.heartbeat(GROUP, id, 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldNotLetAReplacedProcessTakeItsSuccessorAway() {
        // given
        String former = broker.join(staticJoinRequest("alice", "")).get().memberId();
        broker.join(staticJoinRequest("alice", ""));

        // when
        List<Errors> answer = leave(byId(former).setGroupInstanceId("alice"));

        // then
        assertThat(answer).containsExactly(Errors.FENCED_INSTANCE_ID);
        assertThat(broker.classic(GROUP).members()).hasSize(1);
    }
}
