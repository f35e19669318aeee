package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayDeque;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames: a 4-byte length, then that many bytes. Frames come out on demand, so a paused connection keeps
 * its undecoded bytes here.
 *
 * <p>Memory follows the bytes that arrived, never the length that was announced. A frame that lies whole in one read buffer becomes a
 * slice of it; any other is gathered in a buffer of its own that doubles until it has the frame's size. Owned by the connection's
 * event loop.
 */
public final class FrameDecoder {
    private static final int MIN_GATHER_BYTES = 512;

    /** A slice must not pin a read buffer more than this many times its own size. */
    private static final int MAX_PINNED_FACTOR = 8;

    private final FrameLimits limits;
    private final ByteBufAllocator allocator;

    /** Bytes that were fed and not yet looked at. Empty while frames are taken as fast as they come. */
    private final ArrayDeque<ByteBuf> inputs = new ArrayDeque<>(2);

    private boolean isTrusted;

    /** Bytes of the current length field that are known, 0 to 4. */
    private int lengthBytes;

    private int frameLength;
    private boolean isKeyChecked;
    private @Nullable ByteBuf gathered;

    public FrameDecoder(FrameLimits limits, ByteBufAllocator allocator) {
        this.limits = limits;
        this.allocator = allocator;
    }

    /** The connection has sent a valid request: the limit for first frames does not apply to later ones. */
    public void onTrusted() {
        isTrusted = true;
    }

    /** Adds bytes from the socket; takes over the reference. */
    public void feed(ByteBuf input) {
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

    /** Whether a frame has begun and is not complete, seen from the bytes that were looked at. */
    public boolean isInsideFrame() {
        return lengthBytes > 0;
    }

    /** Bytes of the unfinished frame that have arrived, its length field included. */
    public int unfinishedBytes() {
        return lengthBytes + (gathered == null ? 0 : gathered.readableBytes());
    }

    /** Memory held here: the unfinished frame's buffer and read buffers not yet looked at. */
    public int heldBytes() {
        int held = gathered == null ? 0 : gathered.capacity();
        for (ByteBuf input : inputs) {
            held += input.capacity();
        }
        return held;
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
            lengthBytes = 0;
            frameLength = 0;
            isKeyChecked = false;
        }
        return frame;
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
        if (!input.isReadable() && frameLength > 0) {
            return null;
        }
        ByteBuf target = gathered;
        int known = target == null ? 0 : target.readableBytes();
        int taken = Math.min(input.readableBytes(), frameLength - known);
        if (target == null) {
            checkKey(input, taken);
            target = allocator.directBuffer(gatherCapacity(taken));
        } else if (target.writableBytes() < taken) {
            target.capacity(gatherCapacity(known + taken));
        }
        gathered = target;
        target.writeBytes(input, taken);
        checkKey(target, target.readableBytes());
        if (target.readableBytes() < frameLength) {
            return null;
        }
        gathered = null;
        return target;
    }

    private int gatherCapacity(int neededBytes) {
        return (int) Math.min(frameLength, Math.max(MIN_GATHER_BYTES, 2L * neededBytes));
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
