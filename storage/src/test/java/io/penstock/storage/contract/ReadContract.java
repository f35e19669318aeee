package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogSlices;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads by offset and their bounds. */
interface ReadContract extends LogContract {

    @Test
    default void shouldReturnTheWholeBatchThatContainsTheOffset() {
        // given
        harness().append(RecordBatches.of("a", "b", "c"));
        harness().append(RecordBatches.of("d", "e", "f"));

        // when
        List<ByteBuffer> read = harness().readAll(4, 6);

        // then
        assertThat(RecordBatches.values(read)).containsExactly("d", "e", "f");
        assertThat(BatchHeader.baseOffset(read.get(0), 0)).isEqualTo(3);
    }

    @Test
    default void shouldReturnNothingAtTheEnd() {
        // given
        harness().append(RecordBatches.of("a", "b"));

        // when
        LogSlices read = harness().read(2, 2, 1000, true);

        // then
        assertThat(read.buffers()).isEmpty();
        assertThat(read.sizeBytes()).isZero();
        assertThat(read.nextOffset()).isEqualTo(-1);
        read.release();
    }

    @Test
    default void shouldReturnNothingAtOrAboveTheBound() {
        // given
        harness().append(RecordBatches.of("a"));
        harness().append(RecordBatches.of("b"));
        harness().append(RecordBatches.of("c"));

        // when, then
        assertThat(RecordBatches.values(harness().readAll(0, 2))).containsExactly("a", "b");
        LogSlices above = harness().read(2, 2, 1000, true);
        assertThat(above.buffers()).isEmpty();
        above.release();
    }

    @Test
    default void shouldReturnNoBatchThatReachesOverTheBound() {
        // given
        harness().append(RecordBatches.of("a"));
        harness().append(RecordBatches.of("b", "c", "d"));

        // when
        List<ByteBuffer> read = harness().readAll(0, 3);

        // then
        assertThat(RecordBatches.values(read)).containsExactly("a");
    }

    @Test
    default void shouldTakeABoundAboveTheEndForTheEnd() {
        // given
        harness().appendSingles(2);

        // when, then
        assertThat(harness().readAll(0, Long.MAX_VALUE)).hasSize(2);
    }

    @Test
    default void shouldStayWithinMaxBytes() {
        // given
        int bytes = harness().appendSingles(5);

        // when
        LogSlices read = harness().read(0, 5, 2 * bytes + 1, true);

        // then
        assertThat(read.sizeBytes()).isBetween(bytes, 2 * bytes);
        assertThat(read.nextOffset()).isBetween(1L, 2L);
        read.release();
    }

    @Test
    default void shouldReturnTheFirstBatchWholeWhenAtLeastOneIsAsked() {
        // given
        int bytes = harness().appendSingles(3);

        // when
        LogSlices read = harness().read(1, 3, bytes - 1, true);

        // then
        assertThat(read.sizeBytes()).isEqualTo(bytes);
        assertThat(read.nextOffset()).isEqualTo(2);
        read.release();
    }

    @Test
    default void shouldReturnNothingWhenTheFirstBatchIsTooLargeAndNoneIsNeeded() {
        // given
        int bytes = harness().appendSingles(3);

        // when
        LogSlices read = harness().read(1, 3, bytes - 1, false);

        // then
        assertThat(read.sizeBytes()).isZero();
        read.release();
    }

    @Test
    default void shouldNotReturnABatchAboveTheBoundEvenWhenAtLeastOneIsAsked() {
        // given
        harness().append(RecordBatches.of("a", "b"));

        // when
        LogSlices read = harness().read(0, 1, 1, true);

        // then
        assertThat(read.buffers()).isEmpty();
        read.release();
    }

    @Test
    default void shouldReadFromEveryOffsetInEverySegment() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        for (int i = 0; i < 20; i++) {
            harness().append(RecordBatches.of("a" + i, "b" + i, "c" + i));
        }

        for (long offset = 0; offset < log.endOffset(); offset++) {
            // when
            LogSlices read = harness().read(offset, log.endOffset(), 1, true);

            // then
            ByteBuffer batch = RecordBatches.batches(read).get(0);
            assertThat(BatchHeader.baseOffset(batch, 0)).isEqualTo(offset / 3 * 3);
            assertThat(read.nextOffset()).isEqualTo(offset / 3 * 3 + 3);
            read.release();
        }
    }

    @Test
    default void shouldAnswerColdReadsAsHotOnes() {
        // given
        PartitionLog log = harness().open(LogHarness.segmentsOf(300));
        harness().appendSingles(20);
        List<ByteBuffer> expected = harness().readAll(5, 20);

        // when
        LogSlices cold = harness().await(log.readCold(5, 20, 1 << 20, true));

        // then
        List<ByteBuffer> read = RecordBatches.batches(cold);
        assertThat(read).isNotEmpty();
        assertThat(read).isEqualTo(expected.subList(0, read.size()));
        cold.release();
    }

    @Test
    default void shouldRefuseOffsetsOutsideOfTheLog() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(5);
        harness().await(log.advanceStartTo(2));

        // when, then
        for (long outside : new long[] {-1, 1, 6, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> log.readHot(outside, 5, 100, true)).isInstanceOf(OffsetOutOfRangeException.class);
            harness().assertOutOfRange(() -> log.readCold(outside, 5, 100, true));
        }
        assertThat(harness().readAll(2, 5)).hasSize(3);
    }

    @Test
    default void shouldGiveReadOnlySlices() {
        // given
        harness().appendSingles(1);

        // when
        LogSlices read = harness().read(0, 1, 1000, true);

        // then
        assertThat(read.buffers()).allMatch(ByteBuffer::isReadOnly);
        read.release();
    }
}
