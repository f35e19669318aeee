package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StorePassTest {
    private static final SegmentLayout LAYOUT = new SegmentLayout(3, 2);
    private static final byte[] STORED = {0, 0, 0, 3, 7, 8, 9, 0, 0, 0, 0, 3, 7, 8, 9, 0};

    private final ByteBuffer batch =
            ByteBuffer.allocateDirect(3).put(new byte[] {7, 8, 9}).flip();

    @TempDir
    private Path directory;

    private byte[] segment() throws IOException {
        try (var files = Files.list(directory)) {
            return Files.readAllBytes(files.findFirst().orElseThrow());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStoreBatchesAndTheirWordsInANewSegment(StorePath path) throws IOException {
        try (StorePass pass = new StorePass(path, Touch.FIRST, LAYOUT, directory, batch)) {
            pass.prepare();
            assertThat(segment()).containsOnly(0);

            pass.run();

            assertThat(segment()).isEqualTo(STORED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStoreInTheSameSegmentAgain(StorePath path) throws IOException {
        try (StorePass pass = new StorePass(path, Touch.AGAIN, LAYOUT, directory, batch)) {
            pass.prepare();
            assertThat(segment()).isEqualTo(STORED);

            pass.run();

            assertThat(segment()).isEqualTo(STORED);
        }
    }
}
