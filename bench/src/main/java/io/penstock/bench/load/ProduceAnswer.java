package io.penstock.bench.load;

import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.utils.ByteUtils;

/** Reads just enough of a Produce v9 answer for one partition to know whether it was refused. */
final class ProduceAnswer {
    private ProduceAnswer() {}

    /** @param head the first bytes of the answer, after its length field */
    static void requireNoError(ByteBuffer head) {
        head.getInt(); // correlation id
        head.get(); // tagged fields of the header
        head.get(); // topics + 1
        int nameBytes = ByteUtils.readUnsignedVarint(head) - 1;
        head.position(head.position() + nameBytes);
        head.get(); // partitions + 1
        head.getInt(); // index
        Errors error = Errors.forCode(head.getShort());
        if (error != Errors.NONE) {
            throw new IllegalStateException("the broker refused a produce: " + error);
        }
    }
}
