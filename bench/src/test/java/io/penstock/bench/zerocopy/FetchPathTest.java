package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FetchPathTest {
    private static final SegmentLayout LAYOUT = new SegmentLayout(1_001, 20);
    private static final int STAGING_BYTES = 10 * 1_001;

    private final Sink socket = new Sink();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    /** Each batch of its own bytes, and words between them that no path may send. */
    private Segment filled() throws IOException {
        Segment segment = Segment.create(directory, LAYOUT, STAGING_BYTES);
        Random random = new Random(7);
        for (int i = 0; i < LAYOUT.batches(); i++) {
            byte[] batch = new byte[LAYOUT.batchBytes()];
            random.nextBytes(batch);
            segment.putWord(i);
            segment.mapping().put(LAYOUT.position(i), batch);
            written.writeBytes(batch);
        }
        return segment;
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendTheBatchesAndNothingElse(FetchPath path) throws IOException {
        try (Segment segment = filled()) {
            path.send(segment, 0, 10, socket);
            path.send(segment, 10, 3, socket);
            path.send(segment, 13, 7, socket);

            assertThat(socket.taken()).isEqualTo(written.toByteArray());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldSendTheSameFromANewMapping(FetchPath path) throws IOException {
        try (Segment segment = filled()) {
            segment.remap();
            path.send(segment, 0, 10, socket);
            path.send(segment, 10, 10, socket);

            assertThat(socket.taken()).isEqualTo(written.toByteArray());
        }
    }

    @Test
    void shouldCountCopiesUpToTheSocketsQueue() {
        assertThat(FetchPath.SENDFILE.copies()).isZero();
        assertThat(FetchPath.SLICES.copies()).isEqualTo(1);
        assertThat(FetchPath.DIRECT.copies()).isEqualTo(2);
        assertThat(FetchPath.READ.copies()).isEqualTo(2);
        assertThat(FetchPath.HEAP.copies()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameEachCopy(FetchPath path) {
        assertThat(path.steps().split("; ", -1)).hasSize(Math.max(1, path.copies()));
        assertThat(path.steps().isEmpty()).isEqualTo(path.copies() == 0);
    }

    @Test
    void shouldKnowWhichPathsFaultPagesIn() {
        assertThat(FetchPath.values())
                .filteredOn(FetchPath::isMapped)
                .containsExactly(FetchPath.SLICES, FetchPath.DIRECT, FetchPath.HEAP);
    }
}
