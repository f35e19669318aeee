package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogSlices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the process holds open and mapped, as the kernel sees it. */
class HeldResourcesTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @BeforeEach
    void needsProc() {
        assumeTrue(Files.exists(Path.of("/proc/self/maps")), "SKIPPED: no /proc/self/maps on this system");
    }

    @Test
    void shouldHoldThreeFilesAndTwoMappingsForAnOpenLog() throws IOException {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(1 << 20))) {
            // when
            open.appendUpTo(100);

            // then
            assertThat(mappings()).hasSizeLessThanOrEqualTo(2);
            assertThat(openFiles()).hasSizeLessThanOrEqualTo(3);
        }
    }

    @Test
    void shouldHoldNothingAfterClosing() throws IOException {
        // given
        OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(5000));
        open.appendUpTo(300);
        assertThat(open.readAll()).hasSize(300);

        // when
        open.close();

        // then
        assertThat(mappings()).isEmpty();
        assertThat(openFiles()).isEmpty();
    }

    @Test
    void shouldHoldNothingOfDeletedSegmentsButWhatSlicesNeed() throws IOException {
        LogConfig c = OpenLog.segmentsOf(5000);
        LogConfig retainNothing =
                new LogConfig(5000, c.segmentMs(), 0, 0, -1, true, 0, 256, 1 << 20, c.producerIdExpirationMs());
        try (OpenLog open = new OpenLog(directory, retainNothing)) {
            // given
            open.appendUpTo(300);
            open.threads.runAll();
            LogSlices held = open.threads.await(open.log.readCold(0, 300, 100, true));
            assertThat(open.readAll()).hasSize(300);

            // when
            open.threads.await(open.log.enforceRetention(System.currentTimeMillis(), 300));
            open.threads.runAll();

            // then
            assertThat(deletedMappings()).hasSize(1);
            held.release();
            open.threads.runAll();
            assertThat(deletedMappings()).isEmpty();
            assertThat(openFiles()).noneMatch(file -> file.contains("deleted"));
        }
    }

    @Test
    void shouldHoldNothingAfterDeleting() throws IOException {
        // given
        OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(5000));
        open.appendUpTo(300);
        assertThat(open.readAll()).hasSize(300);

        // when
        open.threads.await(open.log.delete());
        open.threads.runAll();
        open.store.close();

        // then
        assertThat(mappings()).isEmpty();
        assertThat(openFiles()).isEmpty();
        try (Stream<Path> left = Files.walk(directory)) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void shouldBoundTheMappingsOfALogThatIsReadFromStartToEnd() throws IOException {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(400))) {
            // given
            open.appendUpTo(250);
            open.threads.runAll();

            // when
            assertThat(open.readAll()).hasSize(250);

            // then: the cache, the segments of the hot tail, the active one with its table, and the next
            assertThat(mappings()).hasSizeLessThan(ReaderCache.MAX_OPEN + 20);
        }
        assertThat(mappings()).isEmpty();
    }

    private List<String> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(directory.toString()))
                .toList();
    }

    private List<String> deletedMappings() throws IOException {
        return mappings().stream().filter(line -> line.contains("(deleted)")).toList();
    }

    private List<String> openFiles() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.isSymbolicLink(descriptor)) {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.contains(directory.toString())) {
                        found.add(target);
                    }
                }
            }
        }
        return found;
    }
}
