package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.storage.LogSlices;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.linux.LibC;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads below the hot tail that are done in place. */
class WarmReadTest {
    private static final int MAX_BYTES = 1 << 20;
    private static final int LARGE_BYTES = 40_000;
    private static final int SMALL_BYTES = 2_000;
    private static final long LOG_BYTES = LogFiling.HOT_TAIL_BYTES + (4 << 20);

    @TempDir
    private Path directory;

    @BeforeEach
    void askWhetherTheKernelTells() {
        assumeTrue(LibC.calls() != null, "the system does not tell what is in memory");
    }

    @Test
    void shouldReadLargeBatchesInPlaceOnceTheyWereReadIn() {
        try (OpenLog open = logOf(LARGE_BYTES)) {
            // given
            assertThat(readHot(open, 0)).as("before").isNull();
            List<ByteBuffer> cold = readCold(open, 0);
            readCold(open, cold.size());

            // when, then
            assertThat(readHot(open, 0)).isEqualTo(cold);
        }
    }

    @Test
    void shouldLeaveManySmallBatchesToADiskThread() {
        try (OpenLog open = logOf(SMALL_BYTES)) {
            // given
            readCold(open, readCold(open, 0).size());

            // when, then
            assertThat(readHot(open, 0)).isNull();
        }
    }

    @Test
    void shouldReadOnADiskThreadAgainWhatIsNotInThePageTableAnyMore() {
        try (OpenLog open = logOf(LARGE_BYTES)) {
            // given
            readCold(open, readCold(open, 0).size());
            assertThat(readHot(open, 0)).isNotNull();

            // when: it is written back
            appendUpTo(open, LARGE_BYTES, LogSync.WRITE_BACK_BYTES + LogFiling.HOT_TAIL_BYTES + MAX_BYTES);
            open.threads.runAll();

            // then
            assertThat(readHot(open, 0)).isNull();
        }
    }

    private OpenLog logOf(int valueBytes) {
        OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(1 << 30));
        appendUpTo(open, valueBytes, LOG_BYTES);
        return open;
    }

    private static void appendUpTo(OpenLog open, int valueBytes, long bytes) {
        ByteBuffer batch = RecordBatches.ofValueBytes(valueBytes, RecordBatches.TIMESTAMP_MS);
        while (open.log.endOffset() * batch.remaining() < bytes) {
            open.makeReady(batch);
            open.log.append(batch, 0);
        }
    }

    private static List<ByteBuffer> readCold(OpenLog open, long offset) {
        return batches(open.threads.await(open.log.readCold(offset, open.log.endOffset(), MAX_BYTES, true)));
    }

    private static @Nullable List<ByteBuffer> readHot(OpenLog open, long offset) {
        LogSlices slices = open.log.readHot(offset, open.log.endOffset(), MAX_BYTES, true);
        return slices == null ? null : batches(slices);
    }

    private static List<ByteBuffer> batches(LogSlices slices) {
        List<ByteBuffer> copies = RecordBatches.batches(slices).stream()
                .map(batch -> ByteBuffer.wrap(RecordBatches.bytes(batch)))
                .toList();
        slices.release();
        return copies;
    }
}
