package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {
    private static final int PAGES = 64;
    private static final Path MAPS = Path.of("/proc/self/smaps");

    @TempDir
    private Path directory;

    private Path file;
    private SegmentMapping mapping;

    @BeforeEach
    void map() throws IOException {
        file = directory.resolve("batches");
        Files.write(file, new byte[PAGES * Pages.PAGE_BYTES]);
        mapping = SegmentMapping.readOnly(file, Runnable::run);
    }

    @AfterEach
    void unmap() {
        mapping.release();
    }

    @Test
    void shouldRememberWhatItHasReadIn() {
        // when
        Pages.readIn(mapping, 100, 10L * Pages.PAGE_BYTES);

        // then
        assertThat(mapping.mapped().covers(100, 10L * Pages.PAGE_BYTES)).isTrue();
        assertThat(mapping.mapped().covers(100, 11L * Pages.PAGE_BYTES)).isFalse();
    }

    @Test
    void shouldTellWhatIsInMemory() {
        // given: written a moment ago
        Pages.readIn(mapping, 0, (long) PAGES * Pages.PAGE_BYTES);

        // then
        assertThat(Pages.areInMemory(mapping, 0, (long) PAGES * Pages.PAGE_BYTES))
                .isTrue();
        assertThat(Pages.areInMemory(mapping, Pages.PAGE_BYTES + 5L, Pages.PAGE_BYTES + 6L))
                .isTrue();
    }

    @Test
    void shouldTakeOutOfThePageTableWhatItWritesBack() throws IOException {
        assumeTrue(Files.isReadable(MAPS), "the system does not tell what is in the page table");
        // given
        Pages.readIn(mapping, 0, (long) PAGES * Pages.PAGE_BYTES);
        assertThat(residentKibibytes()).isEqualTo(PAGES * Pages.PAGE_BYTES / 1024);

        // when
        WriteBack.run(mapping, 0, (PAGES - 1L) * Pages.PAGE_BYTES, file, 0);

        // then: else each page would be write-protected by itself, with an interrupt to every processor
        assertThat(residentKibibytes()).isEqualTo(Pages.PAGE_BYTES / 1024);
        assertThat(mapping.mapped().covers(0, Pages.PAGE_BYTES)).isFalse();
    }

    /** How much of the file this process has in its page table. */
    private long residentKibibytes() throws IOException {
        List<String> lines = Files.readAllLines(MAPS);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith(file.toString())) {
                String resident = lines.subList(i, lines.size()).stream()
                        .filter(line -> line.startsWith("Rss:"))
                        .findFirst()
                        .orElseThrow();
                return Long.parseLong(resident.replaceAll("\\D", ""));
            }
        }
        throw new IllegalStateException(file + " is not mapped");
    }

    @Test
    void shouldWriteBackWhatIsGoneFromTheDirectory() throws IOException {
        // given
        Files.delete(file);

        // when, then: nothing is left to be written, and nobody is told of an error
        WriteBack.run(mapping, 0, (long) PAGES * Pages.PAGE_BYTES, file, 0);
    }
}
