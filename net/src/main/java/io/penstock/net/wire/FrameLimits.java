package io.penstock.net.wire;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * How long a frame may announce to be, in bytes without its length field. Immutable.
 *
 * @param maxFrameBytes of a Produce request: Kafka's {@code socket.request.max.bytes}
 * @param maxControlFrameBytes of any other request
 * @param maxFirstFrameBytes of any request before the connection has sent a valid one
 */
public record FrameLimits(int maxFrameBytes, int maxControlFrameBytes, int maxFirstFrameBytes) {
    public FrameLimits {
        if (maxFrameBytes <= 0 || maxControlFrameBytes <= 0 || maxFirstFrameBytes <= 0) {
            throw new IllegalArgumentException("frame limits must be positive, found " + maxFrameBytes + ", "
                    + maxControlFrameBytes + ", " + maxFirstFrameBytes);
        }
    }

    /** The limit while only the length is known. */
    int beforeKey(boolean isTrusted) {
        return isTrusted ? Math.max(maxFrameBytes, maxControlFrameBytes) : maxFirstFrameBytes;
    }

    /** The limit once the API key is known too. */
    int withKey(boolean isTrusted, short apiKey) {
        int byKey = apiKey == ApiKeys.PRODUCE.id ? maxFrameBytes : maxControlFrameBytes;
        return isTrusted ? byKey : Math.min(byKey, maxFirstFrameBytes);
    }
}
