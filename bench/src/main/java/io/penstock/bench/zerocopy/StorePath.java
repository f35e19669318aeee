package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A way of one batch from the direct buffer into which a socket was read to the page cache of a segment; the batch's word goes last. */
enum StorePath {
    /** What an append does. */
    MAPPED("direct buffer to mapping", "direct buffer to mapped page") {
        @Override
        void store(Segment segment, int batch, ByteBuffer source) {
            segment.mapping().put(segment.layout().position(batch), source, 0, source.limit());
        }
    },
    /** A system call, but no page fault for the batch; its word still goes through the mapping, since it must be seen last. */
    WRITE("write of direct buffer", "kernel: direct buffer to page cache") {
        @Override
        void store(Segment segment, int batch, ByteBuffer source) throws IOException {
            writeAll(segment, batch, source.duplicate());
        }
    },
    /** What a broker does that handles byte arrays and appends with write: the JDK writes from direct memory only. */
    HEAP_WRITE(
            "direct buffer to heap, write",
            "direct buffer to heap",
            "JDK: heap to its own direct buffer",
            "kernel: direct buffer to page cache") {
        @Override
        void store(Segment segment, int batch, ByteBuffer source) throws IOException {
            writeAll(segment, batch, segment.heap().put(source.duplicate()).flip());
        }
    },
    /** The same with a mapping behind it. */
    HEAP_MAPPED(
            "direct buffer to heap to direct buffer to mapping",
            "direct buffer to heap",
            "heap to direct buffer",
            "direct buffer to mapped page") {
        @Override
        void store(Segment segment, int batch, ByteBuffer source) {
            ByteBuffer heap = segment.heap().put(source.duplicate()).flip();
            ByteBuffer direct = segment.direct().put(heap).flip();
            segment.mapping().put(segment.layout().position(batch), direct, 0, direct.limit());
        }
    };

    private final String label;
    private final int copies;
    private final String steps;

    /** @param steps those that copy every byte, in order */
    StorePath(String label, String... steps) {
        this.label = label;
        this.copies = steps.length;
        this.steps = String.join("; ", steps);
    }

    /** As in tables. */
    String label() {
        return label;
    }

    /** How often each byte is copied. */
    int copies() {
        return copies;
    }

    /** The steps that copy every byte, in order; empty if there is none. */
    String steps() {
        return steps;
    }

    /**
     * Stores a batch, without its word.
     *
     * @param batch its place in the segment
     * @param source from 0 to its limit; not changed
     */
    abstract void store(Segment segment, int batch, ByteBuffer source) throws IOException;

    private static void writeAll(Segment segment, int batch, ByteBuffer source) throws IOException {
        FileChannel channel = segment.channel();
        long position = segment.layout().position(batch);
        while (source.hasRemaining()) {
            position += channel.write(source, position);
        }
    }
}
