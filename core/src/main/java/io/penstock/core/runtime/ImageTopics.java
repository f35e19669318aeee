package io.penstock.core.runtime;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import java.util.Collection;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topics of an image, as groups see them. Immutable.
 *
 * @param image may be newer than another one that says the same of topics
 */
record ImageTopics(MetadataImage image) implements TopicCatalog {
    @Override
    public @Nullable KnownTopic topic(String name) {
        return known(image.topic(name));
    }

    @Override
    public @Nullable KnownTopic topic(Uuid id) {
        return known(image.topic(id));
    }

    private static @Nullable KnownTopic known(@Nullable TopicImage topic) {
        return topic == null
                ? null
                : new KnownTopic(topic.name(), topic.id(), topic.partitions().size());
    }

    @Override
    public Collection<String> names() {
        return image.topics().stream().map(TopicImage::name).toList();
    }

    @Override
    public long version() {
        return image.offset();
    }
}
