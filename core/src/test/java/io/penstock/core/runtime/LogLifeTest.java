package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.fixture.RecordBatches;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** When logs are opened, closed, visited and deleted. */
class LogLifeTest {
    private final PartitionHarness partition = new PartitionHarness();

    private boolean isOpen() {
        return partition.store.isOpen(PartitionHarness.LOG);
    }

    private void closeIdle() {
        partition.live.askToClose();
        partition.run();
    }

    @Test
    void shouldCloseAnIdleLogAndOpenItAgainForTheNextAppend() {
        // given
        partition.append(RecordBatches.of("a"), 1);

        // when
        closeIdle();
        assertThat(isOpen()).isFalse();
        AppendResult next = partition.append(RecordBatches.of("b"), 1).get();

        // then
        assertThat(next.baseOffset()).isOne();
        assertThat(partition.fetch(0, 0).values()).containsExactly("a", "b");
    }

    @Test
    void shouldLetIdleConsumersWaitWithoutOpeningTheLog() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        Replies.Fetched parkedBefore = partition.fetch(1, 1);
        closeIdle();

        // when
        Replies.Fetched parkedAfter = partition.fetch(1, 1);
        assertThat(partition.fetch(1, 0).get().highWatermark()).isOne();
        assertThat(isOpen()).isFalse();
        partition.append(RecordBatches.of("b"), 1);

        // then
        assertThat(parkedBefore.values()).containsExactly("b");
        assertThat(parkedAfter.values()).containsExactly("b");
    }

    @Test
    void shouldNotCloseALogInUse() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        partition.log().isCold = true;
        partition.log().holdReads = true;
        Replies.Fetched reading = partition.fetch(0, 1);

        // when
        closeIdle();

        // then
        assertThat(isOpen()).isTrue();
        partition.log().releaseReads();
        partition.run();
        assertThat(reading.values()).containsExactly("a");
    }

    @Test
    void shouldRememberTheSizeOfALogItClosed() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        long sizeBytes = partition.status().get().sizeBytes();

        // when
        closeIdle();

        // then
        assertThat(partition.status().get().sizeBytes()).isEqualTo(sizeBytes);
        assertThat(partition.status().get().logEndOffset()).isOne();
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldCloseTheLeastRecentlyUsedLogsAboveTheLimit() {
        // given two partitions that share a host with room for one
        PartitionHarness one = new PartitionHarness(PartitionConfig.DEFAULT, Limits.withMaxOpenLogs(1));
        LivePartition other = new LivePartition(
                FleetFixture.spec(org.apache.kafka.common.Uuid.randomUuid(), 0, PartitionConfig.DEFAULT),
                one.host,
                one.threads.context().owner(),
                one.time);
        one.append(RecordBatches.of("a"), 1);
        one.time.advance(5_000);
        other.handle(new OffsetCommand(
                other.id(), Runnable::run, new io.penstock.core.partition.OffsetQuery(-1, -1, false), answer -> {}));
        one.run();
        assertThat(one.host.openLogs().count()).isEqualTo(2);

        // when
        one.host.openLogs().sweep(one.time.monotonicMs());
        one.run();

        // then
        assertThat(one.host.openLogs().count()).isOne();
        assertThat(other.openLog()).isNotNull();
    }

    @Test
    void shouldCloseWhatNobodyUsesForLong() {
        // given
        partition.append(RecordBatches.of("a"), 1);

        // when
        partition.time.advance(partition.host.limits().idleCloseMs());
        partition.host.openLogs().sweep(partition.time.monotonicMs());
        partition.run();

        // then
        assertThat(isOpen()).isFalse();
    }

    // ---- retention

    @Test
    void shouldDeleteOldSegmentsOfAnOpenLog() {
        // given a segment for each batch, all of them old
        partition.updateLog(oldRecordsGo());
        for (int i = 0; i < 5; i++) {
            partition.append(RecordBatches.ofValueBytes(2_000, RecordBatches.TIMESTAMP_MS), 1);
        }

        // when
        List<String> done = new ArrayList<>();
        partition.live.retain(() -> done.add("done"));
        partition.run();

        // then
        assertThat(done).hasSize(1);
        assertThat(partition.status().get().logStartOffset()).isPositive();
        assertThat(partition.listOffset(-2, false).get().offset())
                .isEqualTo(partition.status().get().logStartOffset());
    }

    private static LogConfig oldRecordsGo() {
        return new LogConfig(2_500, 604_800_000L, 0, -1, 1_000, true, 60_000, 4096, 1_048_588, 86_400_000L);
    }

    @Test
    void shouldVisitClosedLogsWithDataAndCloseThemAgain() {
        // given
        partition.updateLog(oldRecordsGo());
        for (int i = 0; i < 5; i++) {
            partition.append(RecordBatches.ofValueBytes(2_000, RecordBatches.TIMESTAMP_MS), 1);
        }
        closeIdle();

        // when
        List<String> done = new ArrayList<>();
        partition.live.retainClosed(() -> done.add("done"));
        partition.run();

        // then
        assertThat(done).hasSize(1);
        assertThat(isOpen()).isFalse();
        assertThat(partition.status().get().logStartOffset()).isPositive();
    }

    @Test
    void shouldNotMakeFilesForALogWithoutData() {
        // when
        List<String> done = new ArrayList<>();
        partition.live.retainClosed(() -> done.add("done"));
        partition.run();

        // then
        assertThat(done).hasSize(1);
        assertThat(partition.store.openCount).isZero();
    }

    // ---- the end

    @Test
    void shouldRefuseWhatWaitsForTheLogWhenItEndsBeforeItIsOpen() {
        // given
        partition.store.holdOpens = true;
        Reply<AppendResult> append = partition.append(RecordBatches.of("a"), 1);
        Replies.Fetched fetch = partition.fetch(0, 1);

        // when
        CompletionStage<Void> ended = partition.live.end(false);
        assertThat(append.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(fetch.get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(ended.toCompletableFuture()).isNotDone();
        partition.store.releaseOpens();
        partition.threads.await(ended);

        // then
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldRefuseEverythingAfterItsEnd() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        partition.threads.await(partition.live.end(false));

        // when, then
        assertThat(partition.append(RecordBatches.of("b"), 1).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.fetch(1, 1).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.listOffset(-1, false).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.epochEnd(-1, 0).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.deleteRecords(0).get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(partition.status().get().error()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
        assertThat(isOpen()).isFalse();
    }

    @Test
    void shouldDeleteTheFilesOfALogThatIsClosed() {
        // given
        partition.append(RecordBatches.of("a"), 1);
        closeIdle();

        // when
        partition.threads.await(partition.live.end(true));

        // then
        assertThat(partition.store.list()).isEmpty();
    }
}
