package io.penstock.net.server;

/**
 * A cluster feature as ApiVersions reports it. Immutable.
 *
 * @param name such as {@code metadata.version}
 * @param minSupported lowest level this broker supports
 * @param maxSupported highest level this broker supports
 * @param finalizedLevel level in force; 0 if the feature is not in force, which is then not listed as finalized
 */
public record Feature(String name, short minSupported, short maxSupported, short finalizedLevel) {
    public Feature {
        if (minSupported < 0 || maxSupported < minSupported) {
            throw new IllegalArgumentException("feature " + name + ": levels must be 0 <= min <= max, found "
                    + minSupported + ".." + maxSupported);
        }
        if (finalizedLevel != 0 && (finalizedLevel < minSupported || finalizedLevel > maxSupported)) {
            throw new IllegalArgumentException("feature " + name + ": finalized level must be 0 or within "
                    + minSupported + ".." + maxSupported + ", found " + finalizedLevel);
        }
    }

    /** A feature with the given supported levels, in force at {@code level}. */
    public static Feature of(String name, int minSupported, int maxSupported, int level) {
        return new Feature(name, (short) minSupported, (short) maxSupported, (short) level);
    }
}
