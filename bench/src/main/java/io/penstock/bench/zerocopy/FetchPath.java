package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A way of consecutive batches out of a segment into a socket, which blocks. Each batch is a slice of its own, since words lie between them.
 * Copies are counted from the page cache to the socket's queue, on the sending side; whoever receives copies once more.
 */
enum FetchPath {
    /** What a fetch answer does: one gathering write of slices of the mapping. */
    SLICES("slices of the mapping, writev", "kernel: mapped page to socket buffer") {
        @Override
        void send(Segment segment, int first, int count, GatheringByteChannel socket) throws IOException {
            ByteBuffer[] slices = new ByteBuffer[count];
            for (int i = 0; i < count; i++) {
                slices[i] = segment.slice(first + i);
            }
            writeAll(slices, socket);
        }
    },
    /** One system call for each batch. No copy here: the socket's queue has the page itself, and over loopback so has the receiver's. */
    SENDFILE("sendfile") {
        @Override
        void send(Segment segment, int first, int count, GatheringByteChannel socket) throws IOException {
            SegmentLayout layout = segment.layout();
            for (int i = first; i < first + count; i++) {
                long position = layout.position(i);
                long end = position + layout.batchBytes();
                while (position < end) {
                    position += segment.channel().transferTo(position, end - position, socket);
                }
            }
        }
    },
    /** Many small batches become one buffer, so that the kernel has less to gather. */
    DIRECT(
            "mapping to direct buffer, write",
            "mapped page to direct buffer",
            "kernel: direct buffer to socket buffer") {
        @Override
        void send(Segment segment, int first, int count, GatheringByteChannel socket) throws IOException {
            ByteBuffer direct = segment.direct();
            for (int i = first; i < first + count; i++) {
                direct.put(segment.slice(i));
            }
            writeAll(direct.flip(), socket);
        }
    },
    /** The page cache through a system call for each batch instead of through the mapping: nothing to fault in. */
    READ(
            "read into direct buffer, write",
            "kernel: page cache to direct buffer",
            "kernel: direct buffer to socket buffer") {
        @Override
        void send(Segment segment, int first, int count, GatheringByteChannel socket) throws IOException {
            SegmentLayout layout = segment.layout();
            ByteBuffer direct = segment.direct();
            for (int i = first; i < first + count; i++) {
                int end = direct.position() + layout.batchBytes();
                long offset = layout.position(i) - (long) direct.position();
                direct.limit(end);
                while (direct.hasRemaining()) {
                    if (segment.channel().read(direct, offset + direct.position()) < 0) {
                        throw new IOException("the segment ends inside batch " + i);
                    }
                }
            }
            writeAll(direct.flip(), socket);
        }
    },
    /** What a broker does that handles byte arrays: the JDK writes from direct memory only. */
    HEAP(
            "mapping to heap, write",
            "mapped page to heap",
            "JDK: heap to its own direct buffer",
            "kernel: direct buffer to socket buffer") {
        @Override
        void send(Segment segment, int first, int count, GatheringByteChannel socket) throws IOException {
            ByteBuffer heap = segment.heap();
            for (int i = first; i < first + count; i++) {
                heap.put(segment.slice(i));
            }
            writeAll(heap.flip(), socket);
        }
    };

    private final String label;
    private final int copies;
    private final String steps;

    /** @param steps those that copy every byte, in order */
    FetchPath(String label, String... steps) {
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

    /** Whether it goes through the mapping, so that it matters whether its pages were touched before. */
    boolean isMapped() {
        return this != SENDFILE && this != READ;
    }

    /** Sends {@code count} batches, which fit into the segment's buffers, beginning with {@code first}. */
    abstract void send(Segment segment, int first, int count, GatheringByteChannel socket) throws IOException;

    private static void writeAll(ByteBuffer buffer, WritableByteChannel socket) throws IOException {
        while (buffer.hasRemaining()) {
            socket.write(buffer);
        }
    }

    private static void writeAll(ByteBuffer[] buffers, GatheringByteChannel socket) throws IOException {
        int first = 0;
        while (first < buffers.length) {
            socket.write(buffers, first, buffers.length - first);
            while (first < buffers.length && !buffers[first].hasRemaining()) {
                first++;
            }
        }
    }
}
