package io.penstock.net.handler;

import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the topics and partitions that a request names, in one metadata image. Old versions of some APIs name topics, new ones give
 * their ids; an id never finds a topic that was made again under the same name. Immutable.
 */
public final class TopicLookup {
    static final short FIRST_TOPIC_ID_FETCH = 13;
    static final short FIRST_TOPIC_ID_PRODUCE = 13;

    private final MetadataImage image;
    private final boolean byId;

    private TopicLookup(MetadataImage image, boolean byId) {
        this.image = image;
        this.byId = byId;
    }

    public static TopicLookup byName(MetadataImage image) {
        return new TopicLookup(image, false);
    }

    public static TopicLookup forFetch(MetadataImage image, short version) {
        return new TopicLookup(image, version >= FIRST_TOPIC_ID_FETCH);
    }

    public static TopicLookup forProduce(MetadataImage image, short version) {
        return new TopicLookup(image, version >= FIRST_TOPIC_ID_PRODUCE);
    }

    /** By id if the request's version has ids, else by name. */
    public static TopicLookup by(MetadataImage image, boolean isById) {
        return new TopicLookup(image, isById);
    }

    /** The topic, by whichever of the two arguments counts in this request's version; null if there is none. */
    public @Nullable TopicImage topic(String name, Uuid id) {
        return byId ? image.topic(id) : image.topic(name);
    }

    /** The topic of that name, or null. */
    public @Nullable TopicImage topic(String name) {
        return image.topic(name);
    }

    /** One partition of a topic; null if the topic is null or has no such partition. */
    public @Nullable PartitionImage partition(@Nullable TopicImage topic, int index) {
        return topic == null || index < 0 || index >= topic.partitions().size()
                ? null
                : topic.partitions().get(index);
    }

    /** Why {@link #partition} found nothing. */
    public Errors unknown(@Nullable TopicImage topic) {
        return topic == null && byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
}
