package io.penstock.bench.zerocopy;

/**
 * Where batches of one size are in a segment: each has a word of {@value #WORD_BYTES} bytes before it, which says how long it is, and begins at a
 * multiple of that. Immutable.
 *
 * @param batchBytes of each batch, without the word
 * @param batches how many
 */
record SegmentLayout(int batchBytes, int batches) {
    static final int WORD_BYTES = 4;

    SegmentLayout {
        if (batchBytes < 1 || batches < 1 || (long) stride(batchBytes) * batches > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "expected batches that fill less than 2 GiB, found " + batches + " of " + batchBytes + " bytes");
        }
    }

    /** As many batches as take up {@code segmentBytes}, at least one. */
    static SegmentLayout filling(int segmentBytes, int batchBytes) {
        return new SegmentLayout(batchBytes, Math.max(1, segmentBytes / stride(batchBytes)));
    }

    private static int stride(int batchBytes) {
        return WORD_BYTES + (batchBytes + WORD_BYTES - 1) / WORD_BYTES * WORD_BYTES;
    }

    /** Of the batch itself, behind its word. */
    int position(int batch) {
        return batch * stride(batchBytes) + WORD_BYTES;
    }

    int fileBytes() {
        return batches * stride(batchBytes);
    }

    /** Of all batches, without words and padding. */
    long payloadBytes() {
        return (long) batches * batchBytes;
    }

    /** Batches that fit into so many bytes, at least one. */
    int batchesIn(int bytes) {
        return Math.max(1, bytes / batchBytes);
    }
}
