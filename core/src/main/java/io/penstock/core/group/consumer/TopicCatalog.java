package io.penstock.core.group.consumer;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The topics of the cluster as of one moment, as far as groups must know them. Immutable, safe from any thread: another moment has
 * another catalog.
 */
public interface TopicCatalog {
    /** No topics at all. */
    TopicCatalog EMPTY = new TopicCatalog() {
        @Override
        public @Nullable KnownTopic topic(String name) {
            return null;
        }

        @Override
        public @Nullable KnownTopic topic(Uuid id) {
            return null;
        }

        @Override
        public Collection<String> names() {
            return Set.of();
        }

        @Override
        public long version() {
            return 0;
        }
    };

    @Nullable
    KnownTopic topic(String name);

    @Nullable
    KnownTopic topic(Uuid id);

    /** The names of all topics, internal ones too, in no order. */
    Collection<String> names();

    /** Grows with every change of the cluster's metadata. */
    long version();

    /** A topic that exists. */
    record KnownTopic(String name, Uuid id, int partitionCount) {}

    /** The ids of those topics that exist. */
    default Set<Uuid> ids(Collection<String> names) {
        Set<Uuid> ids = new HashSet<>();
        for (String name : names) {
            KnownTopic topic = topic(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        return ids;
    }
}
