package io.penstock.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches whose records carry a message id in the header {@code id}; the value is {@code v-} and the id. Stateless. */
final class IdBatches {
    private IdBatches() {}

    /** Of a producer without idempotence; an empty id is none. */
    static ByteBuffer plain(String... ids) {
        return RecordBatches.batch(CompressionType.NONE, -1, -1, -1, false, records(ids));
    }

    static ByteBuffer compressed(CompressionType type, String... ids) {
        return RecordBatches.batch(type, -1, -1, -1, false, records(ids));
    }

    static ByteBuffer idempotent(long producerId, int baseSequence, String... ids) {
        return RecordBatches.batch(CompressionType.NONE, producerId, 0, baseSequence, false, records(ids));
    }

    static ByteBuffer transactional(long producerId, int baseSequence, String... ids) {
        return RecordBatches.batch(CompressionType.NONE, producerId, 0, baseSequence, true, records(ids));
    }

    /** One record with a key of its own. */
    static ByteBuffer keyed(String key, String id) {
        SimpleRecord record = record(id);
        return RecordBatches.batch(
                CompressionType.NONE,
                -1,
                -1,
                -1,
                false,
                new SimpleRecord(record.timestamp(), UTF_8.encode(key), record.value(), record.headers()));
    }

    private static SimpleRecord[] records(String... ids) {
        return Stream.of(ids).map(IdBatches::record).toArray(SimpleRecord[]::new);
    }

    private static SimpleRecord record(String id) {
        Header[] headers = id.isEmpty()
                ? new Header[] {new RecordHeader("other", "x".getBytes(UTF_8))}
                : new Header[] {
                    new RecordHeader("xy", "same length as the name".getBytes(UTF_8)),
                    new RecordHeader("id", id.getBytes(UTF_8))
                };
        return new SimpleRecord(RecordBatches.TIMESTAMP_MS, id.getBytes(UTF_8), ("v-" + id).getBytes(UTF_8), headers);
    }
}
