package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import java.util.function.IntPredicate;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames: a 4-byte length, then that many bytes. Frames come out on demand, so a paused connection keeps
 * its undecoded bytes here.
 *
 * <p>Memory follows the bytes that arrived, never the length that was announced. A frame that lies whole in one read buffer becomes a
 * slice of it; any other is gathered in a buffer of its own. Owned by the connection's
 * event loop.
 */
public final class FrameDecoder {
    /** Room taken for a frame before its bytes arrive, at most. */
    private static final int MAX_RESERVED_BYTES = 1 << 20;

    /** Less than this is read into a read buffer and copied. */
    private static final int MIN_ROOM_BYTES = 16 << 10;

    /** A slice must not pin a read buffer more than this many times its own size. */
    private static final int MAX_PINNED_FACTOR = 8;

    private final FrameLimits limits;
    private final ByteBufAllocator allocator;
    private final IntPredicate mayReserve;

    /** Bytes that were fed and not yet looked at. Empty while frames are taken as fast as they come. */
    private final ArrayDeque<ByteBuf> inputs = new ArrayDeque<>(2);

    private boolean isTrusted;

    /** Bytes of the current length field that are known, 0 to 4. */
    private int lengthBytes;

    private int frameLength;
    private boolean isKeyChecked;
    private @Nullable GatheredFrame gathered;

    /** Size of the largest frame that was gathered on this connection, up to a limit. */
    private int provenBytes;

    /**
     * @param mayReserve whether so many bytes of memory may be taken for a frame that has begun, before all of them have arrived; asked
     *     for little more than has arrived, or for what the connection has sent in one frame before
     */
    public FrameDecoder(FrameLimits limits, ByteBufAllocator allocator, IntPredicate mayReserve) {
        this.limits = limits;
        this.allocator = allocator;
        this.mayReserve = mayReserve;
    }

    /** The connection has sent a valid request: the limit for first frames does not apply to later ones. */
    public void onTrusted() {
        isTrusted = true;
    }

    /** Adds bytes from the socket; takes over the reference. */
    public void feed(ByteBuf input) {
        GatheredFrame frame = gathered;
        if (frame != null && frame.fill(input)) {
            return;
        }
        if (input.isReadable()) {
            inputs.add(input);
        } else {
            input.release();
        }
    }

    /**
     * The next frame without its length field, in direct contiguous memory unless it is small and not a Produce request; null when
     * more bytes are needed. The caller releases it.
     *
     * @throws MalformedRequestException the announced length is negative or over the limit; the stream cannot be followed any further
     */
    public @Nullable ByteBuf next() {
        ByteBuf filled = gathered == null ? null : takeIfWhole(gathered);
        if (filled != null) {
            onFrameEnd();
            return filled;
        }
        ByteBuf input;
        while ((input = inputs.peek()) != null) {
            ByteBuf frame = readLength(input) ? readFrame(input) : null;
            if (!input.isReadable()) {
                inputs.remove();
                input.release();
            }
            if (frame != null) {
                return frame;
            }
        }
        return null;
    }

    /**
     * Room in the unfinished frame for the next read from the socket, so that its bytes need no copy; null if they should go into an
     * ordinary read buffer. Once read into it is fed like any other input.
     */
    public @Nullable ByteBuf room() {
        GatheredFrame frame = gathered;
        if (frame == null || !inputs.isEmpty() || frameLength - frame.arrivedBytes() < MIN_ROOM_BYTES) {
            return null;
        }
        return frame.room();
    }

    /** Whether a frame has begun and is not complete, seen from the bytes that were looked at. */
    public boolean isInsideFrame() {
        return lengthBytes > 0;
    }

    /** Bytes of the unfinished frame that have arrived, its length field included. */
    public int unfinishedBytes() {
        return lengthBytes + (gathered == null ? 0 : gathered.arrivedBytes());
    }

    /** Memory held here: the unfinished frame's buffer and read buffers not yet looked at. */
    public int heldBytes() {
        int held = gathered == null ? 0 : gathered.capacity();
        for (ByteBuf input : inputs) {
            held += input.capacity();
        }
        return held;
    }

    /** Bytes by which {@link #heldBytes} will grow when more of the unfinished frame arrives; 0 while there is room. */
    public int nextGrowthBytes() {
        return gathered == null ? 0 : gathered.nextGrowthBytes();
    }

    /** Releases everything; nothing more may be fed. */
    public void close() {
        inputs.forEach(ByteBuf::release);
        inputs.clear();
        if (gathered != null) {
            gathered.release();
            gathered = null;
        }
    }

    /** Takes length bytes from the input; true once the length is known and was found acceptable. */
    private boolean readLength(ByteBuf input) {
        if (lengthBytes == Integer.BYTES) {
            return true;
        }
        if (lengthBytes == 0 && input.readableBytes() >= Integer.BYTES) {
            frameLength = input.readInt();
            lengthBytes = Integer.BYTES;
        }
        while (lengthBytes < Integer.BYTES && input.isReadable()) {
            frameLength = frameLength << Byte.SIZE | input.readUnsignedByte();
            lengthBytes++;
        }
        if (lengthBytes < Integer.BYTES) {
            return false;
        }
        checkLength(limits.beforeKey(isTrusted));
        return true;
    }

    private @Nullable ByteBuf readFrame(ByteBuf input) {
        boolean isWhole = gathered == null && input.readableBytes() >= frameLength;
        ByteBuf frame = isWhole ? cut(input) : gather(input);
        if (frame != null) {
            onFrameEnd();
        }
        return frame;
    }

    private void onFrameEnd() {
        lengthBytes = 0;
        frameLength = 0;
        isKeyChecked = false;
    }

    private ByteBuf cut(ByteBuf input) {
        checkKey(input, frameLength);
        if (isSliceable(input)) {
            return input.readRetainedSlice(frameLength);
        }
        return allocator.directBuffer(frameLength).writeBytes(input, frameLength);
    }

    /** Produce frames live until they are answered, and must be direct and contiguous; others only until they are decoded. */
    private boolean isSliceable(ByteBuf input) {
        if (frameLength < Short.BYTES || input.getShort(input.readerIndex()) != ApiKeys.PRODUCE.id) {
            return true;
        }
        return input.isDirect()
                && input.nioBufferCount() == 1
                && (long) frameLength * MAX_PINNED_FACTOR >= input.capacity();
    }

    private @Nullable ByteBuf gather(ByteBuf input) {
        if (!input.isReadable()) {
            return null;
        }
        GatheredFrame frame = gathered;
        if (frame == null) {
            int arrived = Math.min(input.readableBytes(), frameLength);
            checkKey(input, arrived);
            frame = new GatheredFrame(allocator, frameLength, firstCapacity(arrived));
            gathered = frame;
        }
        frame.add(input);
        return takeIfWhole(frame);
    }

    private @Nullable ByteBuf takeIfWhole(GatheredFrame frame) {
        checkKey(frame.arrived(), frame.arrivedBytes());
        if (!frame.isWhole()) {
            return null;
        }
        gathered = null;
        provenBytes = Math.min(MAX_RESERVED_BYTES, Math.max(provenBytes, frameLength));
        return frame.arrived();
    }

    /** As much as this connection has shown that it really sends, if memory is plenty; if it is short, only what has arrived. */
    private int firstCapacity(int arrivedBytes) {
        int wanted = Math.max(2 * arrivedBytes, Math.min(frameLength, provenBytes));
        return mayReserve.test(wanted) ? wanted : arrivedBytes;
    }

    private void checkKey(ByteBuf bytes, int knownBytes) {
        if (!isKeyChecked && knownBytes >= Short.BYTES) {
            checkLength(limits.withKey(isTrusted, bytes.getShort(bytes.readerIndex())));
            isKeyChecked = true;
        }
    }

    private void checkLength(int limit) {
        if (frameLength < 0 || frameLength > limit) {
            throw new MalformedRequestException("frame length must be 0 to " + limit + ", found " + frameLength);
        }
    }
}
