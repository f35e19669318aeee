package io.penstock.storage.contract;

import static io.penstock.storage.fixture.RecordBatches.TIMESTAMP_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Slices stay what they were, whatever happens to the log. */
interface SliceLifetimeContract extends LogContract {

    @Test
    default void shouldSurviveTruncationAndTheAppendsAfterIt() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(5);
        LogSlices held = harness().read(0, 5, 1 << 20, true);
        List<ByteBuffer> before = copies(held);

        // when
        harness().await(log.truncateTo(1));
        for (int i = 0; i < 10; i++) {
            harness().append(RecordBatches.of("X-" + i));
        }

        // then
        assertThat(RecordBatches.batches(held)).isEqualTo(before);
        held.release();
    }

    @Test
    default void shouldSurviveRetention() {
        // given
        PartitionLog log = harness().open(LogHarness.retaining(200, 0, 0));
        harness().appendSingles(2);
        LogSlices held = harness().read(0, 2, 1 << 20, true);
        List<ByteBuffer> before = copies(held);
        harness().appendSingles(10);

        // when
        harness().await(log.enforceRetention(TIMESTAMP_MS + 1_000_000, log.endOffset()));
        harness().threads().runAll();
        harness().appendSingles(10);

        // then
        assertThat(log.startOffset()).isGreaterThan(1);
        assertThat(RecordBatches.batches(held)).isEqualTo(before);
        held.release();
    }

    @Test
    default void shouldSurviveClosing() {
        // given
        harness().appendSingles(3);
        LogSlices held = harness().read(0, 3, 1 << 20, true);
        List<ByteBuffer> before = copies(held);

        // when
        harness().close();

        // then
        assertThat(RecordBatches.batches(held)).isEqualTo(before);
        held.release();
    }

    @Test
    default void shouldSurviveDeletion() {
        // given
        harness().appendSingles(3);
        LogSlices held = harness().read(0, 3, 1 << 20, true);
        List<ByteBuffer> before = copies(held);

        // when
        harness().delete();

        // then
        assertThat(RecordBatches.batches(held)).isEqualTo(before);
        held.release();
    }

    @Test
    default void shouldLiveUntilTheLastReferenceIsGivenBack() {
        // given
        harness().appendSingles(3);
        LogSlices held = harness().read(0, 3, 1 << 20, true);
        List<ByteBuffer> before = copies(held);

        // when
        LogSlices shared = held.retain();
        held.release();
        harness().delete();

        // then
        assertThat(RecordBatches.batches(shared)).isEqualTo(before);
        shared.release();
    }

    private static List<ByteBuffer> copies(LogSlices slices) {
        return RecordBatches.batches(slices).stream().map(LogHarness::copy).toList();
    }
}
