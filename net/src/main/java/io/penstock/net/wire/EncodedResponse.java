package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * An answer as bytes, ready for one gathering write. Owned by one event loop: whoever holds it either writes all {@link #parts} and then
 * calls {@link #onWritten}, or calls {@link #release}.
 */
public final class EncodedResponse {
    private final List<ByteBuf> parts;
    private final List<SlicedRecords> records;
    private final int bytes;

    EncodedResponse(List<ByteBuf> parts, List<SlicedRecords> records, int bytes) {
        this.parts = parts;
        this.records = records;
        this.bytes = bytes;
    }

    /** The bytes in order; writing a part hands its reference over. */
    public List<ByteBuf> parts() {
        return parts;
    }

    /** Size on the wire, length field included. */
    public int bytes() {
        return bytes;
    }

    /** Whether {@link #onWritten} has something to give back. */
    public boolean sharesLogMemory() {
        return !records.isEmpty();
    }

    /** The parts were written or have failed to be written: gives the log memory back. */
    public void onWritten() {
        records.forEach(SlicedRecords::release);
    }

    /** Drops an answer that will not be written. */
    public void release() {
        parts.forEach(ByteBuf::release);
        onWritten();
    }
}
