package io.penstock.core.api;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written. Its buffers must not be changed any more once it was handed over.
 *
 * @param key null for a record without key; compacted topics refuse those
 * @param value null is a tombstone: it deletes the key where the topic is compacted
 * @param timestampMs milliseconds since 1970, or {@link #NOW}
 */
public record NewRecord(@Nullable Buffer key, @Nullable Buffer value, List<RecordHeader> headers, long timestampMs) {
    /** The time at which the record is handed over. */
    public static final long NOW = -1;

    public NewRecord {
        headers = List.copyOf(headers);
    }

    /** A record without key and headers, written now. */
    public static NewRecord of(Buffer value) {
        return new NewRecord(null, value, List.of(), NOW);
    }

    /** A record without headers, written now. */
    public static NewRecord of(Buffer key, Buffer value) {
        return new NewRecord(key, value, List.of(), NOW);
    }
}
