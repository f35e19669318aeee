package io.penstock.core.group.record;

import java.util.List;

/**
 * What a streams application is made of, as its members told it: subtopologies that read topics, and topics of its own between them
 * and for their state. Immutable.
 *
 * @param epoch chosen by the application; a greater one is a newer topology
 */
public record StreamsTopology(int epoch, List<Subtopology> subtopologies) {
    public StreamsTopology {
        subtopologies = List.copyOf(subtopologies);
    }

    private static final int OBJECT_BYTES = 64;

    /** Memory that it takes, roughly. */
    public long sizeBytes() {
        long bytes = OBJECT_BYTES;
        for (Subtopology subtopology : subtopologies) {
            bytes += OBJECT_BYTES + subtopology.id().length();
            bytes += sizeBytes(subtopology.sourceTopics()) + sizeBytes(subtopology.sourceTopicRegex());
            bytes += sizeBytes(subtopology.repartitionSinks());
            bytes += topicBytes(subtopology.stateChangelogs()) + topicBytes(subtopology.repartitionSources());
            for (CopartitionGroup group : subtopology.copartitionGroups()) {
                bytes += OBJECT_BYTES
                        + (long) Integer.BYTES
                                * (group.sourceTopics().size()
                                        + group.repartitionSources().size());
            }
        }
        return bytes;
    }

    private static long sizeBytes(List<String> names) {
        return names.stream().mapToLong(name -> OBJECT_BYTES + name.length()).sum();
    }

    private static long topicBytes(List<InternalTopic> topics) {
        long bytes = 0;
        for (InternalTopic topic : topics) {
            bytes += OBJECT_BYTES + topic.name().length();
            for (Config config : topic.configs()) {
                bytes += OBJECT_BYTES + config.key().length() + config.value().length();
            }
        }
        return bytes;
    }

    /**
     * A part of the application whose tasks are each one partition of all its source topics.
     *
     * @param sourceTopicRegex patterns of more source topics
     * @param stateChangelogs topics that hold copies of its state
     * @param repartitionSinks names of the application's own topics that it writes
     * @param repartitionSources the application's own topics that it reads
     * @param copartitionGroups topics that must have as many partitions as each other
     */
    public record Subtopology(
            String id,
            List<String> sourceTopics,
            List<String> sourceTopicRegex,
            List<InternalTopic> stateChangelogs,
            List<String> repartitionSinks,
            List<InternalTopic> repartitionSources,
            List<CopartitionGroup> copartitionGroups) {
        public Subtopology {
            sourceTopics = List.copyOf(sourceTopics);
            sourceTopicRegex = List.copyOf(sourceTopicRegex);
            stateChangelogs = List.copyOf(stateChangelogs);
            repartitionSinks = List.copyOf(repartitionSinks);
            repartitionSources = List.copyOf(repartitionSources);
            copartitionGroups = List.copyOf(copartitionGroups);
        }
    }

    /**
     * A topic of the application's own, which the broker makes.
     *
     * @param partitions {@link #ANY} if the broker is to decide
     * @param replicationFactor {@link #ANY} for the broker's default
     */
    public record InternalTopic(String name, int partitions, short replicationFactor, List<Config> configs) {
        public static final int ANY = 0;

        public InternalTopic {
            configs = List.copyOf(configs);
        }
    }

    /** A setting of a topic. */
    public record Config(String key, String value) {}

    /** Positions in the lists of a {@link Subtopology}. */
    public record CopartitionGroup(
            List<Short> sourceTopics, List<Short> sourceTopicRegex, List<Short> repartitionSources) {
        public CopartitionGroup {
            sourceTopics = List.copyOf(sourceTopics);
            sourceTopicRegex = List.copyOf(sourceTopicRegex);
            repartitionSources = List.copyOf(repartitionSources);
        }
    }
}
