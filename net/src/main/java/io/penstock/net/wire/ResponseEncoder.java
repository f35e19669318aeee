package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Turns an answer into a frame: length, header, message; records uncopied. Stateless.
 *
 * <pre>
 * bytes  field
 * 4      length of all that follows
 * 4      correlation id
 * 1      number of tagged fields, always 0; only with response header v1, so never in ApiVersions
 * n      the message
 * </pre>
 */
public final class ResponseEncoder {
    private ResponseEncoder() {}

    /**
     * Encodes {@code response}. Takes over its {@link SlicedRecords} in any case: when it fails they are released.
     *
     * @param transfer what the connection can take
     * @param version of the message; ApiVersions in an unknown version is answered in version 0
     * @throws RuntimeException the message cannot be expressed in this version, which is a bug of whoever made it
     */
    public static EncodedResponse encode(
            ByteBufAllocator allocator,
            RecordTransfer transfer,
            ApiKeys api,
            short version,
            int correlationId,
            ApiMessage response) {
        ByteBuf head = null;
        try {
            ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(correlationId);
            short headerVersion = api.responseHeaderVersion(version);
            ObjectSerializationCache cache = new ObjectSerializationCache();
            MessageSizeAccumulator size = new MessageSizeAccumulator();
            header.addSize(size, cache, headerVersion);
            response.addSize(size, cache, version);

            head = allocator.directBuffer(Integer.BYTES + size.sizeExcludingZeroCopy());
            ByteBufWritable out = new ByteBufWritable(head);
            out.writeInt(size.totalSize());
            header.write(out, cache, headerVersion);
            response.write(out, cache, version);
            checkSize(api, version, Integer.BYTES + size.totalSize(), out.writtenBytes());
            return finish(head, out, transfer);
        } catch (RuntimeException e) {
            if (head != null) {
                head.release();
            }
            SlicedRecords.releaseAll(response);
            throw e;
        }
    }

    private static EncodedResponse finish(ByteBuf head, ByteBufWritable out, RecordTransfer transfer) {
        int bytes = out.writtenBytes();
        if (out.isUncut()) {
            return new EncodedResponse(List.of(head), List.of(), bytes);
        }
        EncodedResponse encoded = new EncodedResponse(out.parts(transfer), out.sharedRecords(), bytes);
        head.release();
        return encoded;
    }

    private static void checkSize(ApiKeys api, short version, int expected, int found) {
        if (expected != found) {
            throw new IllegalStateException(
                    api + " v" + version + ": expected a frame of " + expected + " bytes, found " + found);
        }
    }
}
