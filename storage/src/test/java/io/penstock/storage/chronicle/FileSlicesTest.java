package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.FileSlice;
import io.penstock.storage.LogSlices;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What large batches look like from outside: the same bytes in memory and in a file. */
final class FileSlicesTest {
    private static final int LARGE = MappedSlices.MIN_FILE_AVERAGE_BYTES;
    private static final int SEGMENT_BYTES = 1 << 20;

    @TempDir
    Path root;

    @Test
    void shouldTellWhereLargeBatchesAreHot() throws IOException {
        try (OpenLog open = openWith(LARGE, 5)) {
            // when
            LogSlices slices = Objects.requireNonNull(open.log.readHot(0, 5, 1 << 20, true));

            // then
            assertSameBytes(slices, 5);
            slices.release();
        }
    }

    @Test
    void shouldTellWhereLargeBatchesAreColdAndInSeveralSegments() throws IOException {
        openWith(LARGE, 25).close();
        try (OpenLog open = new OpenLog(root, OpenLog.segmentsOf(SEGMENT_BYTES))) {
            // when
            LogSlices slices = open.threads.await(open.log.readCold(0, 25, 4 << 20, true));

            // then
            assertSameBytes(slices, 25);
            assertThat(slices.fileSlices().stream().map(FileSlice::channel).distinct())
                    .hasSizeGreaterThan(1);
            slices.release();
        }
    }

    @Test
    void shouldKeepTheFileOpenUntilTheLastReferenceIsGivenBack() throws IOException {
        try (OpenLog open = openWith(LARGE, 25)) {
            // given
            LogSlices slices = open.threads.await(open.log.readCold(0, 5, 4 << 20, true));
            List<FileSlice> files = slices.fileSlices();

            // when
            open.threads.await(open.log.truncateFullyAndStartAt(100));
            open.threads.runAll();

            // then
            assertSameBytes(slices, 5);
            slices.release();
            open.threads.runAll();
            assertThat(files).noneMatch(file -> file.channel().isOpen());
        }
    }

    @Test
    void shouldOfferOnlyMemoryForSmallBatches() {
        try (OpenLog open = openWith(MappedSlices.MIN_FILE_AVERAGE_BYTES / 2, 5)) {
            // when
            LogSlices slices = Objects.requireNonNull(open.log.readHot(0, 5, 1 << 20, true));

            // then
            assertThat(slices.fileSlices()).isEmpty();
            assertThat(slices.buffers()).hasSize(5);
            slices.release();
        }
    }

    private OpenLog openWith(int valueBytes, int batches) {
        OpenLog open = new OpenLog(root, OpenLog.segmentsOf(SEGMENT_BYTES));
        for (int i = 0; i < batches; i++) {
            String value = String.valueOf((char) ('a' + i));
            open.log.append(RecordBatches.of(value.repeat(valueBytes)), 0);
            open.threads.runAll();
        }
        return open;
    }

    private static void assertSameBytes(LogSlices slices, int count) throws IOException {
        List<FileSlice> files = slices.fileSlices();
        assertThat(files).hasSize(count).hasSameSizeAs(slices.buffers());
        for (int i = 0; i < count; i++) {
            FileSlice file = files.get(i);
            ByteBuffer bytes = ByteBuffer.allocate(file.bytes());
            assertThat(file.channel().read(bytes, file.position())).isEqualTo(file.bytes());
            assertThat(bytes.flip()).isEqualTo(slices.buffers().get(i));
        }
    }
}
