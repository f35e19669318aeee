package io.penstock.bench.embedded;

import io.penstock.net.transport.TransportChoice;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run. Immutable.
 *
 * @param directory where the broker keeps its data; null for memory
 * @param valueBytes bytes of each record's value, at least {@value #MIN_BYTES}
 * @param ratePerSecond records that are written in a second, whatever becomes of them
 * @param sameLoop whether writer and reader share one event loop
 * @param transport how the application's event loops wait
 * @param spin how long they look for work before they sleep
 */
record EmbeddedPlan(
        @Nullable Path directory,
        int valueBytes,
        int ratePerSecond,
        boolean sameLoop,
        TransportChoice transport,
        Duration spin,
        int warmUpSeconds,
        int seconds) {
    static final int MIN_BYTES = Long.BYTES;

    EmbeddedPlan {
        if (valueBytes < MIN_BYTES || ratePerSecond < 1 || warmUpSeconds < 0 || seconds < 1) {
            throw new IllegalArgumentException(
                    "values need " + MIN_BYTES + " bytes, rate and seconds must be positive: " + valueBytes + ", "
                            + ratePerSecond + ", " + warmUpSeconds + ", " + seconds);
        }
    }

    long count() {
        return (long) (warmUpSeconds + seconds) * ratePerSecond;
    }

    long warmUpCount() {
        return (long) warmUpSeconds * ratePerSecond;
    }

    /** When a record is due, after the begin. */
    long scheduledNs(long index) {
        return index * 1_000_000_000L / ratePerSecond;
    }
}
