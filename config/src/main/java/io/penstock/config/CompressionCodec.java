package io.penstock.config;

/** What {@code compression.type} may say. */
public enum CompressionCodec {
    /** Batches stay as the producer compressed them. */
    PRODUCER,
    UNCOMPRESSED,
    GZIP,
    SNAPPY,
    LZ4,
    ZSTD
}
