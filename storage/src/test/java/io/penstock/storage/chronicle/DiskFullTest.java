package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogFullException;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk refuses appends and harms nothing: what was appended stays whole, reads go on, and space heals it. */
class DiskFullTest {
    private static final int APPEND_BYTES = 8000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldRefuseAppendsOnAFullTmpfsAndGoOnWhenThereIsSpace() throws IOException {
        try (SmallDisk disk = SmallDisk.tmpfs(directory.resolve("mnt"), 24)) {
            fillAndHeal(disk);
        }
    }

    @Test
    void shouldRefuseAppendsOnAFullExt4AndGoOnWhenThereIsSpace() throws IOException {
        try (SmallDisk disk = SmallDisk.ext4(directory.resolve("image"), directory.resolve("mnt"), 48)) {
            fillAndHeal(disk);
        }
    }

    private void fillAndHeal(SmallDisk disk) throws IOException {
        Path root = disk.path().resolve("logs");
        try (OpenLog open = new OpenLog(root, OpenLog.segmentsOf(4 << 20))) {
            // given
            open.appendUpTo(100);
            open.threads.runAll();

            // when: a stranger takes all the space, and the log has to use up what it reserved
            Path filler = disk.fill();
            long full = appendUntilFull(open);

            // then
            assertThat(full).isGreaterThanOrEqualTo(100);
            assertThat(open.readAll()).hasSize((int) full);
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> append(open)).isInstanceOf(LogFullException.class);
                open.threads.runAll();
            }
            assertThat(open.log.endOffset()).isEqualTo(full);

            // when: the space comes back
            Files.delete(filler);
            appendSoon(open);

            // then
            for (int i = 0; i < 100; i++) {
                append(open);
                open.threads.runAll();
            }
            assertThat(open.readAll()).hasSize((int) full + 101);
        }
    }

    @Test
    void shouldOpenAndReadOnAFullDisk() throws IOException {
        try (SmallDisk disk = SmallDisk.tmpfs(directory.resolve("mnt"), 24)) {
            // given
            Path root = disk.path().resolve("logs");
            try (OpenLog open = new OpenLog(root, OpenLog.segmentsOf(100_000))) {
                open.appendUpTo(1000);
            }
            Path filler = disk.fill();

            // when
            try (OpenLog open = new OpenLog(root, OpenLog.segmentsOf(100_000))) {
                // then
                assertThat(open.readAll()).isEqualTo(OpenLog.valuesBelow(1000));
                assertThatThrownBy(() -> open.appendUpTo(1001)).isInstanceOf(LogFullException.class);
                Files.delete(filler);
                appendSoon(open);
                assertThat(open.log.endOffset()).isEqualTo(1001);
            }
        }
    }

    private static long append(OpenLog open) {
        ByteBuffer batch = RecordBatches.ofValueBytes(APPEND_BYTES, RecordBatches.TIMESTAMP_MS);
        return open.log.append(batch, 0);
    }

    private static long appendUntilFull(OpenLog open) {
        for (int i = 0; i < 100_000; i++) {
            try {
                append(open);
            } catch (LogFullException full) {
                return open.log.endOffset();
            }
            open.threads.runAll();
        }
        throw new AssertionError("expected the disk to be full after 800 MB");
    }

    /** As a client does: tries again for some seconds. */
    private static void appendSoon(OpenLog open) {
        long giveUpNs = System.nanoTime() + 5_000_000_000L;
        while (true) {
            try {
                append(open);
                return;
            } catch (LogFullException full) {
                assertThat(System.nanoTime()).as("time to heal").isLessThan(giveUpNs);
                open.threads.runAll();
                LockSupport.parkNanos(20_000_000);
            }
        }
    }
}
