package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a manifest says of a log that was closed in order is believed only as long as nobody has written since, at whatever moment the
 * writer died, and whichever of its pages have reached the disk.
 */
class ClosedLogTest {
    /** The log ends in a page of its own, not in that of Chronicle's header. */
    private static final int SECOND_PAGE_BYTES = 5000;

    private static final int LARGE_BYTES = 200_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    /** What the log must hold. */
    private final List<String> values = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {10, SECOND_PAGE_BYTES})
    void shouldNotBelieveAnOlderCloseAfterAKillInTheNextOne(int valueBytes) throws IOException {
        // given
        Path manifest = new LogFiles(OpenLog.directory(logs())).manifest().path();
        closeAfter("x".repeat(valueBytes));
        byte[] older = Files.readAllBytes(manifest);

        // when the process dies after it has shortened the file, before it has said so
        closeAfter("small");
        Files.write(manifest, older);

        // then
        checkAndGoOn(logs());
    }

    @Test
    void shouldKeepWhatWasWrittenToANewSegmentBeforeAnyManifestSaidSo() throws IOException {
        try (SmallDisk disk = SmallDisk.tmpfs(directory.resolve("mnt"), 24)) {
            // given a disk so full that the last segment cannot be gone on in
            Path root = disk.path().resolve("logs");
            try (OpenLog open = open(root)) {
                append(open, "first");
            }
            Path filler = disk.fill();

            // when there is space, and the process dies after the first append that succeeds
            Path copy = directory.resolve("copy");
            try (OpenLog open = open(root)) {
                open.threads.runAll();
                Files.delete(filler);
                while (!tryAppend(open, "second")) {
                    open.threads.runOne();
                }
                OpenLog.copyFiles(root, copy);
            }

            // then
            checkAndGoOn(copy);
        }
    }

    @Test
    void shouldKeepWhatWasWrittenAfterACompactionHadTheLargestNumber() throws IOException {
        // given a log that was closed with nothing in its last segment, behind compacted ones of larger numbers
        try (CompactedLog log = new CompactedLog(logs())) {
            log.appendUpTo(60);
            log.open.threads.await(log.open.log.rollIfOld(Long.MAX_VALUE / 2));
            log.compact();
        }

        // when the process dies after an append
        Path copy = directory.resolve("copy");
        try (CompactedLog log = new CompactedLog(logs())) {
            log.append();
            OpenLog.copyFiles(logs(), copy);
        }

        // then
        try (CompactedLog log = new CompactedLog(copy)) {
            assertThat(log.open.log.endOffset()).isEqualTo(61);
            log.checkNewest("after the kill");
        }
    }

    /** The file is as long as it was closed, but its last page has reached the disk after that: of the longer file nothing else has. */
    @ParameterizedTest
    @ValueSource(strings = {"appended", "appended-large", "staged"})
    void shouldWriteNothingInFrontOfWhatALostPageHasLeft(String what) throws IOException {
        // given
        closeAfter("x".repeat(SECOND_PAGE_BYTES));
        Path copy = directory.resolve("copy");
        OpenLog.copyFiles(logs(), copy);

        // when
        try (OpenLog open = open(logs())) {
            ByteBuffer batch = RecordBatches.of(what.equals("appended") ? "lost" : "L".repeat(LARGE_BYTES));
            open.makeReady(batch);
            if (!what.equals("staged")) {
                open.log.append(batch, 0);
            }
            copyPage(logs(), copy, 1);
        }

        // then
        checkAndGoOn(copy);
    }

    private void checkAndGoOn(Path root) {
        for (int round = 0; round < 3; round++) {
            try (OpenLog open = open(root)) {
                assertThat(open.readAll()).isEqualTo(values);
                for (int i = 0; i < 40; i++) {
                    append(open, "small " + "y".repeat(i * 7));
                }
                assertThat(open.readAll()).isEqualTo(values);
            }
        }
    }

    private void closeAfter(String value) {
        try (OpenLog open = open(logs())) {
            append(open, value);
        }
    }

    private void append(OpenLog open, String value) {
        open.log.append(RecordBatches.of(value), 0);
        values.add(value);
    }

    private boolean tryAppend(OpenLog open, String value) {
        try {
            append(open, value);
            return true;
        } catch (LogFullException full) {
            return false;
        }
    }

    /** Copies one page, as far as the file reaches that it is copied to. */
    private static void copyPage(Path from, Path to, int page) throws IOException {
        long position = (long) page * Pages.PAGE_BYTES;
        try (FileChannel in = FileChannel.open(batches(from), StandardOpenOption.READ);
                FileChannel out = FileChannel.open(batches(to), StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.allocate((int) Math.min(Pages.PAGE_BYTES, out.size() - position));
            assertThat(in.read(content, position)).isEqualTo(content.capacity());
            assertThat(out.write(content.flip(), position)).isEqualTo(content.capacity());
        }
    }

    private static Path batches(Path root) {
        return new LogFiles(OpenLog.directory(root)).batches(1);
    }

    private Path logs() {
        return directory.resolve("logs");
    }

    private static OpenLog open(Path root) {
        return new OpenLog(root, config());
    }

    private static LogConfig config() {
        return OpenLog.segmentsOf(4 << 20);
    }
}
