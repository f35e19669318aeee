package io.penstock.core.metadata;

import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Decides one CreatePartitions request: each topic on its own. Pure; one object for one request. */
final class PartitionCreation {
    private final MetadataImage image;
    private final MutationQuota quota;
    private final List<MetadataRecord> records = new ArrayList<>();
    private int addedCount;

    PartitionCreation(MetadataImage image, MutationQuota quota) {
        this.image = image;
        this.quota = quota;
    }

    Decision<CreatePartitionsResponseData> decide(CreatePartitionsRequestData request) {
        CreatePartitionsResponseData response = new CreatePartitionsResponseData();
        Set<String> duplicates = Duplicates.of(request.topics(), CreatePartitionsTopic::name);
        Set<String> answered = new HashSet<>();
        for (CreatePartitionsTopic topic : request.topics()) {
            if (!duplicates.contains(topic.name())) {
                response.results().add(result(topic, decide(topic)));
            } else if (answered.add(topic.name())) {
                response.results().add(result(topic, new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.")));
            }
        }
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    private ApiError decide(CreatePartitionsTopic request) {
        TopicImage topic = image.topic(request.name());
        if (topic == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        int existing = topic.partitions().size();
        ApiError countError = checkCount(request, existing);
        if (countError.isFailure()) {
            return countError;
        }
        int additional = request.count() - existing;
        if (request.assignments() != null && request.assignments().size() != additional) {
            return new ApiError(
                    Errors.INVALID_REPLICA_ASSIGNMENT,
                    "Attempted to add " + additional + " additional partition(s), but only "
                            + request.assignments().size() + " assignment(s) were specified.");
        }
        if (addedCount + (long) additional > TopicCreation.MAX_PARTITIONS_PER_REQUEST) {
            return new ApiError(Errors.POLICY_VIOLATION, "Excessively large number of partitions per request.");
        }
        if (!quota.tryTake(additional)) {
            return new ApiError(Errors.THROTTLING_QUOTA_EXCEEDED);
        }
        ReplicaPlacement.Result placed = place(request, topic, additional);
        if (!placed.isRefused()) {
            addedCount += additional;
            records.add(new PartitionsAdded(topic.id(), existing, placed.placements()));
        }
        return placed.error();
    }

    private static ApiError checkCount(CreatePartitionsTopic request, int existing) {
        if (request.count() == existing) {
            return new ApiError(Errors.INVALID_PARTITIONS, "Topic already has " + existing + " partition(s).");
        }
        if (request.count() < existing) {
            return new ApiError(
                    Errors.INVALID_PARTITIONS,
                    "The topic " + request.name() + " currently has " + existing + " partition(s); " + request.count()
                            + " would not be an increase.");
        }
        return ApiError.NONE;
    }

    private ReplicaPlacement.Result place(CreatePartitionsTopic request, TopicImage topic, int additional) {
        int first = topic.partitions().size();
        int replicationFactor = topic.partitions().get(0).replicas().size();
        if (request.assignments() == null) {
            return ReplicaPlacement.spread(image, topic.id(), first, additional, replicationFactor);
        }
        List<List<Integer>> assignments = request.assignments().stream()
                .map(CreatePartitionsAssignment::brokerIds)
                .toList();
        return ReplicaPlacement.manual(image, assignments, first, replicationFactor);
    }

    private static CreatePartitionsTopicResult result(CreatePartitionsTopic topic, ApiError error) {
        return new CreatePartitionsTopicResult()
                .setName(topic.name())
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
