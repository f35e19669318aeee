package io.penstock.core.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** How large a configuration value may be, as in Apache Kafka: it travels through the metadata log to every broker. Stateless. */
final class ConfigLimits {
    static final int MAX_VALUE_BYTES = Short.MAX_VALUE;

    private ConfigLimits() {}

    static ApiError check(Map<String, String> values) {
        for (String value : values.values()) {
            boolean mayBeTooLong = value.length() > MAX_VALUE_BYTES / 3;
            if (mayBeTooLong && value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE_BYTES) {
                return new ApiError(
                        Errors.INVALID_CONFIG,
                        "The configuration value cannot be added because it exceeds the maximum value size of "
                                + MAX_VALUE_BYTES + " bytes.");
            }
        }
        return ApiError.NONE;
    }
}
