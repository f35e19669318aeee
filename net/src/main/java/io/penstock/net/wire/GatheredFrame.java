package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A frame that did not lie whole in one read buffer. It is gathered in a direct buffer of its own, which doubles until it has the frame's
 * size; the socket may read straight into its free room. Owned by its {@link FrameDecoder}.
 */
final class GatheredFrame {
    private static final int MIN_CAPACITY = 512;

    private final int length;
    private final ByteBuf buffer;

    /** The free room that was given to the socket and has not come back as input. */
    private @Nullable ByteBuf room;

    /**
     * @param length of the whole frame
     * @param capacity how much room there should be at first; more than the frame's length is not taken
     */
    GatheredFrame(ByteBufAllocator allocator, int length, int capacity) {
        this.length = length;
        buffer = allocator.directBuffer(Math.min(length, Math.max(MIN_CAPACITY, capacity)));
    }

    boolean isWhole() {
        return buffer.readableBytes() == length;
    }

    int arrivedBytes() {
        return buffer.readableBytes();
    }

    int capacity() {
        return buffer.capacity();
    }

    /** Bytes by which {@link #capacity} will grow with the next byte; 0 while there is room. */
    int nextGrowthBytes() {
        return buffer.isWritable() ? 0 : grownCapacity(1) - buffer.capacity();
    }

    /** What has arrived; still owned by this frame. */
    ByteBuf arrived() {
        return buffer;
    }

    /** Copies from {@code input} what belongs to this frame. */
    void add(ByteBuf input) {
        int taken = Math.min(input.readableBytes(), length - buffer.readableBytes());
        grow(taken);
        buffer.writeBytes(input, taken);
    }

    /** Free room of at least one byte for the next read from the socket; the caller releases it or hands it to {@link #fill}. */
    ByteBuf room() {
        grow(1);
        int free = Math.min(buffer.writableBytes(), length - buffer.readableBytes());
        ByteBuf slice = buffer.retainedSlice(buffer.writerIndex(), free).clear();
        room = slice;
        return slice;
    }

    /** If {@code input} is the room given out last, takes what was read into it and its reference; otherwise returns false. */
    @SuppressWarnings("ReferenceEquality") // the very buffer, not one with equal bytes
    boolean fill(ByteBuf input) {
        if (input != room) {
            return false;
        }
        room = null;
        buffer.writerIndex(buffer.writerIndex() + input.readableBytes());
        input.release();
        return true;
    }

    void release() {
        buffer.release();
    }

    private void grow(int neededBytes) {
        if (buffer.writableBytes() < neededBytes) {
            buffer.capacity(grownCapacity(neededBytes));
        }
    }

    private int grownCapacity(int neededBytes) {
        return (int) Math.min(length, Math.max(MIN_CAPACITY, 2L * (buffer.readableBytes() + neededBytes)));
    }
}
