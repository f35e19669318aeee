package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendResult;
import io.penstock.storage.fixture.RecordBatches;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Appends that outrun the disk wait for room, in order, and are answered whatever happens meanwhile. */
class ParkedAppendTest {
    private final PartitionHarness partition = new PartitionHarness();

    @BeforeEach
    void openWithoutRoom() {
        partition.open().lacksRoom = true;
    }

    @Test
    void shouldAppendInOrderWhenThereIsRoomAgain() {
        // given
        List<Reply<AppendResult>> replies = appends(300);
        assertThat(replies).noneMatch(Reply::isThere);
        assertThat(partition.log().endOffset()).as("end while there is no room").isZero();

        // when
        partition.log().makeRoom();
        partition.run();

        // then
        for (int i = 0; i < replies.size(); i++) {
            assertThat(replies.get(i).get()).isEqualTo(AppendResult.appended(i, i, -1, 0));
        }
        assertThat(partition.log().parkCount)
                .as("appends that waited themselves")
                .isOne();
    }

    @Test
    void shouldWaitAgainWhenTheRoomIsNotEnough() {
        // given
        Reply<AppendResult> reply = append("a");

        // when
        partition.log().askAgain();
        partition.run();

        // then
        assertThat(reply.isThere()).isFalse();
        assertThat(partition.log().parkCount).isEqualTo(2);
        partition.log().makeRoom();
        partition.run();
        assertThat(reply.get().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldGoOnInStepsThatLetOthersHaveTheirTurn() {
        // given far more than one step
        List<Reply<AppendResult>> replies = appends(1000);

        // when the owner runs the one task that says there is room
        partition.log().makeRoom();
        partition.threads.runOne();

        // then
        assertThat(replies.get(0).isThere()).isTrue();
        assertThat(replies.get(999).isThere()).as("all in one turn").isFalse();
        partition.run();
        assertThat(replies.get(999).get().baseOffset()).isEqualTo(999);
    }

    @Test
    void shouldServeReadersMeanwhile() {
        // given
        partition.log().makeRoom();
        append("before");
        partition.log().lacksRoom = true;

        // when
        append("waits");

        // then
        assertThat(partition.fetch(0, 0).values()).containsExactly("before");
    }

    @Test
    void shouldBoundWhatWaits() {
        // given the one that waits for room and as many behind it as may be
        appends(1 + partition.host.limits().maxWaitingCommands());

        // when, then
        assertThat(append("one too many").get().error()).isEqualTo(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void shouldRefuseWhatWaitsWhenTheLogFails() {
        // given
        List<Reply<AppendResult>> replies = appends(3);

        // when
        partition.live.onLogFailed(partition.log(), "test", new IllegalStateException("made by the test"));
        partition.run();

        // then
        assertThat(replies).allMatch(reply -> reply.get().error() == Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldRefuseWhatWaitsWhenThePartitionGoesAway() {
        // given
        List<Reply<AppendResult>> replies = appends(3);

        // when
        partition.threads.await(partition.live.end(true));
        partition.run();

        // then
        assertThat(replies).allMatch(reply -> reply.get().error() == Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldNotAppendForAnotherLeader() {
        // given
        Reply<AppendResult> reply = append("a");
        partition.update(PartitionHarness.image(2, 1, List.of(1, 2), List.of(1, 2)));

        // when
        partition.log().makeRoom();
        partition.run();

        // then
        assertThat(reply.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.log().endOffset()).isZero();
    }

    @Test
    void shouldNotCloseTheLogWhileAnAppendWaits() {
        // given
        append("a");

        // when
        partition.live.askToClose();
        partition.run();

        // then
        assertThat(partition.live.openLog()).isNotNull();
    }

    private Reply<AppendResult> append(String value) {
        return partition.append(RecordBatches.of(value), 1);
    }

    private List<Reply<AppendResult>> appends(int count) {
        List<Reply<AppendResult>> replies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            replies.add(append("value " + i));
        }
        return replies;
    }
}
