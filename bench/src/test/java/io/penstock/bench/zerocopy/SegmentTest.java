package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentTest {
    private static final SegmentLayout LAYOUT = new SegmentLayout(3, 2);
    private static final ByteBuffer BATCH = ByteBuffer.wrap(new byte[] {7, 8, 9});

    @TempDir
    private Path directory;

    private static byte[] content(Segment segment) {
        byte[] content = new byte[LAYOUT.fileBytes()];
        segment.mapping().get(0, content);
        return content;
    }

    @Test
    void shouldHaveAWordBeforeEachBatch() throws IOException {
        try (Segment segment = Segment.create(directory, LAYOUT, 3)) {
            segment.fill(BATCH);

            assertThat(content(segment)).containsExactly(0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 0, 3, 7, 8, 9, 0);
            assertThat(segment.slice(1)).isEqualTo(BATCH);
        }
    }

    @Test
    void shouldHaveTheSameContentInANewMapping() throws IOException {
        try (Segment segment = Segment.create(directory, LAYOUT, 3)) {
            segment.fill(BATCH);
            byte[] before = content(segment);

            segment.remap();

            assertThat(content(segment)).isEqualTo(before);
        }
    }

    @Test
    void shouldTakeItsFileAwayAtTheEnd() throws IOException {
        try (Segment segment = Segment.create(directory, LAYOUT, 3)) {
            assertThat(segment.channel().size()).isEqualTo(LAYOUT.fileBytes());
            assertThat(directory).isNotEmptyDirectory();
        }
        assertThat(directory).isEmptyDirectory();
    }
}
