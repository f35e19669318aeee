package io.penstock.net.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.penstock.net.quota.RequestQuota;
import io.penstock.net.wire.DecodedRequest;
import io.penstock.net.wire.RequestDecoder;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * A decoded request on its way to its handler.
 *
 * @param frame one reference to the frame if the message shares its memory, else the empty buffer
 * @param memoryBytes what it holds: the frame if it is shared, and the estimated heap of the message
 */
record IncomingRequest(DecodedRequest decoded, ByteBuf frame, int frameBytes, long memoryBytes, long receivedNs) {
    /** Decodes {@code frame} and takes over its reference, also when it fails. */
    static IncomingRequest decode(RequestDecoder decoder, ByteBuf frame, long receivedNs) {
        int frameBytes = frame.readableBytes();
        boolean isShared = false;
        try {
            DecodedRequest decoded = decoder.decode(frame);
            isShared = decoded.sharesFrame();
            return new IncomingRequest(
                    decoded,
                    isShared ? frame : Unpooled.EMPTY_BUFFER,
                    frameBytes,
                    decoded.heapBytes() + (isShared ? frameBytes : 0),
                    receivedNs);
        } finally {
            if (!isShared) {
                frame.release();
            }
        }
    }

    ApiKeys api() {
        return decoded.header().api();
    }

    String clientId() {
        return decoded.header().clientId();
    }

    /** Whether its client waits for an answer; only a produce with {@code acks=0} does not. */
    boolean wantsAnswer() {
        return !(decoded.data() instanceof ProduceRequestData produce) || produce.acks() != 0;
    }

    KafkaRequest toRequest(ConnectionInfo connection, RequestQuota quota) {
        return new KafkaRequest(
                decoded.header(), decoded.version(), decoded.data(), frameBytes, receivedNs, connection, frame, quota);
    }
}
