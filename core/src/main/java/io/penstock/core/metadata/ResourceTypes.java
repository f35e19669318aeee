package io.penstock.core.metadata;

import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** The numbers by which requests say whose configuration they mean, and how the broker's own name is checked. Stateless. */
public final class ResourceTypes {
    public static final byte TOPIC = ConfigResource.Type.TOPIC.id();
    public static final byte BROKER = ConfigResource.Type.BROKER.id();
    public static final byte BROKER_LOGGER = ConfigResource.Type.BROKER_LOGGER.id();
    public static final byte CLIENT_METRICS = ConfigResource.Type.CLIENT_METRICS.id();
    public static final byte GROUP = ConfigResource.Type.GROUP.id();

    private ResourceTypes() {}

    /** Whether {@code name} is this broker's node id. */
    public static ApiError checkBrokerId(String what, String name, int nodeId, String alternative) {
        int asked;
        try {
            asked = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            return new ApiError(Errors.INVALID_REQUEST, what + " must be an integer, but it is: " + name);
        }
        return asked == nodeId
                ? ApiError.NONE
                : new ApiError(
                        Errors.INVALID_REQUEST,
                        "Unexpected broker id, expected " + nodeId + alternative + ", but received " + name);
    }
}
