package io.penstock.net.launch;

import io.penstock.net.server.Feature;
import java.util.List;

/**
 * The cluster features that ApiVersions tells, of the Kafka release that we follow. Only those whose APIs are served: clients and tools
 * choose their behaviour by them.
 */
final class ServedFeatures {

    /** {@code metadata.version} is Kafka's count of record formats: 7 is release 3.3, the oldest with KRaft; 30 is release 4.3. */
    static final List<Feature> ALL = List.of(Feature.of("metadata.version", 7, 30, 30));

    private ServedFeatures() {}
}
