package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.SESSION_MS;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.protocols;
import static io.penstock.core.group.Members.staticJoinRequest;
import static io.penstock.core.group.Members.subscription;
import static io.penstock.core.group.Members.syncAll;
import static io.penstock.core.group.Members.syncRequest;
import static io.penstock.core.group.Members.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** KIP-345: members with a name of their own, which come back as another process without a rebalance. */
class ClassicStaticMemberTest {
    private final ShardFixture broker = new ShardFixture();

    @SuppressWarnings("NullAway.Init") // by stableGroup, with which tests begin
    private Joining alice;

    @SuppressWarnings("NullAway.Init")
    private Joining bob;

    /** Alice and Bob in a stable group of generation 2; Alice leads. */
    private void stableGroup() {
        Joining alone = staticJoining("alice", "");
        syncAll(broker, List.of(alone));
        bob = staticJoining("bob", "");
        alice = staticJoining("alice", alone.id());
        bob = new Joining(bob.joined().memberId(), bob.answer());
        syncAll(broker, List.of(alice, bob));
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    private Joining staticJoining(String instanceId, String memberId) {
        Answer<JoinGroupResponseData> answer = broker.join(staticJoinRequest(instanceId, memberId));
        return new Joining(answer.isThere() ? answer.get().memberId() : memberId, answer);
    }

    private Errors heartbeat(String instanceId, String memberId, int generation) {
        return Errors.forCode(broker.heartbeat(new HeartbeatRequestData()
                        .setGroupId(GROUP)
                        .setGroupInstanceId(instanceId)
                        .setMemberId(memberId)
                        .setGenerationId(generation))
                .get()
                .errorCode());
    }

    // ---- joining

    @Test
    void shouldLetANamedMemberInWithoutAnIdFirst() {
        // when
        JoinGroupResponseData answer = staticJoining("alice", "").joined();

        // then
        assertThat(answer.generationId()).isEqualTo(1);
        assertThat(answer.memberId()).startsWith("alice-");
        assertThat(answer.members().get(0).groupInstanceId()).isEqualTo("alice");
    }

    @Test
    void shouldNotLetAStrangerInUnderANewName() {
        // given
        stableGroup();

        // when, then
        assertThat(error(broker.join(staticJoinRequest("carol", "stranger")).get()))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(error(broker.join(staticJoinRequest("alice", "stranger")).get()))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldNotTakeAGivenIdForANamedMember() {
        // given
        stableGroup();
        String id = Members.newId(broker);

        // when, then
        assertThat(error(broker.join(staticJoinRequest("carol", id)).get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    // ---- another process

    @Test
    void shouldKeepTheAssignmentWhenAFollowerComesBackAsAnotherProcess() {
        // given
        stableGroup();

        // when
        JoinGroupResponseData back = staticJoining("bob", "").joined();

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
        assertThat(back.memberId()).isNotEqualTo(bob.id());
        assertThat(back.generationId()).isEqualTo(2);
        assertThat(back.leader()).isEqualTo(alice.id());
        assertThat(back.members()).isEmpty();
        assertThat(back.skipAssignment()).isFalse();
        SyncGroupResponseData synced = broker.sync(
                        syncRequest(back.memberId(), 2).setGroupInstanceId("bob"))
                .get();
        assertThat(synced.assignment()).isEqualTo(text(bob.id()));
    }

    @Test
    void shouldFenceTheFormerProcessEverywhere() {
        // given
        stableGroup();
        staticJoining("bob", "");

        // when, then
        assertThat(heartbeat("bob", bob.id(), 2)).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(error(broker.join(staticJoinRequest("bob", bob.id())).get())).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(Errors.forCode(broker.sync(syncRequest(bob.id(), 2).setGroupInstanceId("bob"))
                        .get()
                        .errorCode()))
                .isEqualTo(Errors.FENCED_INSTANCE_ID);
        var commit = ShardFixture.commitRequest(GROUP, bob.id(), 2, "t", 0, 1).setGroupInstanceId("bob");
        assertThat(broker.commit(commit)
                        .get()
                        .topics()
                        .get(0)
                        .partitions()
                        .get(0)
                        .errorCode())
                .isEqualTo(Errors.FENCED_INSTANCE_ID.code());
    }

    @Test
    void shouldTellALeaderThatComesBackToSkipTheAssignment() {
        // given
        stableGroup();

        // when
        JoinGroupResponseData back = staticJoining("alice", "").joined();

        // then
        assertThat(back.skipAssignment()).isTrue();
        assertThat(back.leader()).isEqualTo(back.memberId());
        assertThat(back.members())
                .extracting(JoinGroupResponseMember::groupInstanceId)
                .containsExactlyInAnyOrder("alice", "bob");
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldKeepAnOldClientThatLedFromAssigning() {
        // given
        stableGroup();

        // when
        JoinGroupResponseData back = broker.join(staticJoinRequest("alice", ""), ShardFixture.OLD_CALLER)
                .get();

        // then: it is told that its former process leads
        assertThat(error(back)).isEqualTo(Errors.NONE);
        assertThat(back.leader()).isEqualTo(alice.id());
        assertThat(back.members()).isEmpty();
        assertThat(back.skipAssignment()).isFalse();
    }

    @Test
    void shouldRememberTheNewProcessOverARestart() {
        // given
        stableGroup();
        JoinGroupResponseData back = staticJoining("bob", "").joined();

        // when
        broker.restart();

        // then
        assertThat(heartbeat("bob", back.memberId(), 2)).isEqualTo(Errors.NONE);
        assertThat(heartbeat("bob", bob.id(), 2)).isEqualTo(Errors.FENCED_INSTANCE_ID);
    }

    @Test
    void shouldKeepTheFormerProcessWhenTheNewOneCannotBeWritten() {
        // given
        stableGroup();
        broker.holdsBack = true;
        Answer<JoinGroupResponseData> back = broker.join(staticJoinRequest("bob", ""));

        // when
        broker.fail(Errors.NOT_COORDINATOR);
        broker.holdsBack = false;

        // then
        assertThat(error(back.get())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(heartbeat("bob", bob.id(), 2)).isEqualTo(Errors.NONE);
        broker.advance(SESSION_MS);
        assertThat(heartbeat("bob", bob.id(), 2)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldRebalanceWhenItComesBackForOtherTopics() {
        // given
        stableGroup();
        JoinGroupRequestData other = staticJoinRequest("bob", "").setProtocols(protocols(subscription("u"), "range"));

        // when
        Answer<JoinGroupResponseData> back = broker.join(other);

        // then
        assertThat(back.isThere()).isFalse();
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldRebalanceWhenTheElectedProtocolChanges() {
        // given: the group can do both, and has chosen range
        broker.join(Members.joinRequest("", "range", "roundrobin").setGroupInstanceId("alice"));
        String id = broker.classic(GROUP).members().iterator().next().id();
        broker.sync(syncRequest(id, 1).setGroupInstanceId("alice"));

        // when
        JoinGroupResponseData back = broker.join(
                        Members.joinRequest("", "roundrobin", "range").setGroupInstanceId("alice"))
                .get();

        // then
        assertThat(back.generationId()).isEqualTo(2);
        assertThat(back.protocolName()).isEqualTo("roundrobin");
        assertThat(back.skipAssignment()).isFalse();
    }

    @Test
    void shouldTakeOverEverythingThatTheNewProcessSays() {
        // given
        stableGroup();

        // when
        broker.join(staticJoinRequest("bob", "").setSessionTimeoutMs(30_000).setRebalanceTimeoutMs(90_000));

        // then
        ClassicMember member = broker.classic(GROUP).members().stream()
                .filter(known -> "bob".equals(known.instanceId()))
                .findFirst()
                .orElseThrow();
        assertThat(member.sessionTimeoutMs()).isEqualTo(30_000);
        assertThat(member.rebalanceTimeoutMs()).isEqualTo(90_000);
    }

    @Test
    void shouldRebalanceAgainWhenReplacedBeforeAssignmentsCame() {
        // given: generation 2 has begun, Bob waits for its assignment
        Joining alone = staticJoining("alice", "");
        syncAll(broker, List.of(alone));
        Answer<JoinGroupResponseData> bobJoins = broker.join(staticJoinRequest("bob", ""));
        broker.join(staticJoinRequest("alice", alone.id()));
        String bobId = bobJoins.get().memberId();
        Answer<SyncGroupResponseData> waiting =
                broker.sync(syncRequest(bobId, 2).setGroupInstanceId("bob"));

        // when
        Answer<JoinGroupResponseData> back = broker.join(staticJoinRequest("bob", ""));

        // then
        assertThat(waiting.get().errorCode()).isEqualTo(Errors.FENCED_INSTANCE_ID.code());
        assertThat(back.isThere()).isFalse();
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        broker.join(staticJoinRequest("alice", alone.id()));
        assertThat(back.get().generationId()).isEqualTo(3);
    }

    @Test
    void shouldAnswerTheFormerProcessThatWaitsToJoin() {
        // given
        stableGroup();
        joining(broker);
        Answer<JoinGroupResponseData> former = broker.join(staticJoinRequest("bob", bob.id()));

        // when
        broker.join(staticJoinRequest("bob", ""));

        // then
        assertThat(error(former.get())).isEqualTo(Errors.FENCED_INSTANCE_ID);
        assertThat(former.get().memberId()).isEqualTo(bob.id());
    }

    // ---- staying away

    @Test
    void shouldNotRebalanceWhileANamedMemberRestartsWithinItsSession() {
        // given
        stableGroup();

        // when
        broker.advance(SESSION_MS - 1);
        heartbeat("alice", alice.id(), 2);
        Joining back = staticJoining("bob", "");

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
        broker.advance(SESSION_MS - 1);
        assertThat(heartbeat("bob", back.id(), 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldKeepNamedMembersThatAreLateToJoin() {
        // given
        stableGroup();
        Joining carol = staticJoining("carol", "");
        broker.join(staticJoinRequest("alice", alice.id()));

        // when: Bob is alive and does not join
        for (int i = 0; i < 12; i++) {
            heartbeat("bob", bob.id(), 2);
            broker.advance(5_000);
        }

        // then
        JoinGroupResponseData joined = carol.answer().get();
        assertThat(joined.generationId()).isEqualTo(3);
        assertThat(broker.classic(GROUP).members()).hasSize(3);
    }

    @Test
    void shouldWaitOnWhenNoNamedMemberHasComeBackInTime() {
        // given: a newcomer starts a rebalance and is lost; the named ones are alive and late
        stableGroup();
        Joining newcomer = joining(broker);
        broker.leave(GROUP, new MemberIdentity().setMemberId(newcomer.id()));

        // when
        for (int i = 0; i < 14; i++) {
            heartbeat("alice", alice.id(), 2);
            heartbeat("bob", bob.id(), 2);
            broker.advance(5_000);
        }

        // then
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        Answer<JoinGroupResponseData> first = broker.join(staticJoinRequest("alice", alice.id()));
        Answer<JoinGroupResponseData> second = broker.join(staticJoinRequest("bob", bob.id()));
        assertThat(first.get().generationId()).isEqualTo(3);
        assertThat(second.get().generationId()).isEqualTo(3);
    }
}
