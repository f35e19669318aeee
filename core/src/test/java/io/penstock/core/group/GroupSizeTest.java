package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.newId;
import static io.penstock.core.group.Members.stableGroup;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** {@code group.max.size}, also of groups that were larger before it was lowered. */
class GroupSizeTest {

    /** A broker that finds a stable group of two in its log, but allows only so many. */
    private static ShardFixture restartedWith(int maxMembers, List<Joining> members) {
        ShardFixture before = new ShardFixture();
        members.addAll(stableGroup(before, 2));
        ShardFixture after = new ShardFixture(Settings.withMaxMembers(maxMembers));
        after.log.addAll(before.log);
        after.restart();
        return after;
    }

    @Test
    void shouldLetMembersInUpToTheLimit() {
        // given
        ShardFixture broker = new ShardFixture(Settings.withMaxMembers(2));

        // when
        List<Joining> members = stableGroup(broker, 2);

        // then
        assertThat(members).hasSize(2);
        assertThat(error(broker.join(joinRequest("")).get())).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
    }

    @Test
    void shouldForgetAGivenIdThatComesTooLate() {
        // given
        ShardFixture broker = new ShardFixture(Settings.withMaxMembers(2));
        Joining first = stableGroup(broker, 1).get(0);
        String late = newId(broker);
        Joining second = joining(broker);
        Answer<JoinGroupResponseData> again = broker.join(joinRequest(first.id()));
        boolean isHeldUp = !again.isThere();

        // when
        JoinGroupResponseData refused = broker.join(joinRequest(late)).get();

        // then: and the group does not wait for it any longer
        assertThat(error(refused)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(refused.memberId()).isEmpty();
        assertThat(isHeldUp).isTrue();
        assertThat(error(again.get())).isEqualTo(Errors.NONE);
        assertThat(second.joined().generationId()).isEqualTo(2);
    }

    @Test
    void shouldRebalanceAGroupThatIsTooLargeWhenItIsLoaded() {
        // given
        List<Joining> members = new ArrayList<>();

        // when
        ShardFixture broker = restartedWith(1, members);

        // then
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), members.get(0).generation()))
                .isEqualTo(Errors.REBALANCE_IN_PROGRESS);
    }

    @Test
    void shouldSendTheLastToComeAwayAndGoOnWithTheOthers() {
        // given
        List<Joining> members = new ArrayList<>();
        ShardFixture broker = restartedWith(1, members);
        Answer<JoinGroupResponseData> first =
                broker.join(joinRequest(members.get(1).id()));

        // when
        JoinGroupResponseData last =
                broker.join(joinRequest(members.get(0).id())).get();

        // then
        assertThat(error(last)).isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        assertThat(error(first.get())).isEqualTo(Errors.NONE);
        assertThat(first.get().members()).hasSize(1);
    }

    @Test
    void shouldLeaveALargeGroupAloneThatFits() {
        // given
        List<Joining> members = new ArrayList<>();

        // when
        ShardFixture broker = restartedWith(2, members);

        // then
        assertThat(broker.heartbeat(GROUP, members.get(0).id(), members.get(0).generation()))
                .isEqualTo(Errors.NONE);
    }
}
