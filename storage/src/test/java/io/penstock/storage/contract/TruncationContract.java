package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import org.junit.jupiter.api.Test;

/** Cutting the end off, or everything. */
interface TruncationContract extends LogContract {

    @Test
    default void shouldRemoveEverythingAtAndAboveTheOffset() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.of("a"));
        harness().append(RecordBatches.of("b"));
        harness().append(RecordBatches.of("c"));

        // when
        harness().await(log.truncateTo(1));

        // then
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.syncedOffset()).isLessThanOrEqualTo(1);
        assertThat(harness().values()).containsExactly("a");
    }

    @Test
    default void shouldRemoveABatchThatStraddlesTheOffsetWhole() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.of("a", "b"));
        int kept = (int) log.sizeBytes();
        harness().append(RecordBatches.of("c", "d", "e"));

        // when
        harness().await(log.truncateTo(4));

        // then
        assertThat(log.endOffset()).isEqualTo(2);
        assertThat(log.sizeBytes()).isEqualTo(kept);
        assertThat(harness().values()).containsExactly("a", "b");
    }

    @Test
    default void shouldDoNothingAtOrAboveTheEnd() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(3);

        // when
        harness().await(log.truncateTo(3));
        harness().await(log.truncateTo(100));

        // then
        assertThat(log.endOffset()).isEqualTo(3);
        assertThat(harness().readAll()).hasSize(3);
    }

    @Test
    default void shouldAppendWhereItWasCut() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.of("a"));
        harness().append(RecordBatches.of("gone"));

        // when
        harness().await(log.truncateTo(1));
        long offset = harness().append(RecordBatches.of("new"));

        // then
        assertThat(offset).isEqualTo(1);
        assertThat(harness().values()).containsExactly("a", "new");
        harness().reopen();
        assertThat(harness().values()).containsExactly("a", "new");
    }

    @Test
    default void shouldTruncateToEveryOffsetOfALogOfManySegments() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        for (int i = 0; i < 12; i++) {
            harness().append(RecordBatches.of("a" + i, "b" + i));
        }
        int batchBytes = (int) (log.sizeBytes() / 12);

        for (long offset = 24; offset >= 0; offset--) {
            // when
            harness().await(log.truncateTo(offset));

            // then
            long expectedEnd = offset / 2 * 2;
            assertThat(log.endOffset()).isEqualTo(expectedEnd);
            assertThat(harness().readAll()).hasSize((int) expectedEnd / 2);
            assertThat(log.sizeBytes())
                    .as("size up to %s", offset)
                    .isLessThanOrEqualTo(expectedEnd / 2 * (batchBytes + 2));
        }
    }

    @Test
    default void shouldForgetProducersAndEpochsOfTheRemovedPart() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        log.append(RecordBatches.idempotent(1, 0, 0, 2), 0);
        log.append(RecordBatches.idempotent(1, 0, 2, 2), 1);
        log.append(RecordBatches.idempotent(2, 0, 0, 2), 2);
        log.append(RecordBatches.idempotent(1, 0, 4, 2), 2);

        // when
        harness().await(log.truncateTo(4));

        // then
        assertThat(log.leaderEpochs().latestEpoch()).isEqualTo(1);
        assertThat(log.producers().all()).hasSize(1);
        assertThat(log.producers().find(1)).isNotNull();
        assertThat(log.producers().check(1, (short) 0, 4, 5, true).verdict())
                .isEqualTo(io.penstock.storage.producer.ProducerStates.Verdict.ACCEPTED);
    }

    @Test
    default void shouldStartAnewAtAnyOffset() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        log.append(RecordBatches.idempotent(1, 0, 0, 2), 4);
        harness().appendSingles(10);

        // when
        harness().await(log.truncateFullyAndStartAt(1000));

        // then
        assertThat(log.startOffset()).isEqualTo(1000);
        assertThat(log.endOffset()).isEqualTo(1000);
        assertThat(log.sizeBytes()).isZero();
        assertThat(log.producers().all()).isEmpty();
        assertThat(log.leaderEpochs().latestEpoch()).isEqualTo(-1);
        assertThat(harness().append(RecordBatches.of("new"))).isEqualTo(1000);
        assertThat(harness().values()).containsExactly("new");
    }

    @Test
    default void shouldStartAnewBelowTheOldStart() {
        // given
        PartitionLog log = harness().log();
        harness().await(log.truncateFullyAndStartAt(50));
        harness().appendSingles(3);

        // when
        harness().await(log.truncateTo(20));

        // then
        assertThat(log.startOffset()).isEqualTo(20);
        assertThat(log.endOffset()).isEqualTo(20);
        assertThat(harness().append(RecordBatches.of("new"))).isEqualTo(20);
    }

    @Test
    default void shouldNeverEndBelowItsStart() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.of("a", "b", "c", "d"));
        harness().await(log.advanceStartTo(2));

        // when
        harness().await(log.truncateTo(3));

        // then
        assertThat(log.endOffset()).isBetween(0L, 3L);
        assertThat(log.startOffset()).isLessThanOrEqualTo(log.endOffset());
        assertThat(harness().readAll()).isEmpty();
    }

    @Test
    default void shouldKeepACutAfterReopening() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        harness().appendSingles(20);
        harness().await(log.truncateTo(7));

        // when
        PartitionLog reopened = harness().reopen();

        // then
        assertThat(reopened.endOffset()).isEqualTo(7);
        assertThat(harness().readAll()).hasSize(7);
    }

    @Test
    default void shouldKeepANewStartAfterReopening() {
        // given
        harness().appendSingles(3);
        harness().await(harness().log().truncateFullyAndStartAt(77));

        // when
        PartitionLog reopened = harness().reopen();

        // then
        assertThat(reopened.startOffset()).isEqualTo(77);
        assertThat(reopened.endOffset()).isEqualTo(77);
    }
}
