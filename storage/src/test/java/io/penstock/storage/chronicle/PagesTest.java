package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {
    private static final int PAGES = 64;

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
    void shouldWriteBackWhatIsGoneFromTheDirectory() throws IOException {
        // given
        Files.delete(file);

        // when, then: nothing is left to be written, and nobody is told of an error
        WriteBack.run(mapping, 0, (long) PAGES * Pages.PAGE_BYTES, file, 0);
    }
}
