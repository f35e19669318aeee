package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCounted;
import io.penstock.storage.FileSlice;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Lets the generated Kafka messages write into a Netty buffer. Small records are copied into it and released; larger slices of the
 * log are put between the parts of it, uncopied. Owned by the caller for the time of one message.
 */
public final class ByteBufWritable implements Writable {
    /** Below this a copy is cheaper than one more element in a gathering write. */
    static final int MIN_SLICED_BYTES = 2048;

    private final ByteBuf head;
    private final List<Cut> cuts = new ArrayList<>(0);

    /** Records that belong into the output before the head's byte {@code headIndex}. */
    private record Cut(int headIndex, SlicedRecords records) {}

    /** Writes to the end of {@code head}, which grows as needed and stays the caller's. */
    public ByteBufWritable(ByteBuf head) {
        this.head = head;
    }

    /** Bytes written so far, slices included. */
    public int writtenBytes() {
        int written = head.readableBytes();
        for (Cut cut : cuts) {
            written += cut.records.sizeInBytes();
        }
        return written;
    }

    /** The records whose memory or files are part of {@link #parts}; they must stay valid until those are written. */
    List<SlicedRecords> sharedRecords() {
        return cuts.stream().map(Cut::records).toList();
    }

    /** Whether all that was written is in the head buffer. */
    boolean isUncut() {
        return cuts.isEmpty();
    }

    /** What was written, in order: slices of the head, each holding a reference to it, and records. */
    List<ReferenceCounted> parts(RecordTransfer transfer) {
        List<ReferenceCounted> parts = new ArrayList<>(2 * cuts.size() + 1);
        int from = head.readerIndex();
        for (Cut cut : cuts) {
            if (from < cut.headIndex) {
                parts.add(head.retainedSlice(from, cut.headIndex - from));
            }
            addRecords(cut.records, transfer, parts);
            from = cut.headIndex;
        }
        if (from < head.writerIndex()) {
            parts.add(head.retainedSlice(from, head.writerIndex() - from));
        }
        return parts;
    }

    private static void addRecords(SlicedRecords records, RecordTransfer transfer, List<ReferenceCounted> parts) {
        List<FileSlice> files = transfer == RecordTransfer.FILES ? records.fileSlices() : List.of();
        if (files.isEmpty()) {
            for (ByteBuffer slice : records.buffers()) {
                parts.add(Unpooled.wrappedBuffer(slice.duplicate()));
            }
        } else {
            files.forEach(file -> parts.add(new SegmentRegion(file)));
        }
    }

    @Override
    public void writeByte(byte value) {
        head.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        head.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        head.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        head.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        head.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] array) {
        head.writeBytes(array);
    }

    @Override
    public void writeByteBuffer(ByteBuffer buffer) {
        head.writeBytes(buffer.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & ~0x7f) != 0) {
            head.writeByte(rest | 0x80);
            rest >>>= 7;
        }
        head.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & ~0x7fL) != 0) {
            head.writeByte((int) rest | 0x80);
            rest >>>= 7;
        }
        head.writeByte((int) rest);
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof MemoryRecords memory) {
            head.writeBytes(memory.buffer());
        } else if (records instanceof SlicedRecords sliced) {
            writeSliced(sliced);
        } else {
            throw new IllegalArgumentException("expected MemoryRecords or SlicedRecords, found "
                    + records.getClass().getName());
        }
    }

    private void writeSliced(SlicedRecords sliced) {
        if (sliced.sizeInBytes() < MIN_SLICED_BYTES) {
            sliced.buffers().forEach(slice -> head.writeBytes(slice.duplicate()));
            sliced.release();
        } else {
            cuts.add(new Cut(head.writerIndex(), sliced));
        }
    }
}
