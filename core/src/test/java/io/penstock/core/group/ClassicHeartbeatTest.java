package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.SESSION_MS;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.newId;
import static io.penstock.core.group.Members.stableGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClassicHeartbeatTest {
    private final ShardFixture broker = new ShardFixture();

    @Test
    void shouldRefuseWhoIsNotThere() {
        // given
        Errors noGroup = broker.heartbeat(GROUP, "m", -1);
        Joining only = stableGroup(broker, 1).get(0);

        // when, then
        assertThat(noGroup).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.heartbeat(GROUP, "stranger", 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.heartbeat(GROUP, only.id(), 0)).isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(broker.heartbeat(GROUP, only.id(), 2)).isEqualTo(Errors.ILLEGAL_GENERATION);
    }

    @Test
    void shouldRefuseAnIdThatHasNotComeBack() {
        // given
        stableGroup(broker, 1);

        // when, then
        assertThat(broker.heartbeat(GROUP, newId(broker), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldBeTakenBeforeTheAssignmentIsThere() {
        // given
        Joining only = joining(broker);

        // when, then
        assertThat(broker.state(GROUP)).isEqualTo("CompletingRebalance");
        assertThat(broker.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldKeepAMemberAlive() {
        // given
        Joining only = stableGroup(broker, 1).get(0);

        // when
        for (int i = 0; i < 10; i++) {
            broker.advance(SESSION_MS - 1);
            assertThat(broker.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.NONE);
        }

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }

    @Test
    void shouldLoseAMemberThatIsNotHeardOf() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        int generation = members.get(0).generation();
        broker.advance(SESSION_MS - 1);
        broker.heartbeat(GROUP, members.get(0).id(), generation);

        // when
        broker.advance(1);

        // then
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
        assertThat(broker.heartbeat(GROUP, members.get(1).id(), generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), generation)).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldEmptyTheGroupWhenTheLastMemberIsLost() {
        // given
        Joining only = stableGroup(broker, 1).get(0);

        // when
        broker.advance(SESSION_MS);

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
        assertThat(broker.heartbeat(GROUP, only.id(), 1)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        broker.restart();
        assertThat(broker.state(GROUP)).isEqualTo("Empty");
        assertThat(broker.classic(GROUP).generation()).isEqualTo(2);
    }

    @Test
    void shouldNotHoldTheJoinPhaseUpForTheDead() {
        // given
        List<Joining> members = stableGroup(broker, 3);
        int generation = members.get(0).generation();
        broker.advance(SESSION_MS / 2);
        broker.heartbeat(GROUP, members.get(0).id(), generation);
        broker.heartbeat(GROUP, members.get(1).id(), generation);
        Answer<JoinGroupResponseData> first =
                broker.join(joinRequest(members.get(0).id()));
        Answer<JoinGroupResponseData> second =
                broker.join(joinRequest(members.get(1).id()));

        // when
        broker.advance(SESSION_MS / 2);

        // then
        assertThat(first.get().generationId()).isEqualTo(generation + 1);
        assertThat(second.get().generationId()).isEqualTo(generation + 1);
    }

    @Test
    void shouldNotExpectHeartbeatsFromMembersThatWaitToJoin() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        int generation = members.get(0).generation();
        Answer<JoinGroupResponseData> waiting =
                broker.join(joinRequest(members.get(0).id()));

        // when
        for (int i = 0; i < 4; i++) {
            broker.advance(SESSION_MS - 1);
            broker.heartbeat(GROUP, members.get(1).id(), generation);
        }

        // then
        assertThat(waiting.isThere()).isFalse();
        Answer<JoinGroupResponseData> last =
                broker.join(joinRequest(members.get(1).id()));
        assertThat(error(waiting.get())).isEqualTo(Errors.NONE);
        assertThat(error(last.get())).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldLetANewMemberGoThatHasWaitedFiveMinutes() {
        // given: the old member may take ten minutes, and is alive
        Joining patient = joiningSlowly();
        broker.sync(Members.assignAll(patient, List.of(patient)));
        Joining fresh = joining(broker);

        // when
        for (int i = 0; i < 60; i++) {
            broker.advance(5_000);
            broker.heartbeat(GROUP, patient.id(), 1);
        }

        // then
        assertThat(error(fresh.answer().get())).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(broker.state(GROUP)).isEqualTo("PreparingRebalance");
    }

    private Joining joiningSlowly() {
        String id = newId(broker);
        return new Joining(id, broker.join(joinRequest(id).setRebalanceTimeoutMs(600_000)));
    }

    @Test
    void shouldGiveMembersAFullSessionAfterARestart() {
        // given
        List<Joining> members = stableGroup(broker, 2);
        int generation = members.get(0).generation();
        broker.advance(SESSION_MS - 1);

        // when
        broker.restart();
        broker.advance(SESSION_MS - 1);

        // then
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), generation)).isEqualTo(Errors.NONE);
        broker.advance(1);
        assertThat(broker.heartbeat(GROUP, members.get(1).id(), generation)).isEqualTo(Errors.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldCountACommitAsAHeartbeat() {
        // given
        Joining only = stableGroup(broker, 1).get(0);

        // when
        for (int i = 0; i < 4; i++) {
            broker.advance(SESSION_MS - 1);
            assertThat(broker.commit(GROUP, only.id(), 1, "t", 0, i)).isEqualTo(Errors.NONE);
        }

        // then
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }
}
