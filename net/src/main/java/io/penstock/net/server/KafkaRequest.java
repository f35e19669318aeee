package io.penstock.net.server;

import io.netty.util.ReferenceCounted;
import io.penstock.net.quota.RequestQuota;
import io.penstock.net.wire.RequestHeader;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * One decoded request, as a handler gets it. Immutable apart from the frame's reference count.
 *
 * <p>Produce only: the {@code MemoryRecords} in the message are slices of the frame's direct memory, not copies. They stay valid until
 * the request is answered, and longer by {@link #retain}. Messages of other APIs hold no frame memory.
 */
public final class KafkaRequest {
    private final RequestHeader header;
    private final short version;
    private final ApiMessage data;
    private final int frameBytes;
    private final long receivedNs;
    private final ConnectionInfo connection;
    private final ReferenceCounted frame;
    private final RequestQuota quota;

    /** A request for which no quota holds. */
    public KafkaRequest(
            RequestHeader header,
            short version,
            ApiMessage data,
            int frameBytes,
            long receivedNs,
            ConnectionInfo connection,
            ReferenceCounted frame) {
        this(header, version, data, frameBytes, receivedNs, connection, frame, RequestQuota.NONE);
    }

    /**
     * @param version of the message and of its answer
     * @param frameBytes size of the request on the wire without its length field
     * @param receivedNs {@link System#nanoTime} when its last byte arrived
     * @param frame the memory that slices in {@code data} refer to
     * @param quota what the request costs its client
     */
    public KafkaRequest(
            RequestHeader header,
            short version,
            ApiMessage data,
            int frameBytes,
            long receivedNs,
            ConnectionInfo connection,
            ReferenceCounted frame,
            RequestQuota quota) {
        this.header = header;
        this.version = version;
        this.data = data;
        this.frameBytes = frameBytes;
        this.receivedNs = receivedNs;
        this.connection = connection;
        this.frame = frame;
        this.quota = quota;
    }

    public ApiKeys api() {
        return header.api();
    }

    /** The version in which the message was read and in which the answer is written. */
    public short version() {
        return version;
    }

    /** False only for ApiVersions in a version that we do not know, which is read and answered as version 0. */
    public boolean isVersionSupported() {
        return version == header.version();
    }

    public int correlationId() {
        return header.correlationId();
    }

    /** The client's name for itself, empty if none. Untrusted: log it through {@link io.penstock.net.wire.LogText} only. */
    public String clientId() {
        return header.clientId();
    }

    /** The message itself. */
    public ApiMessage data() {
        return data;
    }

    /** The message as the generated class of this request's API, such as {@code request.data(FetchRequestData.class)}. */
    public <T extends ApiMessage> T data(Class<T> type) {
        return type.cast(data);
    }

    /** Size of the request on the wire, without its length field. */
    public int frameBytes() {
        return frameBytes;
    }

    /** {@link System#nanoTime} when the last byte of the request arrived. */
    public long receivedNs() {
        return receivedNs;
    }

    public ConnectionInfo connection() {
        return connection;
    }

    /** What the request costs its client. */
    public RequestQuota quota() {
        return quota;
    }

    /** Keeps the frame's memory valid beyond the answer, until a matching {@link #release}. */
    public void retain() {
        frame.retain();
    }

    /** Gives back one {@link #retain}. Not needed for the reference that the connection itself holds. */
    public void release() {
        frame.release();
    }
}
