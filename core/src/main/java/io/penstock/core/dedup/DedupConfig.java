package io.penstock.core.dedup;

import java.nio.charset.StandardCharsets;

/**
 * How a topic tells records that come again. Immutable.
 *
 * @param header name of the record header that holds the id; not empty ({@code penstock.dedup.header})
 * @param windowMs how long after its append an id is remembered ({@code penstock.dedup.window.ms})
 * @param windowSize ids of so many last offsets are remembered at most ({@code penstock.dedup.window.size})
 */
public record DedupConfig(String header, long windowMs, int windowSize) {
    /** No batch may have more records: they are looked up one by one on an event loop. */
    public static final int MAX_BATCH_RECORDS = 20_000;

    public DedupConfig {
        if (header.isEmpty() || windowMs < 1 || windowSize < 1) {
            throw new IllegalArgumentException(
                    "expected a header and a window, found " + header + ", " + windowMs + " ms, " + windowSize);
        }
    }

    /** Most records of one batch: all its ids must be in the window when it comes again. */
    public int maxBatchRecords() {
        return Math.min(windowSize, MAX_BATCH_RECORDS);
    }

    /** The header's name as records spell it. */
    public byte[] headerBytes() {
        return header.getBytes(StandardCharsets.UTF_8);
    }
}
