package io.penstock.core.metadata;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Everything the cluster knows of itself, as of one offset of the metadata log. Immutable. */
public interface MetadataImage {
    /** Names this cluster for ever; a base64 UUID as Kafka's. */
    String clusterId();

    /** One past the last metadata record in this image; grows with every change. */
    long offset();

    /** Node id of the active controller, which is alive. */
    int controllerId();

    /** All registered brokers, never empty. */
    List<BrokerImage> brokers();

    /** Topic by name, or null. */
    @Nullable
    TopicImage topic(String name);

    /** Topic by id, or null. */
    @Nullable
    TopicImage topic(Uuid id);

    /** All topics, in no order. */
    Collection<TopicImage> topics();

    /** Dynamic configuration of one broker, or the cluster-wide default for "". */
    Map<String, String> brokerConfigs(String brokerIdOrEmpty);
}
