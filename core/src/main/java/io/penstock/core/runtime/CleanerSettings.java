package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.LogSettings;

/**
 * How the broker compacts its logs, under the meaning of Kafka's settings of the same name. Immutable.
 *
 * @param enabled {@code log.cleaner.enable}
 * @param threads logs that are compacted at once ({@code log.cleaner.threads})
 * @param tableBytes memory for the tables of keys of all of them together ({@code log.cleaner.dedupe.buffer.size})
 * @param tableLoad share of a table that may be filled ({@code log.cleaner.io.buffer.load.factor})
 * @param maxBytesPerSecond bytes that all of them may read and write in a second ({@code log.cleaner.io.max.bytes.per.second})
 * @param backoffMs pause after a look that found nothing to do ({@code log.cleaner.backoff.ms})
 */
public record CleanerSettings(
        boolean enabled, int threads, long tableBytes, double tableLoad, double maxBytesPerSecond, long backoffMs) {
    /** Kafka's defaults. */
    static final CleanerSettings DEFAULT = new CleanerSettings(true, 1, 128L << 20, 0.9, Double.MAX_VALUE, 15_000);

    /** The tables take at most this part of the heap, whatever is configured: a small heap must not end in want of memory. */
    private static final int HEAP_SHARE = 4;

    static CleanerSettings of(BrokerConfig config) {
        return new CleanerSettings(
                config.get(LogSettings.CLEANER_ENABLE),
                config.get(LogSettings.CLEANER_THREADS),
                Math.min(
                        config.get(LogSettings.CLEANER_DEDUPE_BUFFER_SIZE),
                        Runtime.getRuntime().maxMemory() / HEAP_SHARE),
                config.get(LogSettings.CLEANER_LOAD_FACTOR),
                config.get(LogSettings.CLEANER_MAX_BYTES_PER_SECOND),
                config.get(LogSettings.CLEANER_BACKOFF_MS));
    }
}
