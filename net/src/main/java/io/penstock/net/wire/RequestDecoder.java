package io.penstock.net.wire;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Reads the one request in a frame. Immutable, safe from any thread.
 *
 * <p>The header's layout depends on the API and version in its first four bytes:
 *
 * <pre>
 * bytes  field
 * 2      API key
 * 2      API version
 * 4      correlation id
 * 2+n    client id, length -1 for null
 * 1+n    tagged fields; only with request header v2, that is in the flexible versions of an API
 * </pre>
 */
public final class RequestDecoder {
    /** Decoded requests may take this much heap whatever the size of their frame. */
    private static final long FREE_HEAP_BYTES = 2L << 20;

    /** Beyond that, bytes of heap for each byte of the frame. */
    private static final long HEAP_PER_FRAME_BYTE = 8;

    private static final int API_AND_VERSION_BYTES = 2 * Short.BYTES;

    private final ServedVersions served;
    private final int maxContentBytes;

    /**
     * @param maxContentBytes the part of a frame that may count towards its heap budget, in bytes. The rest of a larger frame can only
     *     be records, which take no heap
     */
    public RequestDecoder(ServedVersions served, int maxContentBytes) {
        this.served = served;
        this.maxContentBytes = maxContentBytes;
    }

    /**
     * Reads the request in {@code frame}, which stays the caller's. ApiVersions in a version that is not served comes back as an empty
     * request of version 0, because it must be answered; anything else not served is refused. Bytes left over after the message are
     * passed over as Kafka does it: librdkafka's Metadata of all topics has three.
     *
     * @throws MalformedRequestException not a request that we serve; the only exception
     */
    public DecodedRequest decode(ByteBuf frame) {
        try {
            return read(frame);
        } catch (MalformedRequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new MalformedRequestException("message does not parse", e);
        }
    }

    private DecodedRequest read(ByteBuf frame) {
        if (frame.readableBytes() < API_AND_VERSION_BYTES) {
            throw new MalformedRequestException("frame of " + frame.readableBytes() + " bytes");
        }
        short apiKey = frame.getShort(frame.readerIndex());
        short version = frame.getShort(frame.readerIndex() + Short.BYTES);
        if (!ApiKeys.hasId(apiKey)) {
            throw new MalformedRequestException("unknown API key " + apiKey);
        }
        ApiKeys api = ApiKeys.forId(apiKey);
        boolean isServed = served.isServed(api, version);
        if (!isServed && api != ApiKeys.API_VERSIONS) {
            throw new MalformedRequestException("API key " + apiKey + " version " + version + " is not served");
        }

        long countedBytes = Math.min(frame.readableBytes(), maxContentBytes);
        HeapBudget heap = new HeapBudget(FREE_HEAP_BYTES + HEAP_PER_FRAME_BYTE * countedBytes);
        ByteBufReadable in = new ByteBufReadable(frame, heap);
        RequestHeader header = readHeader(in, api, version);
        if (!isServed) {
            return new DecodedRequest(header, (short) 0, new ApiVersionsRequestData(), false, heap.usedBytes());
        }
        ApiMessage data = api.messageType.newRequest();
        data.read(in, version);
        return new DecodedRequest(header, version, data, in.sharesMemory(), heap.usedBytes());
    }

    private static RequestHeader readHeader(ByteBufReadable in, ApiKeys api, short version) {
        RequestHeaderData header = new RequestHeaderData(in, api.requestHeaderVersion(version));
        String clientId = header.clientId() == null ? "" : header.clientId();
        return new RequestHeader(api, version, header.correlationId(), clientId);
    }
}
