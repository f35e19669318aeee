package io.penstock.core.group.streams;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.Config;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import io.penstock.core.group.streams.TopologyPlan.PlannedSubtopology;
import io.penstock.core.group.streams.TopologyPlan.PlannedTopic;
import io.penstock.core.group.streams.TopologyPlan.Problem;
import io.penstock.core.group.streams.TopologyPlan.ProblemKind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Measures a topology against the topics that there are: source topics must exist, repartition topics get their numbers of partitions,
 * joined topics must have equal ones, changelogs follow; what exists must fit, what does not is to be made. Stateless.
 */
public final class TopologyPlanner {
    private static final int MAX_NAMES_TOLD = 3;

    private TopologyPlanner() {}

    /**
     * The plan for the topics as they are now.
     *
     * @throws InvalidTopologyException no topics could make it work
     */
    public static TopologyPlan plan(StreamsTopology topology, TopicCatalog catalog) throws InvalidTopologyException {
        SortedMap<String, PlannedSubtopology> planned = new TreeMap<>();
        List<PlannedTopic> missing = List.of();
        Problem problem = null;
        try {
            requireSources(topology, catalog);
            PartitionCounts counts = new PartitionCounts(topology, catalog);
            counts.decideRepartitionTopics();
            new Copartitioning(topology, counts).enforce();
            counts.decideChangelogs();
            for (Subtopology subtopology : topology.subtopologies()) {
                if (planned.put(subtopology.id(), planned(subtopology, counts)) != null) {
                    throw new InvalidTopologyException("Subtopology " + subtopology.id() + " is there twice.");
                }
            }
            missing = missing(planned.values(), catalog);
            problem = missing.isEmpty() ? null : missingInternal(missing);
        } catch (WrongTopicsException e) {
            planned.clear();
            problem = e.problem();
        }
        return new TopologyPlan(topology.epoch(), catalog.version(), planned, missing, problem);
    }

    /** All topics that a topology needs to be there. */
    public static SortedSet<String> topics(StreamsTopology topology) {
        SortedSet<String> topics = new TreeSet<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            topics.addAll(subtopology.sourceTopics());
            subtopology.repartitionSources().forEach(topic -> topics.add(topic.name()));
            subtopology.stateChangelogs().forEach(topic -> topics.add(topic.name()));
        }
        return topics;
    }

    private static void requireSources(StreamsTopology topology, TopicCatalog catalog) throws WrongTopicsException {
        SortedSet<String> missing = new TreeSet<>();
        for (Subtopology subtopology : topology.subtopologies()) {
            for (String topic : subtopology.sourceTopics()) {
                if (catalog.topic(topic) == null) {
                    missing.add(topic);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new WrongTopicsException(
                    ProblemKind.MISSING_SOURCE_TOPICS, "Source topics " + some(missing) + " are missing.");
        }
    }

    private static PlannedSubtopology planned(Subtopology subtopology, PartitionCounts counts)
            throws InvalidTopologyException {
        return new PlannedSubtopology(
                counts.taskCount(subtopology),
                subtopology.sourceTopics(),
                planned(subtopology.repartitionSources(), counts),
                subtopology.repartitionSinks(),
                planned(subtopology.stateChangelogs(), counts));
    }

    private static List<PlannedTopic> planned(List<InternalTopic> topics, PartitionCounts counts)
            throws InvalidTopologyException {
        List<PlannedTopic> planned = new ArrayList<>();
        for (InternalTopic topic : topics) {
            SortedMap<String, String> configs = new TreeMap<>();
            for (Config config : topic.configs()) {
                configs.put(config.key(), config.value());
            }
            planned.add(new PlannedTopic(topic.name(), counts.wanted(topic), topic.replicationFactor(), configs));
        }
        return planned;
    }

    private static List<PlannedTopic> missing(Collection<PlannedSubtopology> subtopologies, TopicCatalog catalog)
            throws WrongTopicsException {
        Map<String, PlannedTopic> wanted = new LinkedHashMap<>();
        for (PlannedSubtopology subtopology : subtopologies) {
            subtopology.repartitionSources().forEach(topic -> wanted.put(topic.name(), topic));
            subtopology.stateChangelogs().forEach(topic -> wanted.put(topic.name(), topic));
        }
        List<PlannedTopic> missing = new ArrayList<>();
        for (PlannedTopic topic : wanted.values()) {
            KnownTopic known = catalog.topic(topic.name());
            if (known == null) {
                missing.add(topic);
            } else if (known.partitionCount() != topic.partitions()) {
                throw new WrongTopicsException(
                        ProblemKind.INCORRECTLY_PARTITIONED_TOPICS,
                        "Existing topic " + topic.name() + " has different number of partitions: expected "
                                + topic.partitions() + ", found " + known.partitionCount());
            }
        }
        return missing;
    }

    private static Problem missingInternal(List<PlannedTopic> missing) {
        return new Problem(
                ProblemKind.MISSING_INTERNAL_TOPICS,
                "Internal topics are missing: "
                        + some(missing.stream().map(PlannedTopic::name).toList()));
    }

    private static String some(Collection<String> names) {
        String told = names.stream().limit(MAX_NAMES_TOLD).collect(Collectors.joining(", "));
        int more = names.size() - MAX_NAMES_TOLD;
        return more > 0 ? told + " and " + more + " additional topics" : told;
    }
}
