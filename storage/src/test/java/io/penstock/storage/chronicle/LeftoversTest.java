package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are of no use go, also when the process that should have deleted them did not live to do it. */
class LeftoversTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private final LogConfig small = OpenLog.segmentsOf(3000);
    /** Keeps nothing, but the files of what it deletes for an hour. */
    private final LogConfig delayed = new LogConfig(
            3000, small.segmentMs(), 0, 0, -1, true, 3_600_000, 256, 1 << 20, small.producerIdExpirationMs());

    @Test
    void shouldUnlinkDelayedSegmentsAtTheNextOpen() throws IOException {
        // given
        try (OpenLog open = new OpenLog(directory, delayed)) {
            open.appendUpTo(100);
            open.threads.runAll();
            int deleted = open.threads.await(open.log.enforceRetention(System.currentTimeMillis(), 100));
            assertThat(deleted).isPositive();
            assertThat(names(".deleted")).hasSize(deleted);
        }

        // when
        try (OpenLog open = new OpenLog(directory, delayed)) {
            // then
            assertThat(names(".deleted")).isEmpty();
            assertThat(open.log.endOffset()).isEqualTo(100);
        }
    }

    @Test
    void shouldForgetSegmentsThatTheManifestHasOutlived() throws IOException {
        // given
        try (OpenLog open = new OpenLog(directory, small)) {
            open.appendUpTo(100);
            open.threads.runAll();
            open.threads.await(open.log.truncateTo(50));
        }
        LogFiles files = new LogFiles(OpenLog.directory(directory));
        List<Integer> numbers = files.segmentNumbers();
        Path unlisted = Files.createDirectory(files.segment(numbers.get(numbers.size() - 1) + 1));

        // when
        try (OpenLog open = new OpenLog(directory, small)) {
            // then
            assertThat(open.readAll()).isEqualTo(OpenLog.valuesBelow(50));
            assertThat(unlisted).doesNotExist();
        }
    }

    @Test
    void shouldEmptyTheTrashOfDeletedLogs() throws IOException {
        // given
        Path grave = Files.createDirectories(
                directory.resolve(Trash.NAME).resolve("some-log").resolve("segment"));
        Files.writeString(grave.resolve("batches"), "x");

        // when
        try (ChronicleLogStore store = new ChronicleLogStore(directory)) {
            // then
            assertThat(directory.resolve(Trash.NAME)).doesNotExist();
            assertThat(store.list()).isEmpty();
        }
    }

    @Test
    void shouldKeepLogsOfNestedNamesApart() {
        try (ChronicleLogStore store = new ChronicleLogStore(directory)) {
            // given
            var threads = new io.penstock.storage.fixture.ManualThreads();
            LogId outer = LogId.of("a");
            LogId inner = LogId.of("a", "b");
            threads.await(
                    threads.await(store.open(outer, small, threads.context())).close());
            threads.await(
                    threads.await(store.open(inner, small, threads.context())).close());

            // when
            assertThat(store.list()).containsExactlyInAnyOrder(outer, inner);
            store.delete(outer);

            // then
            assertThat(store.list()).containsExactly(inner);
        }
    }

    @Test
    void shouldStayUnchangedWhenOnlyRead() throws IOException {
        // given
        try (OpenLog open = new OpenLog(directory, small)) {
            open.appendUpTo(100);
        }
        Path manifest = new LogFiles(OpenLog.directory(directory)).manifest().path();
        var written = Files.getLastModifiedTime(manifest);

        // when
        for (int i = 0; i < 3; i++) {
            try (OpenLog open = new OpenLog(directory, small)) {
                assertThat(open.readAll()).hasSize(100);
            }
        }

        // then
        assertThat(Files.getLastModifiedTime(manifest)).isEqualTo(written);
    }

    private List<String> names(String suffix) throws IOException {
        try (Stream<Path> entries = Files.list(OpenLog.directory(directory))) {
            return entries.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(suffix))
                    .toList();
        }
    }
}
