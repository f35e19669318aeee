package io.penstock.core.group.streams;

import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.CopartitionGroup;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import io.penstock.core.group.streams.TopologyPlan.ProblemKind;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sees to it that topics which are joined have as many partitions as each other: repartition topics are given the number of the
 * others, and what cannot be changed must fit. Owned by one planning.
 */
final class Copartitioning {
    private final StreamsTopology topology;
    private final PartitionCounts counts;
    /** Repartition topics whose number the application has chosen. */
    private final Set<String> fixed = new HashSet<>();

    private final Set<String> flexible = new HashSet<>();

    Copartitioning(StreamsTopology topology, PartitionCounts counts) {
        this.topology = topology;
        this.counts = counts;
        for (Subtopology subtopology : topology.subtopologies()) {
            for (InternalTopic topic : subtopology.repartitionSources()) {
                (topic.partitions() == InternalTopic.ANY ? flexible : fixed).add(topic.name());
            }
        }
    }

    void enforce() throws WrongTopicsException, InvalidTopologyException {
        for (Subtopology subtopology : topology.subtopologies()) {
            for (CopartitionGroup group : subtopology.copartitionGroups()) {
                enforce(subtopology, group);
            }
        }
    }

    private void enforce(Subtopology subtopology, CopartitionGroup group)
            throws WrongTopicsException, InvalidTopologyException {
        SortedMap<String, Integer> repartition = new TreeMap<>();
        SortedMap<String, Integer> others = new TreeMap<>();
        for (short index : group.sourceTopics()) {
            String topic = at(subtopology, subtopology.sourceTopics(), index);
            boolean isRepartition = fixed.contains(topic) || flexible.contains(topic);
            (isRepartition ? repartition : others).put(topic, counts.get(topic));
        }
        for (short index : group.repartitionSources()) {
            String topic =
                    at(subtopology, subtopology.repartitionSources(), index).name();
            repartition.put(topic, counts.get(topic));
        }
        if (repartition.isEmpty() && others.isEmpty()) {
            return;
        }
        int common = others.isEmpty() ? ofRepartition(repartition) : same(others);
        for (Map.Entry<String, Integer> topic : repartition.entrySet()) {
            if (fixed.contains(topic.getKey()) && topic.getValue() != common) {
                throw new WrongTopicsException(
                        ProblemKind.INCORRECTLY_PARTITIONED_TOPICS,
                        "Number of partitions [" + topic.getValue() + "] of repartition topic [" + topic.getKey()
                                + "] doesn't match number of partitions [" + common + "] of the source topic.");
            }
            counts.decide(topic.getKey(), common);
        }
    }

    private static <T> T at(Subtopology subtopology, List<T> topics, short index) throws InvalidTopologyException {
        if (index < 0 || index >= topics.size()) {
            throw new InvalidTopologyException(
                    "A copartition group of subtopology " + subtopology.id() + " names a topic that is not there.");
        }
        return topics.get(index);
    }

    /** The number that the application has chosen, or else the greatest. */
    private int ofRepartition(SortedMap<String, Integer> repartition) throws WrongTopicsException {
        SortedMap<String, Integer> chosen = new TreeMap<>(repartition);
        chosen.keySet().retainAll(fixed);
        return chosen.isEmpty() ? Collections.max(repartition.values()) : same(chosen);
    }

    private static int same(SortedMap<String, Integer> topics) throws WrongTopicsException {
        int most = Collections.max(topics.values());
        if (most != Collections.min(topics.values())) {
            throw differ(topics);
        }
        return most;
    }

    private static WrongTopicsException differ(SortedMap<String, Integer> topics) {
        return new WrongTopicsException(
                ProblemKind.INCORRECTLY_PARTITIONED_TOPICS,
                "Following topics do not have the same number of partitions: [" + topics + "]");
    }
}
