package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.dynamic.AlterOutcome;
import io.penstock.config.dynamic.BrokerAlteration;
import io.penstock.config.dynamic.BrokerAlteration.Scope;
import io.penstock.config.dynamic.ClientMetricsAlteration;
import io.penstock.config.dynamic.ConfigOp;
import io.penstock.config.dynamic.GroupAlteration;
import io.penstock.config.dynamic.TopicAlteration;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** What may be configured of each kind of resource, and which names resources of that kind may have. Pure. */
final class ConfigRules {
    private final BrokerConfig config;

    ConfigRules(BrokerConfig config) {
        this.config = config;
    }

    /** Whether a resource may have that name; not whether it exists. */
    ApiError checkName(ConfigScope scope, String name) {
        return switch (scope) {
            case TOPIC -> checkTopicName(name);
            case BROKER ->
                name.isEmpty() ? ApiError.NONE : ResourceTypes.checkBrokerId("Node id", name, config.nodeId(), "");
            case GROUP -> notEmpty(name, "Default group resources are not allowed.");
            case CLIENT_METRICS -> notEmpty(name, "Subscription name can't be empty");
        };
    }

    private static ApiError checkTopicName(String name) {
        if (name.isEmpty()) {
            return new ApiError(Errors.INVALID_REQUEST, "Default topic resources are not allowed.");
        }
        try {
            Topic.validate(name);
            return ApiError.NONE;
        } catch (InvalidTopicException e) {
            return new ApiError(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
    }

    private static ApiError notEmpty(String name, String message) {
        return name.isEmpty() ? new ApiError(Errors.INVALID_REQUEST, message) : ApiError.NONE;
    }

    /** Decides the older AlterConfigs: exactly these values shall be set. */
    AlterOutcome replace(ConfigScope scope, String name, Map<String, String> values) {
        return switch (scope) {
            case TOPIC -> TopicAlteration.replace(values, config);
            case BROKER -> BrokerAlteration.replace(config, brokers(name), values);
            case GROUP -> GroupAlteration.replace(values, config);
            case CLIENT_METRICS -> ClientMetricsAlteration.replace(values);
        };
    }

    /**
     * Decides IncrementalAlterConfigs for one resource.
     *
     * @param current what is set for it now
     */
    AlterOutcome alter(ConfigScope scope, String name, Map<String, String> current, List<ConfigOp> ops) {
        return switch (scope) {
            case TOPIC -> TopicAlteration.alter(current, ops, config);
            case BROKER -> BrokerAlteration.alter(config, brokers(name), ops);
            case GROUP -> GroupAlteration.alter(current, ops, config);
            case CLIENT_METRICS -> ClientMetricsAlteration.alter(current, ops);
        };
    }

    private static Scope brokers(String name) {
        return name.isEmpty() ? Scope.CLUSTER : Scope.BROKER;
    }
}
