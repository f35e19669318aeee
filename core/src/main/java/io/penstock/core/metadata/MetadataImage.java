package io.penstock.core.metadata;

import io.penstock.core.collection.PersistentMap;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Everything the cluster knows of itself, as of one offset of the metadata log. Immutable: {@link ImageReplay} makes the next one,
 * which shares all that did not change.
 */
public final class MetadataImage {
    /** What is known before the first record. Never shown to clients: it has no broker. */
    public static final MetadataImage EMPTY = new MetadataImage(
            "",
            0,
            List.of(),
            Map.of(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            PersistentMap.empty(),
            ClientQuotas.NONE,
            0);

    final String clusterId;
    final long offset;
    final List<BrokerImage> brokers;
    final Map<String, Short> features;
    final PersistentMap<String, TopicImage> topicsByName;
    final PersistentMap<Uuid, TopicImage> topicsById;
    /** Names with dots or underscores, by what {@link Topic#unifyCollisionChars} makes of them. */
    final PersistentMap<String, String> namesWithCollisionChars;

    final PersistentMap<Uuid, DeletedTopic> deletedTopics;
    final PersistentMap<ConfigResource, Map<String, String>> configs;
    final ClientQuotas clientQuotas;
    final long nextProducerId;

    MetadataImage(
            String clusterId,
            long offset,
            List<BrokerImage> brokers,
            Map<String, Short> features,
            PersistentMap<String, TopicImage> topicsByName,
            PersistentMap<Uuid, TopicImage> topicsById,
            PersistentMap<String, String> namesWithCollisionChars,
            PersistentMap<Uuid, DeletedTopic> deletedTopics,
            PersistentMap<ConfigResource, Map<String, String>> configs,
            ClientQuotas clientQuotas,
            long nextProducerId) {
        this.clusterId = clusterId;
        this.offset = offset;
        this.brokers = List.copyOf(brokers);
        this.features = Map.copyOf(features);
        this.topicsByName = topicsByName;
        this.topicsById = topicsById;
        this.namesWithCollisionChars = namesWithCollisionChars;
        this.deletedTopics = deletedTopics;
        this.configs = configs;
        this.clientQuotas = clientQuotas;
        this.nextProducerId = nextProducerId;
    }

    /** The same image further on in the log, past records that changed nothing. */
    public MetadataImage at(long newOffset) {
        return new MetadataImage(
                clusterId,
                newOffset,
                brokers,
                features,
                topicsByName,
                topicsById,
                namesWithCollisionChars,
                deletedTopics,
                configs,
                clientQuotas,
                nextProducerId);
    }

    /** Names this cluster for ever; a base64 UUID as Kafka's. */
    public String clusterId() {
        return clusterId;
    }

    /** One past the last metadata record in this image; grows with every change. */
    public long offset() {
        return offset;
    }

    /** Node id of the active controller, which is alive; with the local metadata log that is the one broker. */
    public int controllerId() {
        return brokers.stream()
                .filter(broker -> !broker.fenced())
                .mapToInt(BrokerImage::nodeId)
                .min()
                .orElse(-1);
    }

    /** All registered brokers by node id, never empty once the broker serves. */
    public List<BrokerImage> brokers() {
        return brokers;
    }

    /** The broker, or null if that id never registered. */
    public @Nullable BrokerImage broker(int nodeId) {
        for (BrokerImage broker : brokers) {
            if (broker.nodeId() == nodeId) {
                return broker;
            }
        }
        return null;
    }

    /** Topic by name, or null. */
    public @Nullable TopicImage topic(String name) {
        return topicsByName.get(name);
    }

    /** Topic by id, or null. */
    public @Nullable TopicImage topic(Uuid id) {
        return topicsById.get(id);
    }

    /** A topic whose name differs from {@code name} in nothing but dots in place of underscores, or not at all; null if there is none. */
    public @Nullable String topicColliding(String name) {
        return Topic.hasCollisionChars(name) ? namesWithCollisionChars.get(Topic.unifyCollisionChars(name)) : null;
    }

    /** All topics, in no order. */
    public Collection<TopicImage> topics() {
        return topicsByName.values();
    }

    /** Deleted topics of which files may be left, in no order. A log of any other unknown topic must not be touched. */
    public Collection<DeletedTopic> deletedTopics() {
        return deletedTopics.values();
    }

    /** Whether a topic of that id exists, or existed and may have left files. */
    public boolean knows(Uuid topicId) {
        return topicsById.get(topicId) != null || deletedTopics.get(topicId) != null;
    }

    /** Dynamic configuration of one broker, or the cluster-wide default for "". */
    public Map<String, String> brokerConfigs(String brokerIdOrEmpty) {
        return configs(ConfigScope.BROKER, brokerIdOrEmpty);
    }

    /** Dynamic configuration of any resource; empty if it has none. */
    public Map<String, String> configs(ConfigScope scope, String name) {
        if (scope == ConfigScope.TOPIC) {
            TopicImage topic = topic(name);
            return topic == null ? Map.of() : topic.configs();
        }
        Map<String, String> found = configs.get(new ConfigResource(scope, name));
        return found == null ? Map.of() : found;
    }

    /** What clients may use, by user, client id and address. */
    public ClientQuotas clientQuotas() {
        return clientQuotas;
    }

    /** The resources of a kind that have dynamic configuration, in no order; topics and brokers that have none are not among them. */
    public List<String> configuredNames(ConfigScope scope) {
        List<String> names = new ArrayList<>();
        if (scope == ConfigScope.TOPIC) {
            topics().stream().filter(topic -> !topic.configs().isEmpty()).forEach(topic -> names.add(topic.name()));
        } else {
            configs.forEach((resource, entries) -> {
                if (resource.scope() == scope) {
                    names.add(resource.name());
                }
            });
        }
        return names;
    }

    /** Finalized features and their levels. */
    public Map<String, Short> features() {
        return features;
    }

    /** The first producer id that was never given to any broker. */
    public long nextProducerId() {
        return nextProducerId;
    }

    /**
     * Tells each topic that differs between two images, one of which was made from the other: (before or null, after or null).
     * A topic that was deleted and made again under its name is told as two differences.
     */
    public static void topicDifferences(
            MetadataImage before,
            MetadataImage after,
            BiConsumer<@Nullable TopicImage, @Nullable TopicImage> difference) {
        PersistentMap.differences(before.topicsById, after.topicsById, difference);
    }

    /** Brokers in the order in which {@link #brokers} lists them. */
    static final Comparator<BrokerImage> BY_NODE_ID = Comparator.comparingInt(BrokerImage::nodeId);

    /** A topic that is no more, as it was at its end. */
    public record DeletedTopic(Uuid id, String name, int partitionCount) {}

    /** Whose configuration. */
    record ConfigResource(ConfigScope scope, String name) {}
}
