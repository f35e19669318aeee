package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Decides one AlterPartitionReassignments request: each partition on its own. A partition keeps to replicas that it has, in any order,
 * and that is done at once: so no reassignment is ever under way. It cannot get a replica that it has not, because nothing would copy
 * the records there. Pure; one object for one request.
 */
final class PartitionReassignment {
    private final MetadataImage image;
    private final List<MetadataRecord> records = new ArrayList<>();

    PartitionReassignment(MetadataImage image) {
        this.image = image;
    }

    Decision<AlterPartitionReassignmentsResponseData> decide(AlterPartitionReassignmentsRequestData request) {
        AlterPartitionReassignmentsResponseData response = new AlterPartitionReassignmentsResponseData()
                .setErrorMessage(null)
                .setAllowReplicationFactorChange(request.allowReplicationFactorChange());
        for (ReassignableTopic asked : request.topics()) {
            ReassignableTopicResponse answers = new ReassignableTopicResponse().setName(asked.name());
            for (ReassignablePartition partition : asked.partitions()) {
                ApiError error = decide(asked.name(), partition, request.allowReplicationFactorChange());
                answers.partitions()
                        .add(new ReassignablePartitionResponse()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.error().code())
                                .setErrorMessage(error.message()));
            }
            response.responses().add(answers);
        }
        return new Decision<>(records, response);
    }

    private ApiError decide(String name, ReassignablePartition asked, boolean mayChangeFactor) {
        TopicImage topic = image.topic(name);
        if (topic == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "Unable to find a topic named " + name + ".");
        }
        int index = asked.partitionIndex();
        if (index < 0 || index >= topic.partitions().size()) {
            return new ApiError(
                    Errors.UNKNOWN_TOPIC_OR_PARTITION, "Unable to find partition " + name + ":" + index + ".");
        }
        List<Integer> target = asked.replicas();
        if (target == null) {
            return new ApiError(Errors.NO_REASSIGNMENT_IN_PROGRESS, null);
        }
        PartitionImage partition = topic.partitions().get(index);
        ApiError error = check(target, partition, mayChangeFactor);
        if (!error.isFailure() && !target.equals(partition.replicas())) {
            records.add(moved(partition, target));
        }
        return error;
    }

    private ApiError check(List<Integer> target, PartitionImage partition, boolean mayChangeFactor) {
        if (target.isEmpty()) {
            return invalid("The manual partition assignment includes an empty replica list.");
        }
        Set<Integer> seen = new HashSet<>();
        for (int nodeId : target.stream().sorted().toList()) {
            if (image.broker(nodeId) == null) {
                return invalid("The manual partition assignment includes broker " + nodeId
                        + ", but no such broker is registered.");
            }
            if (!seen.add(nodeId)) {
                return invalid("The manual partition assignment includes the broker " + nodeId + " more than once.");
            }
        }
        if (!mayChangeFactor && target.size() != partition.replicas().size()) {
            return new ApiError(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "The replication factor is changed from "
                            + partition.replicas().size() + " to " + target.size());
        }
        return checkMove(target, partition);
    }

    private static ApiError checkMove(List<Integer> target, PartitionImage partition) {
        for (int nodeId : target) {
            if (!partition.replicas().contains(nodeId)) {
                return invalid("Partition " + partition.id().index() + " has no replica on broker " + nodeId
                        + ", and this release does not copy records between brokers.");
            }
        }
        return leaderAmong(target, partition) == null
                ? invalid("None of the brokers " + target + " is in sync with the leader.")
                : ApiError.NONE;
    }

    private static PartitionChanged moved(PartitionImage partition, List<Integer> target) {
        Integer leader = leaderAmong(target, partition);
        boolean isSameLeader = leader != null && leader == partition.leader();
        return new PartitionChanged(
                partition.id().topicId(),
                partition.id().index(),
                leader == null ? -1 : leader,
                isSameLeader ? partition.leaderEpoch() : partition.leaderEpoch() + 1,
                partition.partitionEpoch() + 1,
                target,
                partition.isr().stream().filter(target::contains).toList());
    }

    /** The leader stays if it may; else the first of the new replicas that is in sync. */
    private static @Nullable Integer leaderAmong(List<Integer> target, PartitionImage partition) {
        return target.contains(partition.leader())
                ? Integer.valueOf(partition.leader())
                : target.stream().filter(partition.isr()::contains).findFirst().orElse(null);
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REPLICA_ASSIGNMENT, message);
    }
}
