package io.penstock.bench.load;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ByteUtils;

/** Reads just enough of a Fetch v12 answer for one partition to know how many bytes of records it carries. */
final class FetchAnswer {
    private FetchAnswer() {}

    /**
     * The size of what was fetched.
     *
     * @param head the first bytes of the answer, after its length field
     * @return bytes of records; 0 if the answer names no partition
     */
    static int recordsBytes(ByteBuffer head) {
        head.getInt(); // correlation id
        head.get(); // tagged fields of the header
        head.getInt(); // throttle time
        requireNoError(head.getShort());
        head.getInt(); // session id
        if (ByteUtils.readUnsignedVarint(head) <= 1) {
            return 0;
        }
        skip(head, ByteUtils.readUnsignedVarint(head) - 1);
        if (ByteUtils.readUnsignedVarint(head) <= 1) {
            return 0;
        }
        head.getInt(); // index
        requireNoError(head.getShort());
        skip(head, 3 * Long.BYTES); // high watermark, last stable offset, log start
        ByteUtils.readUnsignedVarint(head); // aborted transactions: none without read_committed
        head.getInt(); // preferred replica
        return Math.max(0, ByteUtils.readUnsignedVarint(head) - 1);
    }

    private static void skip(ByteBuffer head, int bytes) {
        head.position(head.position() + bytes);
    }

    private static void requireNoError(short code) {
        Errors error = Errors.forCode(code);
        if (error != Errors.NONE) {
            throw new IllegalStateException("the broker refused a fetch: " + error);
        }
    }
}
