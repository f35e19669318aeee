package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.newId;
import static io.penstock.core.group.Members.protocols;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClassicJoinTest {
    private final ShardFixture broker = new ShardFixture();

    // ---- ids

    @Test
    void shouldGiveDynamicMemberAnIdFirst() {
        // when
        JoinGroupResponseData answer = broker.join(joinRequest("")).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        assertThat(answer.memberId()).startsWith("client-");
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
    }

    @Test
    void shouldLetOldClientsInWithoutKnownId() {
        // when
        JoinGroupResponseData answer =
                broker.join(joinRequest(""), ShardFixture.OLD_CALLER).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(answer.generationId()).isEqualTo(1);
    }

    @Test
    void shouldRememberGroupFromItsFirstJoinOn() {
        // given
        newId(broker);

        // when
        broker.restart();

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
    }

    @Test
    void shouldNotMakeGroupForAnIdThatNobodyGave() {
        // when
        JoinGroupResponseData answer = broker.join(joinRequest("stranger")).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(answer.memberId()).isEqualTo("stranger");
        assertThat(broker.state(GROUP)).isEqualTo("Dead");
    }

    @Test
    void shouldRefuseUnknownIdInKnownGroup() {
        // given
        stableGroup(broker, 1);

        // when
        JoinGroupResponseData answer = broker.join(joinRequest("stranger")).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldForgetIdThatDoesNotComeBackInTime() {
        // given
        String id = newId(broker);

        // when
        broker.advance(Members.SESSION_MS);

        // then
        assertThat(error(broker.join(joinRequest(id)).get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldCutVeryLongClientNamesSoThatIdsCanBeStored() {
        // given
        JoinCaller caller = new JoinCaller("ö".repeat(32_000), "/127.0.0.1", false, false);

        // when
        JoinGroupResponseData answer = broker.join(joinRequest(""), caller).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.NONE);
        assertThat(answer.memberId()).hasSizeLessThan(10_100);
    }

    // ---- the first member

    @Test
    void shouldNotLetFirstMemberWait() {
        // when
        JoinGroupResponseData answer = joining(broker).joined();

        // then
        assertThat(answer.generationId()).isEqualTo(1);
        assertThat(answer.leader()).isEqualTo(answer.memberId());
        assertThat(answer.protocolName()).isEqualTo("range");
        assertThat(answer.protocolType()).isEqualTo("consumer");
        assertThat(answer.members()).hasSize(1);
        assertThat(answer.members().get(0).metadata()).isEqualTo(subscription("t"));
        assertThat(answer.skipAssignment()).isFalse();
    }

    @Test
    void shouldWaitForMoreMembersIfConfigured() {
        // given
        ShardFixture patient = new ShardFixture(Settings.withInitialDelayMs(3_000));

        // when
        Joining first = joining(patient);
        patient.advance(2_999);

        // then
        assertThat(first.answer().isThere()).isFalse();
        patient.advance(1);
        assertThat(first.generation()).isEqualTo(1);
    }

    @Test
    void shouldWaitAgainWhenSomebodyComesWhileWaiting() {
        // given
        ShardFixture patient = new ShardFixture(Settings.withInitialDelayMs(3_000));
        Joining first = joining(patient);
        patient.advance(1_000);
        Joining second = joining(patient);

        // when
        patient.advance(2_000);
        boolean isAnsweredAfterFirstDelay = first.answer().isThere();
        patient.advance(3_000);

        // then
        assertThat(isAnsweredAfterFirstDelay).isFalse();
        assertThat(first.generation()).isEqualTo(1);
        assertThat(second.generation()).isEqualTo(1);
    }

    // ---- more members

    @Test
    void shouldRebalanceWhenAnotherMemberJoins() {
        // given
        Joining first = stableGroup(broker, 1).get(0);

        // when
        Joining second = joining(broker);

        // then
        assertThat(second.answer().isThere()).isFalse();
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        assertThat(broker.heartbeat(GROUP, first.id(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldBeginNextGenerationWhenAllHaveJoined() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);

        // when
        JoinGroupResponseData leader = broker.join(joinRequest(first.id())).get();

        // then
        assertThat(leader.generationId()).isEqualTo(2);
        assertThat(leader.leader()).isEqualTo(first.id());
        assertThat(leader.members())
                .extracting(JoinGroupResponseMember::memberId)
                .containsExactlyInAnyOrder(first.id(), second.id());
        assertThat(second.generation()).isEqualTo(2);
    }

    @Test
    void shouldTellMembersOnlyToTheLeader() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);

        // when
        broker.join(joinRequest(first.id()));

        // then
        assertThat(second.joined().members()).isEmpty();
        assertThat(second.joined().leader()).isEqualTo(first.id());
    }

    @Test
    void shouldGoOnWithoutDynamicMembersThatDoNotJoinInTime() {
        // given
        Joining lost = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);

        // when: heartbeats alone do not help
        for (int i = 0; i < 12; i++) {
            broker.advance(5_000);
            if (i < 11) {
                assertThat(broker.heartbeat(GROUP, lost.id(), 1)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
            }
        }

        // then
        assertThat(second.generation()).isEqualTo(2);
        assertThat(second.joined().leader()).isEqualTo(second.id());
        assertThat(error(broker.join(joinRequest(lost.id())).get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldWaitAsLongAsTheSlowestMemberMayTake() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        String id = newId(broker);
        Answer<JoinGroupResponseData> slow =
                broker.join(joinRequest(id).setRebalanceTimeoutMs(200_000).setSessionTimeoutMs(300_000));

        // when
        while (broker.nowMs < 150_000) {
            broker.advance(5_000);
            broker.heartbeat(GROUP, first.id(), 1);
        }

        // then
        assertThat(slow.isThere()).isFalse();
    }

    @Test
    void shouldAnswerSameGenerationWhenFollowerJoinsAgainUnchanged() {
        // given
        List<Joining> members = stableGroup(broker, 2);

        // when
        JoinGroupResponseData answer =
                broker.join(joinRequest(members.get(1).id())).get();

        // then
        assertThat(answer.generationId()).isEqualTo(members.get(1).generation());
        assertThat(answer.members()).isEmpty();
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldRebalanceWhenLeaderJoinsAgain() {
        // given
        List<Joining> members = stableGroup(broker, 2);

        // when
        Answer<JoinGroupResponseData> answer =
                broker.join(joinRequest(members.get(0).id()));

        // then
        assertThat(answer.isThere()).isFalse();
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldRebalanceWhenFollowerSaysSomethingElse() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        JoinGroupRequestData changed =
                joinRequest(members.get(1).id()).setProtocols(protocols(subscription("other"), "range"));

        // when
        broker.join(changed);

        // then
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
    }

    @Test
    void shouldRepeatTheAnswerThatAMemberHasLost() {
        // given
        Joining leader = joining(broker);

        // when: the answer did not arrive, nobody has synced
        JoinGroupResponseData again = broker.join(joinRequest(leader.id())).get();

        // then
        assertThat(again.generationId()).isEqualTo(leader.generation());
        assertThat(again.members()).hasSize(1);
        assertThat(broker.state(GROUP)).isEqualTo("CompletingRebalance");
    }

    @Test
    void shouldAnswerBothWhenAJoinIsDoubled() {
        // given
        stableGroup(broker, 1);
        Joining second = joining(broker);

        // when
        Answer<JoinGroupResponseData> again = broker.join(joinRequest(second.id()));

        // then
        assertThat(error(second.answer().get())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(again.isThere()).isFalse();
    }

    @Test
    void shouldTakeAssignmentsBackWhenSomebodyJoinsBeforeTheyCame() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);
        Answer<JoinGroupResponseData> firstAgain = broker.join(joinRequest(first.id()));
        var waiting = broker.sync(Members.syncRequest(second.id(), 2));

        // when
        joining(broker);

        // then
        assertThat(firstAgain.get().generationId()).isEqualTo(2);
        assertThat(waiting.get().errorCode()).isEqualTo(Errors.REBALANCE_IN_PROGRESS.code());
    }

    // ---- protocols

    @Test
    void shouldChooseTheProtocolThatMostMembersLikeBest() {
        // given
        String firstId = idFor("a", "b", "only-first");
        broker.join(joinRequest(firstId, "a", "b", "only-first"));
        broker.sync(Members.syncRequest(firstId, 1).setProtocolName("a"));
        Answer<JoinGroupResponseData> second = broker.join(joinRequest(idFor("b", "a"), "b", "a"));
        Answer<JoinGroupResponseData> third = broker.join(joinRequest(idFor("b", "a"), "b", "a"));

        // when
        broker.join(joinRequest(firstId, "a", "b", "only-first"));

        // then
        assertThat(second.get().protocolName()).isEqualTo("b");
        assertThat(third.get().protocolName()).isEqualTo("b");
    }

    private String idFor(String... protocols) {
        return broker.join(joinRequest("", protocols)).get().memberId();
    }

    @Test
    void shouldRefuseMemberThatSharesNoProtocol() {
        // given
        stableGroup(broker, 1);

        // when
        JoinGroupResponseData answer =
                broker.join(joinRequest("", "roundrobin")).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
        assertThat(answer.memberId()).isEmpty();
    }

    @Test
    void shouldRefuseMemberOfAnotherKind() {
        // given
        stableGroup(broker, 1);

        // when
        JoinGroupResponseData answer =
                broker.join(joinRequest("").setProtocolType("connect")).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldRefuseMemberWithoutProtocols() {
        // given
        JoinGroupRequestData none = joinRequest("").setProtocols(protocols(new byte[0]));
        JoinGroupRequestData noType = joinRequest("").setProtocolType("");

        // when, then
        assertThat(Stream.of(none, noType)
                        .map(request -> error(broker.join(request).get())))
                .containsOnly(Errors.INCONSISTENT_GROUP_PROTOCOL);
    }

    @Test
    void shouldCarryOpaqueMetadataOfOtherKindsUnread() {
        // given
        byte[] opaque = {-1, -1, 0, 1, 2};
        JoinGroupRequestData request =
                joinRequest("").setProtocolType("connect").setProtocols(protocols(opaque, "sessioned"));
        String id = broker.join(request).get().memberId();

        // when
        JoinGroupResponseData answer =
                broker.join(request.duplicate().setMemberId(id)).get();

        // then
        assertThat(answer.members().get(0).metadata()).isEqualTo(opaque);
        assertThat(answer.protocolType()).isEqualTo("connect");
    }

    // ---- size

    @Test
    void shouldRefuseMoreMembersThanAllowed() {
        // given
        ShardFixture small = new ShardFixture(Settings.withMaxMembers(1));
        Joining only = stableGroup(small, 1).get(0);

        // when
        String id = newIdOrNone(small);

        // then
        assertThat(id).isEmpty();
        assertThat(small.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.NONE);
    }

    private static String newIdOrNone(ShardFixture broker) {
        JoinGroupResponseData answer = broker.join(joinRequest("")).get();
        assertThat(error(answer)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        return answer.memberId();
    }

    @Test
    void shouldRefuseNewMembersWhenThereIsNoMemoryForWhatTheySay() {
        // given
        ShardFixture small = new ShardFixture(Settings.withMaxMemberBytes(1_000));
        Joining only = stableGroup(small, 1).get(0);
        JoinGroupRequestData large = joinRequest("").setProtocols(protocols(new byte[2_000], "range"));

        // when
        JoinGroupResponseData answer = small.join(large).get();

        // then
        assertThat(error(answer)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(small.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.NONE);
    }
}
