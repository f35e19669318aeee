package io.penstock.core.partition;

import io.penstock.core.dedup.DedupConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a topic promises to every client, beyond what Kafka does. Immutable.
 *
 * @param exactlyOnce whether unsafe produces are refused and aborted records served to nobody ({@code penstock.delivery})
 * @param upgradesUnsafe whether produces with acks 0 or 1 wait as for acks=all instead of being refused
 *     ({@code penstock.delivery.unsafe})
 * @param dedup how records that come again are told; null if they are not
 */
public record DeliveryConfig(
        boolean exactlyOnce,
        boolean upgradesUnsafe,
        @Nullable DedupConfig dedup) {
    /** Nothing beyond Kafka. */
    public static final DeliveryConfig KAFKA = new DeliveryConfig(false, false, null);

    /** Whether batches are judged and read as in Kafka. */
    public boolean isKafka() {
        return !exactlyOnce && dedup == null;
    }
}
