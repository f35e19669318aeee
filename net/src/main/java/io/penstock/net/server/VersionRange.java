package io.penstock.net.server;

import org.apache.kafka.common.protocol.ApiKeys;

/** A range of API versions, both ends inclusive. Immutable. */
public record VersionRange(short min, short max) {
    public VersionRange {
        if (min < 0 || max < min) {
            throw new IllegalArgumentException("version range must be 0 <= min <= max, found " + min + ".." + max);
        }
    }

    /** What the codec supports of {@code api}, without versions that Kafka still calls unstable. */
    public static VersionRange stable(ApiKeys api) {
        return new VersionRange(api.oldestVersion(), api.latestVersion(false));
    }

    public boolean contains(short version) {
        return min <= version && version <= max;
    }

    /** Whether {@code other} lies wholly within this range. */
    public boolean encloses(VersionRange other) {
        return min <= other.min && other.max <= max;
    }
}
