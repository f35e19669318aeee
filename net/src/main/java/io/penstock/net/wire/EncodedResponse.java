package io.penstock.net.wire;

import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.util.List;

/**
 * An answer as what a socket takes: bytes, and regions of files. Owned by one event loop: whoever holds it either writes all
 * {@link #parts} and then calls {@link #onWritten}, or calls {@link #release}.
 */
public final class EncodedResponse {
    private final List<ReferenceCounted> parts;
    private final List<SlicedRecords> records;
    private final int bytes;

    EncodedResponse(List<ReferenceCounted> parts, List<SlicedRecords> records, int bytes) {
        this.parts = parts;
        this.records = records;
        this.bytes = bytes;
    }

    /** Buffers and {@link io.netty.channel.FileRegion}s in order; writing a part hands its reference over. */
    public List<ReferenceCounted> parts() {
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

    /**
     * Whether files have all bytes that the parts promise. If a write failed and this is false, the log and not the client is to blame. To
     * be asked before {@link #onWritten}.
     */
    public boolean isWhole() throws IOException {
        for (ReferenceCounted part : parts) {
            if (part instanceof SegmentRegion region && !region.isWhole()) {
                return false;
            }
        }
        return true;
    }

    /** The parts were written or have failed to be written: gives the log memory back. */
    public void onWritten() {
        records.forEach(SlicedRecords::release);
    }

    /** Drops an answer that will not be written. */
    public void release() {
        parts.forEach(ReferenceCounted::release);
        onWritten();
    }
}
