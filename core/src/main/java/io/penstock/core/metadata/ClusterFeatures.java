package io.penstock.core.metadata;

import java.util.List;
import java.util.Optional;

/**
 * The cluster features (KIP-584) that this release supports, and the level at which each is in force. Clients and tools choose their
 * behaviour by them, so only features are here whose APIs are served. Stateless.
 */
public final class ClusterFeatures {
    /** Kafka's count of record formats: 7 is release 3.3, the oldest with KRaft; 30 is release 4.3. */
    public static final Supported METADATA_VERSION =
            new Supported("metadata.version", (short) 7, (short) 30, (short) 30);

    /** Level 1 is the consumer protocol (KIP-848). */
    public static final Supported GROUP_VERSION = new Supported("group.version", (short) 0, (short) 1, (short) 1);

    /** Level 2 is transactions whose every end moves the producer's epoch on (KIP-890). */
    public static final Supported TRANSACTION_VERSION =
            new Supported("transaction.version", (short) 0, (short) 2, (short) 2);

    /** Level 1 is streams groups (KIP-1071). */
    public static final Supported STREAMS_VERSION = new Supported("streams.version", (short) 0, (short) 1, (short) 1);

    /** In the order in which clients are told. */
    public static final List<Supported> ALL =
            List.of(METADATA_VERSION, GROUP_VERSION, TRANSACTION_VERSION, STREAMS_VERSION);

    private ClusterFeatures() {}

    /**
     * A feature that this release supports.
     *
     * @param min lowest supported level
     * @param max highest supported level
     * @param initial level in force as long as nobody has changed it; 0 if the feature is not in force
     */
    public record Supported(String name, short min, short max, short initial) {
        boolean supports(int level) {
            return min <= level && level <= max;
        }
    }

    static Optional<Supported> find(String name) {
        return ALL.stream().filter(feature -> feature.name().equals(name)).findFirst();
    }

    /** The level at which a feature is in force; 0 if it is not. */
    public static short level(MetadataImage image, Supported feature) {
        return image.features().getOrDefault(feature.name(), feature.initial());
    }
}
