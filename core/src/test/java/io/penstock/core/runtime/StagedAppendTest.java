package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendResult;
import io.penstock.storage.fixture.RecordBatches;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A large batch is lent to the disk before it is appended: in order, and unanswered for as long as its memory is read. */
class StagedAppendTest {
    private static final String LARGE = "x".repeat(1000);

    private final PartitionHarness partition = new PartitionHarness();
    private final FlakyLog log = partition.open();

    @BeforeEach
    void stageLargeBatches() {
        log.stagedFromBytes = 500;
    }

    @Test
    void shouldAppendSmallBatchesAtOnce() {
        assertThat(append("small").get().baseOffset()).isZero();
    }

    @Test
    void shouldKeepTheOrderOfSmallAndLargeBatches() {
        // given
        List<Reply<AppendResult>> replies =
                List.of(append("a"), append(LARGE), append("b"), append(LARGE), append("c"));
        assertThat(replies.subList(1, 5)).noneMatch(Reply::isThere);

        // when
        log.endStaging();
        partition.run();

        // then
        assertThat(replies.get(2).isThere()).isTrue();
        assertThat(replies.get(3).isThere()).isFalse();
        log.endStaging();
        partition.run();
        for (int i = 0; i < replies.size(); i++) {
            assertThat(replies.get(i).get()).isEqualTo(AppendResult.appended(i, i, -1, 0));
        }
        assertThat(log.unstageCount).isZero();
    }

    @Test
    void shouldStageAfterAWaitForRoom() {
        // given
        log.lacksRoom = true;
        Reply<AppendResult> reply = append(LARGE);
        assertThat(log.isStaging()).isFalse();

        // when
        log.makeRoom();
        partition.run();

        // then
        assertThat(log.isStaging()).isTrue();
        log.endStaging();
        partition.run();
        assertThat(reply.get().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAnswerNothingOfTheDisksWhenTheLogFails() {
        // given
        Reply<AppendResult> lent = append(LARGE);

        // when
        partition.live.onLogFailed(log, "test", new IllegalStateException("made by the test"));
        partition.run();

        // then
        assertThat(lent.isThere()).isFalse();
        log.endStaging();
        partition.run();
        assertThat(lent.get().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldAnswerNothingOfTheDisksWhenThePartitionGoesAway() {
        // given
        Reply<AppendResult> lent = append(LARGE);
        Reply<AppendResult> behind = append("small");

        // when
        partition.threads.await(partition.live.end(true));
        partition.run();

        // then
        assertThat(behind.get().error()).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
        assertThat(lent.isThere()).isFalse();
        log.endStaging();
        partition.run();
        assertThat(lent.get().error()).isNotEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotAppendForAnotherLeader() {
        // given
        Reply<AppendResult> lent = append(LARGE);

        // when
        partition.update(PartitionHarness.image(2, 1, List.of(1, 2), List.of(1, 2)));

        // then
        assertThat(lent.isThere()).isFalse();
        log.endStaging();
        partition.run();
        assertThat(lent.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(log.endOffset()).isZero();
        assertThat(log.unstageCount).isOne();
    }

    @Test
    void shouldNotCloseTheLogWhileABatchIsLent() {
        // given
        append(LARGE);

        // when
        partition.live.askToClose();
        partition.run();

        // then
        assertThat(partition.live.openLog()).isNotNull();
    }

    @Test
    void shouldRefuseWhenTheLogDiesUnderTheDisk() {
        // given
        Reply<AppendResult> lent = append(LARGE);

        // when
        log.die();
        log.endStaging();
        partition.run();

        // then
        assertThat(lent.get().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldServeReadersMeanwhile() {
        // given
        append("before");

        // when
        append(LARGE);

        // then
        assertThat(partition.fetch(0, 0).values()).containsExactly("before");
    }

    private Reply<AppendResult> append(String value) {
        return partition.append(RecordBatches.of(value), 1);
    }
}
