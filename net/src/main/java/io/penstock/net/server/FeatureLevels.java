package io.penstock.net.server;

import java.util.List;

/**
 * All cluster features at one moment. Immutable.
 *
 * @param epoch grows with every change, so that clients can tell the newer of two answers
 */
public record FeatureLevels(List<Feature> features, long epoch) {
    public FeatureLevels {
        features = List.copyOf(features);
    }
}
