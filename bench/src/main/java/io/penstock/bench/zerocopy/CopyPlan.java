package io.penstock.bench.zerocopy;

import java.nio.file.Path;
import java.util.List;

/**
 * What to measure. Immutable.
 *
 * @param directory for segments
 * @param segmentBytes of each segment; more than the processor's caches hold
 * @param batchBytes sizes to be measured
 * @param seconds that count of each path and size; one whole pass at least
 */
record CopyPlan(Path directory, int segmentBytes, List<Integer> batchBytes, int seconds) {
    CopyPlan {
        batchBytes = List.copyOf(batchBytes);
        if (segmentBytes < 1 || seconds < 1) {
            throw new IllegalArgumentException(
                    "segments and seconds must be positive, found " + segmentBytes + " and " + seconds);
        }
    }
}
