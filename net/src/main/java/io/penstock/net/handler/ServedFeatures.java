package io.penstock.net.handler;

import io.penstock.core.metadata.ClusterFeatures;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.net.server.Feature;
import io.penstock.net.server.FeatureLevels;

/** What ApiVersions tells of the cluster's features. Stateless. */
public final class ServedFeatures {
    private ServedFeatures() {}

    /** The features that this release supports, at the levels that hold in {@code image}. */
    public static FeatureLevels of(MetadataImage image) {
        return new FeatureLevels(
                ClusterFeatures.ALL.stream()
                        .map(feature -> new Feature(
                                feature.name(), feature.min(), feature.max(), ClusterFeatures.level(image, feature)))
                        .toList(),
                image.offset());
    }
}
