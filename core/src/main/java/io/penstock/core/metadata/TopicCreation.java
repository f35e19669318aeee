package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.dynamic.AlterOutcome;
import io.penstock.config.dynamic.AlterOutcome.Refused;
import io.penstock.config.dynamic.TopicAlteration;
import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/**
 * Decides one CreateTopics request: each topic on its own, with Kafka's rules, error codes and messages. Pure; one object for one
 * request.
 */
final class TopicCreation {
    /** As in Apache Kafka: more at once would be one too large step for the metadata log. */
    static final int MAX_PARTITIONS_PER_REQUEST = 10_000;

    private final MetadataImage image;
    private final BrokerConfig config;
    private final Supplier<Uuid> ids;
    private final MutationQuota quota;
    private final ConfigLimits limits = new ConfigLimits();
    private final List<MetadataRecord> records = new ArrayList<>();
    private final Set<String> unifiedNames = new HashSet<>();
    /** Ten thousand topics of one request mostly have the same settings. */
    private final Map<Map<String, String>, Resolved> resolved = new HashMap<>();

    /** What a topic's own settings lead to. */
    private record Resolved(ApiError error, List<CreatableTopicConfigs> description) {}

    TopicCreation(MetadataImage image, BrokerConfig config, Supplier<Uuid> ids, MutationQuota quota) {
        this.image = image;
        this.config = config;
        this.ids = ids;
        this.quota = quota;
    }

    Decision<CreateTopicsResponseData> decide(CreateTopicsRequestData request) {
        CreateTopicsResponseData response = new CreateTopicsResponseData();
        Set<String> duplicates = Duplicates.of(request.topics(), CreatableTopic::name);
        boolean isTooMuch = isTooMuch(request);
        Set<String> answered = new HashSet<>();
        for (CreatableTopic topic : request.topics()) {
            if (!duplicates.contains(topic.name())) {
                response.topics().add(isTooMuch ? refused(topic.name(), TOO_MUCH) : decide(topic));
            } else if (answered.add(topic.name())) {
                response.topics().add(refused(topic.name(), DUPLICATE));
            }
        }
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    private static final ApiError TOO_MUCH =
            new ApiError(Errors.POLICY_VIOLATION, "Excessively large number of partitions per request.");
    private static final ApiError DUPLICATE = new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.");

    private boolean isTooMuch(CreateTopicsRequestData request) {
        long total = 0;
        for (CreatableTopic topic : request.topics()) {
            if (!topic.assignments().isEmpty()) {
                total += topic.assignments().size();
            } else {
                total += topic.numPartitions() == -1 ? defaultPartitions() : Math.max(0, topic.numPartitions());
            }
        }
        return total > MAX_PARTITIONS_PER_REQUEST;
    }

    /** Decides one topic; the names of a request differ. */
    private CreatableTopicResult decide(CreatableTopic topic) {
        ApiError nameError = checkName(topic.name());
        if (nameError.isFailure()) {
            return refused(topic.name(), nameError);
        }
        Map<String, String> overrides = new HashMap<>();
        ApiError configError = readConfigs(topic, overrides);
        if (configError.isFailure()) {
            return refused(topic.name(), configError);
        }
        Resolved settings = resolved.computeIfAbsent(overrides, this::resolve);
        if (settings.error.isFailure()) {
            return refused(topic.name(), settings.error);
        }
        Uuid id = ids.get();
        ReplicaPlacement.Result placed = place(topic, id);
        if (placed.isRefused()) {
            return refused(topic.name(), placed.error());
        }
        if (!quota.tryTake(placed.placements().size())) {
            return refused(topic.name(), new ApiError(Errors.THROTTLING_QUOTA_EXCEEDED));
        }
        unifiedNames.add(Topic.unifyCollisionChars(topic.name()));
        addRecords(topic.name(), id, overrides, placed.placements());
        return created(topic.name(), id, settings, placed.placements());
    }

    private ApiError checkName(String name) {
        if (name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
            return new ApiError(
                    Errors.INVALID_REQUEST,
                    "Creation of internal topic " + Topic.CLUSTER_METADATA_TOPIC_NAME + " is prohibited.");
        }
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            return new ApiError(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
        if (image.topic(name) != null) {
            return new ApiError(Errors.TOPIC_ALREADY_EXISTS, "Topic '" + name + "' already exists.");
        }
        String colliding = image.topicColliding(name);
        if (colliding == null && unifiedNames.contains(Topic.unifyCollisionChars(name))) {
            colliding = "one of the same request";
        }
        return colliding == null
                ? ApiError.NONE
                : new ApiError(
                        Errors.INVALID_TOPIC_EXCEPTION,
                        "Topic '" + name + "' collides with existing topic: " + colliding);
    }

    private ApiError readConfigs(CreatableTopic topic, Map<String, String> overrides) {
        List<String> nulls = new ArrayList<>();
        for (CreatableTopicConfig entry : topic.configs()) {
            if (entry.value() == null) {
                nulls.add(entry.name());
            } else {
                overrides.put(entry.name(), entry.value());
            }
        }
        if (!nulls.isEmpty()) {
            return new ApiError(
                    Errors.INVALID_CONFIG, "Null value not supported for topic configs: " + String.join(",", nulls));
        }
        return limits.admit(overrides);
    }

    private Resolved resolve(Map<String, String> overrides) {
        AlterOutcome outcome = TopicAlteration.replace(overrides, config);
        return outcome instanceof Refused refused
                ? new Resolved(new ApiError(Errors.INVALID_CONFIG, refused.message()), List.of())
                : new Resolved(ApiError.NONE, ConfigDescriptions.ofNewTopic(overrides, config));
    }

    private ReplicaPlacement.Result place(CreatableTopic topic, Uuid id) {
        if (!topic.assignments().isEmpty()) {
            return placeManually(topic);
        }
        if (topic.replicationFactor() < -1 || topic.replicationFactor() == 0) {
            return ReplicaPlacement.Result.refused(
                    Errors.INVALID_REPLICATION_FACTOR,
                    "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (topic.numPartitions() < -1 || topic.numPartitions() == 0) {
            return ReplicaPlacement.Result.refused(
                    Errors.INVALID_PARTITIONS, "Number of partitions was set to an invalid non-positive value.");
        }
        int partitions = topic.numPartitions() == -1 ? defaultPartitions() : topic.numPartitions();
        int replicas = topic.replicationFactor() == -1
                ? config.get(BrokerSettings.DEFAULT_REPLICATION_FACTOR)
                : topic.replicationFactor();
        ReplicaPlacement.Result placed = ReplicaPlacement.spread(image, id, 0, partitions, replicas);
        return placed.isRefused()
                ? ReplicaPlacement.Result.refused(
                        placed.error().error(),
                        "Unable to replicate the partition " + replicas + " time(s): "
                                + placed.error().message())
                : placed;
    }

    private ReplicaPlacement.Result placeManually(CreatableTopic topic) {
        if (topic.replicationFactor() != -1) {
            return ReplicaPlacement.Result.refused(
                    Errors.INVALID_REQUEST,
                    "A manual partition assignment was specified, but replication factor was not set to -1.");
        }
        if (topic.numPartitions() != -1) {
            return ReplicaPlacement.Result.refused(
                    Errors.INVALID_REQUEST,
                    "A manual partition assignment was specified, but numPartitions was not set to -1.");
        }
        TreeMap<Integer, List<Integer>> byIndex = new TreeMap<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            if (byIndex.put(assignment.partitionIndex(), assignment.brokerIds()) != null) {
                return ReplicaPlacement.Result.refused(
                        Errors.INVALID_REPLICA_ASSIGNMENT,
                        "Found multiple manual partition assignments for partition " + assignment.partitionIndex());
            }
        }
        if (byIndex.firstKey() != 0 || byIndex.lastKey() != byIndex.size() - 1) {
            return ReplicaPlacement.Result.refused(
                    Errors.INVALID_REPLICA_ASSIGNMENT, "partitions should be a consecutive 0-based integer sequence");
        }
        return ReplicaPlacement.manual(image, List.copyOf(byIndex.values()), 0, 0);
    }

    private int defaultPartitions() {
        return config.get(BrokerSettings.NUM_PARTITIONS);
    }

    private void addRecords(String name, Uuid id, Map<String, String> overrides, List<Placement> placements) {
        records.add(new TopicCreated(name, id));
        overrides.forEach((key, value) -> records.add(new ConfigChanged(ConfigScope.TOPIC, name, key, value)));
        records.add(new PartitionsAdded(id, 0, placements));
    }

    private static CreatableTopicResult created(String name, Uuid id, Resolved settings, List<Placement> placements) {
        return new CreatableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorMessage(null)
                .setNumPartitions(placements.size())
                .setReplicationFactor((short) placements.get(0).replicas().size())
                .setConfigs(settings.description);
    }

    private static CreatableTopicResult refused(String name, ApiError error) {
        return new CreatableTopicResult()
                .setName(name)
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message());
    }
}
