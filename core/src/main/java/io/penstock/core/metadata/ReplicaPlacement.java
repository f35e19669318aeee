package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Decides where the replicas of new partitions live. Pure. */
final class ReplicaPlacement {
    private ReplicaPlacement() {}

    /**
     * Placements, or why there are none.
     *
     * @param error {@link ApiError#NONE} if {@code placements} hold
     * @param placements one for each new partition, in order
     */
    record Result(ApiError error, List<Placement> placements) {
        boolean isRefused() {
            return error.isFailure();
        }

        static Result refused(Errors error, String message) {
            return new Result(new ApiError(error, message), List.of());
        }
    }

    /**
     * Spreads partitions over the brokers that are up: each next one begins at the next broker, so that leaders and followers are
     * even. Where the first one begins depends on the topic.
     *
     * @param firstIndex index of the first new partition
     */
    static Result spread(MetadataImage image, Uuid topicId, int firstIndex, int count, int replicationFactor) {
        List<Integer> alive = image.brokers().stream()
                .filter(broker -> !broker.fenced())
                .map(BrokerImage::nodeId)
                .toList();
        if (alive.isEmpty()) {
            return Result.refused(Errors.INVALID_REPLICATION_FACTOR, "All brokers are currently fenced.");
        }
        if (replicationFactor > alive.size()) {
            return Result.refused(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "The target replication factor of " + replicationFactor + " cannot be reached because only "
                            + alive.size() + " broker(s) are registered.");
        }
        List<Placement> cycle = new ArrayList<>(alive.size());
        for (int first = 0; first < alive.size(); first++) {
            List<Integer> rotated = new ArrayList<>(alive);
            Collections.rotate(rotated, -first);
            List<Integer> replicas = rotated.subList(0, replicationFactor);
            cycle.add(new Placement(replicas, replicas));
        }
        int start = Math.floorMod(topicId.hashCode() + firstIndex, cycle.size());
        List<Placement> placements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            placements.add(cycle.get((start + i) % cycle.size()));
        }
        return new Result(ApiError.NONE, placements);
    }

    /**
     * Takes the replicas that a client named.
     *
     * @param assignments node ids for each new partition, in order
     * @param firstIndex index of the first new partition
     * @param replicationFactor what every partition must have; 0 takes that of the first assignment
     */
    static Result manual(MetadataImage image, List<List<Integer>> assignments, int firstIndex, int replicationFactor) {
        List<Placement> placements = new ArrayList<>(assignments.size());
        int expected = replicationFactor;
        for (List<Integer> replicas : assignments) {
            ApiError error = check(image, replicas, expected);
            if (error.isFailure()) {
                return new Result(error, List.of());
            }
            List<Integer> isr =
                    replicas.stream().filter(id -> isAlive(image, id)).toList();
            if (isr.isEmpty()) {
                return Result.refused(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "All brokers specified in the manual partition assignment for partition "
                                + (firstIndex + placements.size()) + " are fenced or in controlled shutdown.");
            }
            placements.add(new Placement(replicas, isr));
            expected = replicas.size();
        }
        return new Result(ApiError.NONE, placements);
    }

    private static ApiError check(MetadataImage image, List<Integer> replicas, int expectedCount) {
        if (replicas.isEmpty()) {
            return invalid("an empty replica list.");
        }
        Set<Integer> seen = new HashSet<>();
        for (int nodeId : replicas) {
            if (image.broker(nodeId) == null) {
                return invalid("broker " + nodeId + ", but no such broker is registered.");
            }
            if (!seen.add(nodeId)) {
                return invalid("the broker " + nodeId + " more than once.");
            }
        }
        if (expectedCount > 0 && replicas.size() != expectedCount) {
            return invalid("a partition with " + replicas.size() + " replica(s), but this is not consistent with "
                    + "previous partitions, which have " + expectedCount + " replica(s).");
        }
        return ApiError.NONE;
    }

    private static ApiError invalid(String what) {
        return new ApiError(Errors.INVALID_REPLICA_ASSIGNMENT, "The manual partition assignment includes " + what);
    }

    private static boolean isAlive(MetadataImage image, int nodeId) {
        BrokerImage broker = image.broker(nodeId);
        return broker != null && !broker.fenced();
    }
}
