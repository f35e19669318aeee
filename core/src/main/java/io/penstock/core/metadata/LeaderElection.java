package io.penstock.core.metadata;

import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/** Decides one ElectLeaders request: each partition on its own. Pure; one object for one request. */
public final class LeaderElection {
    private final MetadataImage image;
    private final List<MetadataRecord> records = new ArrayList<>();

    LeaderElection(MetadataImage image) {
        this.image = image;
    }

    Decision<ElectLeadersResponseData> decide(ElectLeadersRequestData request) {
        ElectionType type = typeOf(request.electionType());
        if (type == null) {
            return Decision.unchanged(refused(
                    request, new ApiError(Errors.INVALID_REQUEST, "Unknown election type " + request.electionType())));
        }
        ElectLeadersResponseData response = new ElectLeadersResponseData();
        if (request.topicPartitions() == null) {
            image.topics().forEach(topic -> response.replicaElectionResults().add(electAll(topic, type)));
        } else {
            for (TopicPartitions asked : request.topicPartitions()) {
                response.replicaElectionResults().add(elect(asked, type));
            }
        }
        return new Decision<>(records, response);
    }

    /** An answer to a request of which nothing was done. */
    public static ElectLeadersResponseData refused(ElectLeadersRequestData request, ApiError error) {
        ElectLeadersResponseData response =
                new ElectLeadersResponseData().setErrorCode(error.error().code());
        if (request.topicPartitions() != null) {
            for (TopicPartitions asked : request.topicPartitions()) {
                ReplicaElectionResult results = new ReplicaElectionResult().setTopic(asked.topic());
                asked.partitions().forEach(index -> results.partitionResult().add(result(index, error)));
                response.replicaElectionResults().add(results);
            }
        }
        return response;
    }

    private static @Nullable ElectionType typeOf(byte id) {
        for (ElectionType type : ElectionType.values()) {
            if (type.value == id) {
                return type;
            }
        }
        return null;
    }

    /** Partitions that need no election are not told, since there may be many. */
    private ReplicaElectionResult electAll(TopicImage topic, ElectionType type) {
        ReplicaElectionResult results = new ReplicaElectionResult().setTopic(topic.name());
        for (PartitionImage partition : topic.partitions()) {
            ApiError error = elect(partition, type);
            if (error.error() != Errors.ELECTION_NOT_NEEDED) {
                results.partitionResult().add(result(partition.id().index(), error));
            }
        }
        return results;
    }

    private ReplicaElectionResult elect(TopicPartitions asked, ElectionType type) {
        ReplicaElectionResult results = new ReplicaElectionResult().setTopic(asked.topic());
        TopicImage topic = image.topic(asked.topic());
        for (int index : asked.partitions()) {
            results.partitionResult().add(result(index, elect(topic, asked.topic(), index, type)));
        }
        return results;
    }

    private ApiError elect(@Nullable TopicImage topic, String name, int index, ElectionType type) {
        if (topic == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "No such topic as " + name);
        }
        if (index < 0 || index >= topic.partitions().size()) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "No such partition as " + name + "-" + index);
        }
        return elect(topic.partitions().get(index), type);
    }

    private ApiError elect(PartitionImage partition, ElectionType type) {
        return type == ElectionType.PREFERRED ? electPreferred(partition) : electUnclean(partition);
    }

    private ApiError electPreferred(PartitionImage partition) {
        int preferred = partition.replicas().get(0);
        if (partition.leader() == preferred) {
            return new ApiError(Errors.ELECTION_NOT_NEEDED);
        }
        if (!partition.isr().contains(preferred) || !isAlive(preferred)) {
            return new ApiError(Errors.PREFERRED_LEADER_NOT_AVAILABLE);
        }
        records.add(led(partition, preferred, partition.isr()));
        return ApiError.NONE;
    }

    /** Only for a partition without leader: a replica that is in sync if one is alive, else any that is, which loses records. */
    private ApiError electUnclean(PartitionImage partition) {
        if (partition.leader() >= 0) {
            return new ApiError(Errors.ELECTION_NOT_NEEDED);
        }
        Optional<Integer> inSync =
                partition.isr().stream().filter(this::isAlive).findFirst();
        Optional<Integer> any =
                partition.replicas().stream().filter(this::isAlive).findFirst();
        if (inSync.isPresent()) {
            records.add(led(partition, inSync.get(), partition.isr()));
        } else if (any.isPresent()) {
            records.add(led(partition, any.get(), List.of(any.get())));
        } else {
            return new ApiError(Errors.ELIGIBLE_LEADERS_NOT_AVAILABLE);
        }
        return ApiError.NONE;
    }

    private boolean isAlive(int nodeId) {
        BrokerImage broker = image.broker(nodeId);
        return broker != null && !broker.fenced();
    }

    private static PartitionChanged led(PartitionImage partition, int leader, List<Integer> isr) {
        return new PartitionChanged(
                partition.id().topicId(),
                partition.id().index(),
                leader,
                partition.leaderEpoch() + 1,
                partition.partitionEpoch() + 1,
                partition.replicas(),
                isr);
    }

    private static PartitionResult result(int index, ApiError error) {
        return new PartitionResult()
                .setPartitionId(index)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null);
    }
}
