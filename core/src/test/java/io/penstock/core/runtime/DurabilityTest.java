package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.Configs;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.fixture.RecordBatches;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** What {@code flush.messages} and {@code flush.ms} promise. */
class DurabilityTest {
    private static final PartitionConfig EVERY_RECORD = Configs.flushing(1, Long.MAX_VALUE);

    private static PartitionHarness opened(PartitionConfig config) {
        PartitionHarness partition = new PartitionHarness(config);
        partition.open().holdSyncs = true;
        return partition;
    }

    private static void releaseSync(PartitionHarness partition) {
        partition.log().releaseOneSync();
        partition.run();
    }

    @Test
    void shouldNotSyncByDefault() {
        // given
        PartitionHarness partition = opened(PartitionConfig.DEFAULT);

        // when, then
        assertThat(partition.append(RecordBatches.of("a"), -1).isThere()).isTrue();
        assertThat(partition.log().syncCount).isZero();
    }

    @Test
    void shouldHoldEveryAcknowledgementAndEveryReaderUntilTheDiskHasTheRecord() {
        // given
        PartitionHarness partition = opened(EVERY_RECORD);

        // when
        Reply<AppendResult> all = partition.append(RecordBatches.of("a"), -1);
        Reply<AppendResult> one = partition.append(RecordBatches.of("b"), 1);
        Reply<AppendResult> none = partition.append(RecordBatches.of("c"), 0);
        Replies.Fetched reader = partition.fetch(0, 1);

        // then
        assertThat(none.isThere()).isTrue();
        assertThat(all.isThere()).isFalse();
        assertThat(one.isThere()).isFalse();
        assertThat(reader.result).isNotDone();

        // when the first sync covers the first append only
        releaseSync(partition);

        // then
        assertThat(all.get().error()).isEqualTo(Errors.NONE);
        assertThat(one.isThere()).isFalse();
        assertThat(reader.values()).containsExactly("a");

        // when
        releaseSync(partition);

        // then
        assertThat(one.isThere()).isTrue();
        assertThat(partition.fetch(1, 0).values()).containsExactly("b", "c");
    }

    @Test
    void shouldShareOneSyncAmongAllThatCameMeanwhile() {
        // given
        PartitionHarness partition = opened(EVERY_RECORD);
        partition.append(RecordBatches.of("first"), 1);

        // when
        for (int i = 0; i < 50; i++) {
            partition.append(RecordBatches.of("more"), 1);
        }
        releaseSync(partition);
        releaseSync(partition);

        // then
        assertThat(partition.log().syncCount).isEqualTo(2);
        assertThat(partition.live.visibleEndOffset(false)).isEqualTo(51);
    }

    @Test
    void shouldLetDuplicateWaitForTheSameSync() {
        // given
        PartitionHarness partition = opened(EVERY_RECORD);
        Reply<AppendResult> original = partition.append(RecordBatches.idempotent(7, 0, 0, 2), 1);

        // when
        Reply<AppendResult> again = partition.append(RecordBatches.idempotent(7, 0, 0, 2), 1);

        // then
        assertThat(again.isThere()).isFalse();
        releaseSync(partition);
        assertThat(again.get()).isEqualTo(original.get());
    }

    @Test
    void shouldLetTheAppendThatFillsTheMeasureWait() {
        // given
        PartitionHarness partition = opened(Configs.flushing(3, Long.MAX_VALUE));

        // when
        Reply<AppendResult> below = partition.append(RecordBatches.of("a", "b"), -1);
        Reply<AppendResult> reaching = partition.append(RecordBatches.of("c"), -1);
        Reply<AppendResult> after = partition.append(RecordBatches.of("d"), -1);

        // then
        assertThat(below.isThere()).isTrue();
        assertThat(reaching.isThere()).isFalse();
        assertThat(after.isThere()).as("the next measure has only begun").isTrue();
        releaseSync(partition);
        assertThat(reaching.isThere()).isTrue();
        assertThat(partition.log().syncCount).isOne();
    }

    @Test
    void shouldSyncWithinFlushMsOfTheFirstUnsyncedRecord() {
        // given
        PartitionHarness partition = opened(Configs.flushing(Long.MAX_VALUE, 500));
        partition.log().holdSyncs = false;
        partition.append(RecordBatches.of("a"), -1);
        partition.time.advance(400);
        partition.append(RecordBatches.of("b"), -1);
        assertThat(partition.log().syncCount).isZero();

        // when
        partition.time.advance(100);
        partition.run();

        // then
        assertThat(partition.log().syncedOffset()).isEqualTo(2);
        partition.time.advance(10_000);
        assertThat(partition.log().syncCount).as("nothing new, nothing synced").isOne();
    }

    @Test
    void shouldGiveUpTheLogWhenASyncFails() {
        // given
        PartitionHarness partition = opened(EVERY_RECORD);
        Reply<AppendResult> waiting = partition.append(RecordBatches.of("a"), -1);
        Replies.Fetched reader = partition.fetch(0, 1);
        FlakyLog failed = partition.log();

        // when
        failed.failOneSync();
        partition.run();

        // then
        assertThat(waiting.get().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(reader.get().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(failed.syncCount).as("a failed sync is not tried again").isOne();
        assertThat(partition.append(RecordBatches.of("b"), -1).get().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
    }

    @Test
    void shouldTryAgainOnlyWhenTheWorkersWouldNotTakeTheSync() {
        // given
        PartitionHarness partition = opened(EVERY_RECORD);
        partition.log().holdSyncs = false;
        partition.log().rejectSyncs = true;
        Reply<AppendResult> waiting = partition.append(RecordBatches.of("a"), -1);
        assertThat(waiting.isThere()).isFalse();

        // when
        partition.log().rejectSyncs = false;
        partition.time.advance(1_000);
        partition.run();

        // then
        assertThat(waiting.get().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldShowWhatACrashLeftUnsyncedOnlyWhenItIsSynced() {
        // given
        PartitionHarness partition = opened(EVERY_RECORD);
        partition.append(RecordBatches.of("a"), 0);
        partition.store.crash(PartitionHarness.LOG, false, Runnable::run);
        partition.store.holdNewSyncs = true;
        partition.restart();

        // when
        Replies.Fetched reader = partition.fetch(0, 1);
        assertThat(reader.result).isNotDone();
        assertThat(partition.listOffset(-1, false).get().error())
                .as("the end is not known yet")
                .isEqualTo(Errors.OFFSET_NOT_AVAILABLE);
        releaseSync(partition);

        // then
        assertThat(reader.values()).containsExactly("a");
        assertThat(partition.listOffset(-1, false).get().offset()).isOne();
    }

    @Test
    void shouldHonourASettingThatIsChangedLater() {
        // given
        PartitionHarness partition = opened(PartitionConfig.DEFAULT);
        partition.append(RecordBatches.of("a"), -1);

        // when
        partition.update(PartitionHarness.leader(0), EVERY_RECORD);

        // then
        assertThat(partition.log().heldSyncs())
                .as("what is there is synced at once")
                .isOne();
        assertThat(partition.append(RecordBatches.of("b"), -1).isThere()).isFalse();
    }
}
