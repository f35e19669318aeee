package io.penstock.bench.zerocopy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to measure. Immutable.
 *
 * @param directory for segments
 * @param segmentBytes of each segment; more than the processor's caches hold
 * @param batchBytes sizes to be measured
 * @param counted time of each path and size; one whole pass at least
 */
record CopyPlan(Path directory, int segmentBytes, List<Integer> batchBytes, Duration counted) {
    CopyPlan {
        batchBytes = List.copyOf(batchBytes);
        if (segmentBytes < 1 || counted.isNegative() || counted.isZero()) {
            throw new IllegalArgumentException(
                    "segments and seconds must be positive, found " + segmentBytes + " and " + counted.toSeconds());
        }
        if (batchBytes.isEmpty() || batchBytes.stream().anyMatch(bytes -> bytes < 1)) {
            throw new IllegalArgumentException("sizes must be positive, found " + batchBytes);
        }
    }
}
