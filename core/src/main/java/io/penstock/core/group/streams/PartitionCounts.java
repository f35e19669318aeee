package io.penstock.core.group.streams;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many partitions the topics of a topology have: existing ones what they have, repartition topics as many as the application asks
 * for or as the subtopologies that write them have tasks, changelogs as many as their subtopology has tasks. Owned by one planning.
 */
final class PartitionCounts {
    private final StreamsTopology topology;
    private final TopicCatalog catalog;
    private final Map<String, Integer> decided = new HashMap<>();

    PartitionCounts(StreamsTopology topology, TopicCatalog catalog) {
        this.topology = topology;
        this.catalog = catalog;
    }

    /** The number as it is now; null if it is not known. A topic that exists has what it has, whatever was decided. */
    @Nullable
    Integer find(String topic) {
        KnownTopic known = catalog.topic(topic);
        return known == null ? decided.get(topic) : Integer.valueOf(known.partitionCount());
    }

    int get(String topic) throws InvalidTopologyException {
        Integer count = find(topic);
        if (count == null) {
            throw new InvalidTopologyException("Number of partitions is not set for topic: " + topic);
        }
        return count;
    }

    /** What an internal topic has to have, whatever one of that name has. */
    int wanted(InternalTopic topic) throws InvalidTopologyException {
        Integer count = topic.partitions() == InternalTopic.ANY
                ? decided.get(topic.name())
                : Integer.valueOf(topic.partitions());
        if (count == null || count < 1) {
            throw new InvalidTopologyException("Number of partitions must be set for topic " + topic.name());
        }
        return count;
    }

    void decide(String topic, int partitions) {
        decided.put(topic, partitions);
    }

    // ---- repartition topics

    /** Decides about all repartition topics, from the sources on: a subtopology is known when one of its topics is. */
    void decideRepartitionTopics() throws InvalidTopologyException {
        Map<String, Integer> counts = new HashMap<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            for (InternalTopic topic : subtopology.repartitionSources()) {
                if (topic.partitions() != InternalTopic.ANY) {
                    counts.put(topic.name(), topic.partitions());
                }
            }
        }
        while (!followSinks(counts)) {
            // another round: each finds at least one number, or gives up
        }
        for (Subtopology subtopology : topology.subtopologies()) {
            for (InternalTopic topic : subtopology.repartitionSources()) {
                if (!counts.containsKey(topic.name())) {
                    throw new InvalidTopologyException(
                            "Failed to compute number of partitions for all repartition topics, because a repartition"
                                    + " source topic is never used as a sink topic.");
                }
            }
        }
        decided.putAll(counts);
    }

    /** Whether all sinks are known after a look at every subtopology. */
    private boolean followSinks(Map<String, Integer> counts) throws InvalidTopologyException {
        boolean isComplete = true;
        boolean hasProgress = false;
        for (Subtopology subtopology : topology.subtopologies()) {
            for (String sink : subtopology.repartitionSinks()) {
                Integer count = counts.get(sink);
                if (count == null) {
                    Integer most = mostOfSources(subtopology, counts);
                    isComplete &= most != null;
                    hasProgress |= most != null;
                    if (most != null) {
                        counts.put(sink, most);
                    }
                }
            }
        }
        if (!isComplete && !hasProgress) {
            throw new InvalidTopologyException(
                    "Failed to compute number of partitions for all repartition topics. There may be loops in the"
                            + " topology that cannot be resolved.");
        }
        return isComplete;
    }

    private @Nullable Integer mostOfSources(Subtopology subtopology, Map<String, Integer> counts) {
        Integer most = null;
        for (InternalTopic topic : subtopology.repartitionSources()) {
            most = greater(most, counts.get(topic.name()));
        }
        for (String topic : subtopology.sourceTopics()) {
            most = greater(most, find(topic));
        }
        return most;
    }

    private static @Nullable Integer greater(@Nullable Integer one, @Nullable Integer other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return Math.max(one, other);
    }

    // ---- tasks

    /** Each changelog has a partition for each task. */
    void decideChangelogs() throws InvalidTopologyException {
        for (Subtopology subtopology : topology.subtopologies()) {
            int count = taskCount(subtopology);
            for (InternalTopic changelog : subtopology.stateChangelogs()) {
                decided.put(changelog.name(), count);
            }
        }
    }

    /** As many as the source topic with the most partitions has. */
    int taskCount(Subtopology subtopology) throws InvalidTopologyException {
        List<String> sources = Stream.concat(
                        subtopology.sourceTopics().stream(),
                        subtopology.repartitionSources().stream().map(InternalTopic::name))
                .toList();
        if (sources.isEmpty()) {
            throw new InvalidTopologyException("No source topics found for subtopology " + subtopology.id());
        }
        int most = 0;
        for (String source : sources) {
            most = Math.max(most, get(source));
        }
        return most;
    }
}
