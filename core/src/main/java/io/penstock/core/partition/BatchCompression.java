package io.penstock.core.partition;

import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * How batches of a topic are stored ({@code compression.type} and its levels). Immutable.
 *
 * @param codec the one codec of the topic, or null to keep what the producer chose
 */
public record BatchCompression(
        @org.jspecify.annotations.Nullable Compression codec) {
    /** {@code compression.type=producer}: stored as it came. */
    public static final BatchCompression PRODUCER = new BatchCompression(null);

    public static final BatchCompression NONE = new BatchCompression(Compression.NONE);

    public static BatchCompression gzip(int level) {
        return new BatchCompression(Compression.gzip().level(level).build());
    }

    public static BatchCompression snappy() {
        return new BatchCompression(Compression.snappy().build());
    }

    public static BatchCompression lz4(int level) {
        return new BatchCompression(Compression.lz4().level(level).build());
    }

    public static BatchCompression zstd(int level) {
        return new BatchCompression(Compression.zstd().level(level).build());
    }

    /** Whether a batch with this codec is stored with another one. A different level alone is no reason. */
    boolean changes(CompressionType source) {
        return codec != null && codec.type() != source;
    }
}
