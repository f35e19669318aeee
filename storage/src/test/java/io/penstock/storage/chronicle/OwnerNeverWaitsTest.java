package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.fixture.Damage;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As long as the disk executor keeps up, an append finds everything ready: blocks, pages, the next segment. */
class OwnerNeverWaitsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldRollWithoutCreatingASegmentOnTheOwner() throws IOException {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(100_000))) {
            for (int i = 0; i < 2000; i++) {
                // when
                int before = segments();
                open.appendUpTo(i + 1);

                // then
                assertThat(segments()).as("directories made by append %s", i).isEqualTo(before);
                open.threads.runAll();
            }
            assertThat(((ChronicleLog) open.log).inPlaceWork()).isZero();
            assertThat(segments()).isGreaterThan(5);
        }
    }

    private int segments() throws IOException {
        try (Stream<Path> entries = Files.list(OpenLog.directory(directory))) {
            return (int) entries.count();
        }
    }

    @Test
    void shouldKeepTheReserveAheadOfAWriterThatSpeedsUp() {
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            // when: from nothing to 64 MB at once, the disk executor running after each append
            ByteBuffer batch = RecordBatches.ofValueBytes(16_000, RecordBatches.TIMESTAMP_MS);
            for (int i = 0; i < 4000; i++) {
                open.log.append(batch, 0);
                open.threads.runAll();
            }

            // then
            assertThat(((ChronicleLog) open.log).inPlaceWork()).isZero();
        }
    }

    @Test
    void shouldAllocateNothingForAnAppend() {
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            // given
            ByteBuffer batch = RecordBatches.of("value");
            appendMany(open, batch);

            // when
            long bytes = Damage.allocatedBytes(() -> appendMany(open, batch));

            // then: index entries now and then, but nothing for each append
            assertThat(bytes / 10_000).isLessThan(16);
        }
    }

    private static int appendMany(OpenLog open, ByteBuffer batch) {
        for (int i = 0; i < 10_000; i++) {
            open.log.append(batch, 0);
        }
        return 10_000;
    }
}
