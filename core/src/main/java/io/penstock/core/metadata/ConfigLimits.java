package io.penstock.core.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * How much configuration one request may set: every value travels through the metadata log to every broker and stays in its
 * memory. Owned by one request.
 */
final class ConfigLimits {
    /** As in Apache Kafka. */
    static final int MAX_VALUE_BYTES = Short.MAX_VALUE;
    /** All values of one request; ours, since Apache Kafka only counts records. */
    static final int MAX_REQUEST_BYTES = 4 << 20;

    private int requestBytes;

    /** Counts the values of one resource, unless one is too large or they are too many. */
    ApiError admit(Map<String, String> values) {
        int bytes = 0;
        for (String value : values.values()) {
            int valueBytes = value.getBytes(StandardCharsets.UTF_8).length;
            if (valueBytes > MAX_VALUE_BYTES) {
                return new ApiError(
                        Errors.INVALID_CONFIG,
                        "The configuration value cannot be added because it exceeds the maximum value size of "
                                + MAX_VALUE_BYTES + " bytes.");
            }
            bytes += valueBytes;
        }
        if (bytes > MAX_REQUEST_BYTES - requestBytes) {
            return new ApiError(
                    Errors.POLICY_VIOLATION,
                    "The configuration values of one request exceed " + MAX_REQUEST_BYTES + " bytes.");
        }
        requestBytes += bytes;
        return ApiError.NONE;
    }
}
