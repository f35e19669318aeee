package io.penstock.core.group;

import static io.penstock.core.group.Members.GROUP;
import static io.penstock.core.group.Members.assignAll;
import static io.penstock.core.group.Members.error;
import static io.penstock.core.group.Members.joinRequest;
import static io.penstock.core.group.Members.joining;
import static io.penstock.core.group.Members.stableGroup;
import static io.penstock.core.group.Members.syncRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.Members.Joining;
import java.util.List;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A broker that is about to stop lets nobody wait for others. */
class ReleaseTest {
    private final ShardFixture broker = new ShardFixture();

    @Test
    void shouldSendThoseAwayWhoWaitForOthersToJoin() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining waiting = joining(broker);

        // when
        broker.submit(GroupCommands.releaseWaiting(GROUP));

        // then: they are answered once, whatever comes after
        assertThat(error(waiting.answer().get())).isEqualTo(Errors.NOT_COORDINATOR);
        broker.join(joinRequest(first.id()));
        Joining again = new Joining(waiting.id(), broker.join(joinRequest(waiting.id())));
        assertThat(again.generation()).isEqualTo(2);
    }

    @Test
    void shouldSendThoseAwayWhoWaitForTheirAssignment() {
        // given
        Joining first = stableGroup(broker, 1).get(0);
        Joining second = joining(broker);
        Joining leader = new Joining(first.id(), broker.join(joinRequest(first.id())));
        Answer<SyncGroupResponseData> waiting = broker.sync(syncRequest(second.id(), 2));

        // when
        broker.submit(GroupCommands.releaseWaiting(GROUP));
        broker.sync(assignAll(leader, List.of(leader, second)));

        // then
        assertThat(waiting.get().errorCode()).isEqualTo(Errors.NOT_COORDINATOR.code());
        assertThat(broker.state(GROUP)).isEqualTo("Stable");
    }
}
