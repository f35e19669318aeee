package io.penstock.core.group.streams;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topology measured against the topics that there are: how many tasks each subtopology has, which internal topics are missing, what
 * is wrong. Immutable.
 *
 * @param topologyEpoch of the topology that was planned
 * @param catalogVersion version of the catalog of topics for which it holds
 * @param subtopologies by id; empty if source topics keep it from being planned
 * @param missing internal topics that have still to be made
 * @param problem why nothing can be assigned; null if all topics are there as they must be
 */
public record TopologyPlan(
        int topologyEpoch,
        long catalogVersion,
        SortedMap<String, PlannedSubtopology> subtopologies,
        List<PlannedTopic> missing,
        @Nullable Problem problem) {
    public TopologyPlan {
        subtopologies = Collections.unmodifiableSortedMap(new TreeMap<>(subtopologies));
        missing = List.copyOf(missing);
    }

    /** Whether tasks can be assigned. */
    public boolean isReady() {
        return problem == null;
    }

    /** The same for another version of the catalog, of which the plan's topics are the same. */
    public TopologyPlan at(long newCatalogVersion) {
        return new TopologyPlan(topologyEpoch, newCatalogVersion, subtopologies, missing, problem);
    }

    /** What keeps tasks from being assigned, by its code in the protocol. */
    public enum ProblemKind {
        MISSING_SOURCE_TOPICS(1),
        INCORRECTLY_PARTITIONED_TOPICS(2),
        MISSING_INTERNAL_TOPICS(3);

        private final byte statusCode;

        ProblemKind(int statusCode) {
            this.statusCode = (byte) statusCode;
        }

        public byte statusCode() {
            return statusCode;
        }
    }

    /** What keeps tasks from being assigned, as members are told. */
    public record Problem(ProblemKind kind, String detail) {}

    /**
     * A subtopology with all its numbers.
     *
     * @param taskCount tasks are numbered from 0
     */
    public record PlannedSubtopology(
            int taskCount,
            List<String> sourceTopics,
            List<PlannedTopic> repartitionSources,
            List<String> repartitionSinks,
            List<PlannedTopic> stateChangelogs) {
        public PlannedSubtopology {
            sourceTopics = List.copyOf(sourceTopics);
            repartitionSources = List.copyOf(repartitionSources);
            repartitionSinks = List.copyOf(repartitionSinks);
            stateChangelogs = List.copyOf(stateChangelogs);
        }

        /** Whether its tasks have state that standby tasks can copy. */
        public boolean isStateful() {
            return !stateChangelogs.isEmpty();
        }
    }

    /**
     * An internal topic as it is or has to be.
     *
     * @param replicationFactor 0 for the broker's default
     */
    public record PlannedTopic(
            String name, int partitions, short replicationFactor, SortedMap<String, String> configs) {
        public PlannedTopic {
            configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
        }
    }
}
