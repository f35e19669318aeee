package io.penstock.core.group;

import io.penstock.core.group.consumer.TopicCatalog;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Topics of a test, whose ids follow from their names. Immutable. */
record TestTopics(Map<String, KnownTopic> byName, long version) implements TopicCatalog {
    static final TestTopics NONE = new TestTopics(Map.of(), 1);

    /** The id of a topic that was made once. */
    static Uuid id(String name) {
        return new Uuid(name.hashCode(), 1);
    }

    /** With a topic that has so many partitions, in the place of the one of that name. */
    TestTopics with(String name, int partitionCount) {
        return with(name, id(name), partitionCount);
    }

    TestTopics with(String name, Uuid id, int partitionCount) {
        Map<String, KnownTopic> more = new TreeMap<>(byName);
        more.put(name, new KnownTopic(name, id, partitionCount));
        return new TestTopics(more, version + 1);
    }

    TestTopics without(String name) {
        Map<String, KnownTopic> fewer = new TreeMap<>(byName);
        fewer.remove(name);
        return new TestTopics(fewer, version + 1);
    }

    @Override
    public @Nullable KnownTopic topic(String name) {
        return byName.get(name);
    }

    @Override
    public @Nullable KnownTopic topic(Uuid id) {
        return byName.values().stream()
                .filter(topic -> topic.id().equals(id))
                .findFirst()
                .orElse(null);
    }

    @Override
    public Collection<String> names() {
        return byName.keySet();
    }
}
