package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompactedSegmentsTest {
    @TempDir
    private Path data;

    private void file(String path) throws Exception {
        Path file = data.resolve(path);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    @Test
    void shouldCountTheMarks() throws Exception {
        file("t-0/1/compacted");
        file("t-0/2/compacted");
        file("t-1/1/records");
        file("t-1/1/compacted-not");

        assertThat(CompactedSegments.countIn(data)).isEqualTo(2);
    }

    @Test
    void shouldFindNoneInAnEmptyDirectory() throws Exception {
        assertThat(CompactedSegments.countIn(data)).isZero();
    }
}
