package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StorePathTest {
    private static final SegmentLayout LAYOUT = new SegmentLayout(1_001, 20);

    @TempDir
    private Path directory;

    private static ByteBuffer batch(int seed) {
        byte[] bytes = new byte[LAYOUT.batchBytes()];
        new Random(seed).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @ParameterizedTest
    @EnumSource
    void shouldStoreEachBatchInItsPlace(StorePath path) throws IOException {
        try (Segment segment = Segment.create(directory, LAYOUT, LAYOUT.batchBytes())) {
            for (int i = LAYOUT.batches() - 1; i >= 0; i--) {
                path.store(segment, i, batch(i));
            }

            for (int i = 0; i < LAYOUT.batches(); i++) {
                assertThat(segment.slice(i)).isEqualTo(batch(i));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveTheWordToItsCaller(StorePath path) throws IOException {
        try (Segment segment = Segment.create(directory, LAYOUT, LAYOUT.batchBytes())) {
            path.store(segment, 1, batch(1));

            assertThat(word(segment, 1)).isZero();
            segment.putWord(1);
            assertThat(word(segment, 1)).isEqualTo(LAYOUT.batchBytes());
            assertThat(word(segment, 2)).isZero();
        }
    }

    private static int word(Segment segment, int batch) {
        return segment.mapping().getInt(LAYOUT.position(batch) - SegmentLayout.WORD_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void shouldLeaveTheSourceAsItIs(StorePath path) throws IOException {
        ByteBuffer source = batch(1);
        try (Segment segment = Segment.create(directory, LAYOUT, LAYOUT.batchBytes())) {
            path.store(segment, 0, source);
        }

        assertThat(source).isEqualTo(batch(1));
    }

    @Test
    void shouldCountCopiesUpToThePageCache() {
        assertThat(StorePath.MAPPED.copies()).isEqualTo(1);
        assertThat(StorePath.WRITE.copies()).isEqualTo(1);
        assertThat(StorePath.HEAP_WRITE.copies()).isEqualTo(3);
        assertThat(StorePath.HEAP_MAPPED.copies()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void shouldNameEachCopy(StorePath path) {
        assertThat(path.steps().split("; ", -1)).hasSize(path.copies());
    }
}
