package io.penstock.core.api;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it stands in a partition. Its buffers are copies that belong to whoever got it.
 *
 * @param offset its place in the partition; rises from record to record, not always by one
 * @param timestampMs milliseconds since 1970; -1 if the writer gave none
 * @param key null if it has none
 * @param value null if it is a tombstone
 */
public record StoredRecord(
        long offset,
        long timestampMs,
        @Nullable Buffer key,
        @Nullable Buffer value,
        List<RecordHeader> headers) {}
