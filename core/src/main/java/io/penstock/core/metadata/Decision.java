package io.penstock.core.metadata;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a controller decided: the records that will make it so, and the answer to give once they are durable and replayed. Changes
 * nothing by itself. Immutable.
 *
 * @param records to be written all together or not at all; together at most {@link #MAX_BYTES} as bytes
 * @param answer for the client
 */
public record Decision<T extends @Nullable Object>(List<MetadataRecord> records, T answer) {
    /** Far above what the limits on partitions, names and configuration values of one request add up to. */
    public static final int MAX_BYTES = 16 << 20;

    public Decision {
        records = List.copyOf(records);
    }

    /** Nothing changes. */
    public static <T extends @Nullable Object> Decision<T> unchanged(T answer) {
        return new Decision<>(List.of(), answer);
    }
}
