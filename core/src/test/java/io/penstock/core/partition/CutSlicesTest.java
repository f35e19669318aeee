package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.FileSlice;
import io.penstock.storage.LogSlices;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CutSlicesTest {
    private static final long ABORTED_PRODUCER = 7;
    private static final AbortedBatches ABORTED =
            new AbortedBatches(List.of(new AbortedTransaction(ABORTED_PRODUCER, 0, 100, 100)));

    @TempDir
    Path directory;

    @Test
    void shouldCutFilesWhereItCutsMemory() throws IOException {
        // given, in one slice, a batch of an aborted transaction between two others
        ByteBuffer first = RecordBatches.of("first");
        ByteBuffer aborted = RecordBatches.transactional(ABORTED_PRODUCER, 0, 0, 3);
        ByteBuffer last = RecordBatches.of("the last");
        ByteBuffer batches = ByteBuffer.allocate(first.remaining() + aborted.remaining() + last.remaining())
                .put(first.duplicate())
                .put(aborted.duplicate())
                .put(last.duplicate())
                .flip();
        Path file = directory.resolve("segment");
        Files.write(file, batches.array());
        try (FileChannel channel = FileChannel.open(file)) {
            // when
            LogSlices cut = ABORTED.outOf(new InFile(batches, channel));

            // then
            assertThat(cut.buffers()).containsExactly(first, last);
            assertThat(cut.fileSlices())
                    .containsExactly(
                            new FileSlice(channel, 0, first.remaining()),
                            new FileSlice(channel, first.remaining() + aborted.remaining(), last.remaining()));
            assertThat(cut.sizeBytes()).isEqualTo(first.remaining() + last.remaining());
        }
    }

    /** One slice that is a whole file, too. */
    private record InFile(ByteBuffer bytes, FileChannel channel) implements LogSlices {
        @Override
        public int sizeBytes() {
            return bytes.remaining();
        }

        @Override
        public List<ByteBuffer> buffers() {
            return List.of(bytes);
        }

        @Override
        public List<FileSlice> fileSlices() {
            return List.of(new FileSlice(channel, 0, bytes.remaining()));
        }

        @Override
        public long nextOffset() {
            return 5;
        }

        @Override
        public LogSlices retain() {
            return this;
        }

        @Override
        public void release() {}
    }
}
