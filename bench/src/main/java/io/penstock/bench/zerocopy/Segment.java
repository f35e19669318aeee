package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A segment's file, its channel, its mapping, and two buffers for paths that copy. Deletes the file in the end. Not for several threads.
 */
final class Segment implements AutoCloseable {
    private final Path file;
    private final SegmentLayout layout;
    private final FileChannel channel;
    private final ByteBuffer heap;
    private final ByteBuffer direct;
    private MappedByteBuffer mapping;

    private Segment(Path file, SegmentLayout layout, FileChannel channel, int stagingBytes) throws IOException {
        this.file = file;
        this.layout = layout;
        this.channel = channel;
        this.heap = ByteBuffer.allocate(stagingBytes);
        this.direct = ByteBuffer.allocateDirect(stagingBytes);
        this.mapping = map();
    }

    /**
     * A new file of that size with no page behind it: whoever writes first to a page gets it from the file system.
     *
     * @param stagingBytes of each buffer for copies
     */
    static Segment create(Path directory, SegmentLayout layout, int stagingBytes) throws IOException {
        Path file = Files.createTempFile(Files.createDirectories(directory), "segment", ".data");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(1), layout.fileBytes() - 1L);
        return new Segment(file, layout, channel, stagingBytes);
    }

    private MappedByteBuffer map() throws IOException {
        return channel.map(MapMode.READ_WRITE, 0, layout.fileBytes());
    }

    /** Writes every batch through the mapping, so that each page is in memory, and mapped. */
    void fill(ByteBuffer batch) {
        for (int i = 0; i < layout.batches(); i++) {
            putWord(i);
            mapping.put(layout.position(i), batch, 0, layout.batchBytes());
        }
    }

    /** Maps the file anew: its pages stay in memory, but this process must ask for each of them again. */
    void remap() throws IOException {
        Unmapper.unmap(mapping);
        mapping = map();
    }

    /** Says how long a batch is, as the last step of its append. */
    void putWord(int batch) {
        mapping.putInt(layout.position(batch) - SegmentLayout.WORD_BYTES, layout.batchBytes());
    }

    SegmentLayout layout() {
        return layout;
    }

    FileChannel channel() {
        return channel;
    }

    /** All of the file. Absolute access only. */
    MappedByteBuffer mapping() {
        return mapping;
    }

    /** A batch as a slice of the mapping. */
    ByteBuffer slice(int batch) {
        return mapping.slice(layout.position(batch), layout.batchBytes());
    }

    /** Empty, on the heap. */
    ByteBuffer heap() {
        return heap.clear();
    }

    /** Empty, outside of the heap. */
    ByteBuffer direct() {
        return direct.clear();
    }

    @Override
    public void close() throws IOException {
        Unmapper.unmap(mapping);
        channel.close();
        Files.delete(file);
    }
}
