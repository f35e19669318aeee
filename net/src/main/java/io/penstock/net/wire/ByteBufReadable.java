package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.protocol.types.RawTaggedField;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * Lets the generated Kafka messages read from a Netty buffer. Every length is checked against what is left before anything is
 * allocated, and the heap cost of the message against a budget.
 *
 * <p>Owned by the caller for the time of one message; moves the buffer's reader index. Everything it returns is a copy, except
 * records: those are slices of the buffer's memory.
 */
public final class ByteBufReadable implements Readable {
    private static final int MAX_STRING_BYTES = Short.MAX_VALUE;

    private final ByteBuf buf;
    private final HeapBudget heap;

    /** The last number that may have been the length of an array; generated code asks {@link #remaining} right after it. */
    private int lastLength;

    private boolean sharesMemory;

    /** Reads bytes that need no heap limit, such as our own answers. */
    public ByteBufReadable(ByteBuf buf) {
        this(buf, new HeapBudget(HeapBudget.UNLIMITED));
    }

    ByteBufReadable(ByteBuf buf, HeapBudget heap) {
        this.buf = buf;
        this.heap = heap;
    }

    /** Whether something returned so far is a slice of the buffer's memory, so that the buffer must outlive it. */
    public boolean sharesMemory() {
        return sharesMemory;
    }

    @Override
    public byte readByte() {
        need(Byte.BYTES);
        return buf.readByte();
    }

    @Override
    public short readShort() {
        need(Short.BYTES);
        return buf.readShort();
    }

    @Override
    public int readInt() {
        need(Integer.BYTES);
        lastLength = buf.readInt();
        return lastLength;
    }

    @Override
    public long readLong() {
        need(Long.BYTES);
        return buf.readLong();
    }

    @Override
    public double readDouble() {
        need(Double.BYTES);
        return buf.readDouble();
    }

    @Override
    public byte[] readArray(int length) {
        need(length);
        heap.chargeArray(length);
        byte[] array = new byte[length];
        buf.readBytes(array);
        return array;
    }

    @Override
    public String readString(int length) {
        need(length);
        if (length > MAX_STRING_BYTES) {
            throw new MalformedRequestException("string of " + length + " bytes");
        }
        heap.chargeString(length);
        if (length == 0) {
            return "";
        }
        String text = buf.toString(buf.readerIndex(), length, StandardCharsets.UTF_8);
        buf.skipBytes(length);
        return text;
    }

    @Override
    public int readUnsignedVarint() {
        heap.chargeVarint();
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7f) << shift;
            if (next >= 0) {
                lastLength = value - 1;
                return value;
            }
        }
        throw new MalformedRequestException("varint of more than 5 bytes");
    }

    @Override
    public int readVarint() {
        int value = readUnsignedVarint();
        return (value >>> 1) ^ -(value & 1);
    }

    @Override
    public long readVarlong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return (value >>> 1) ^ -(value & 1);
            }
        }
        throw new MalformedRequestException("varlong of more than 10 bytes");
    }

    /** A copy on the heap. */
    @Override
    public ByteBuffer readByteBuffer(int length) {
        return ByteBuffer.wrap(readArray(length));
    }

    /** A slice of the buffer's memory, not a copy; null for a negative length. */
    @Override
    public @Nullable MemoryRecords readRecords(int length) {
        if (length < 0) {
            return null;
        }
        need(length);
        sharesMemory = true;
        ByteBuffer slice = buf.nioBuffer(buf.readerIndex(), length);
        buf.skipBytes(length);
        return MemoryRecords.readableRecords(slice);
    }

    @Override
    public List<RawTaggedField> readUnknownTaggedField(@Nullable List<RawTaggedField> unknowns, int tag, int size) {
        heap.chargeTaggedField(0);
        List<RawTaggedField> fields = unknowns == null ? new ArrayList<>() : unknowns;
        fields.add(new RawTaggedField(tag, readArray(size)));
        return fields;
    }

    /**
     * Bytes left. Generated code asks for it after reading the length of an array and before reserving room for that many elements,
     * hence the charge.
     */
    @Override
    public int remaining() {
        int left = buf.readableBytes();
        if (lastLength >= 0 && lastLength <= left) {
            heap.chargeCollection(lastLength);
        }
        return left;
    }

    @Override
    public Readable slice() {
        return new ByteBufReadable(buf.slice(), heap);
    }

    private void need(int length) {
        int left = buf.readableBytes();
        if (length < 0 || length > left) {
            throw new MalformedRequestException("expected " + length + " more bytes, found " + left);
        }
    }
}
