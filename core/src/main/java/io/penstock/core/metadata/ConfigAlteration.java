package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.dynamic.AlterOutcome;
import io.penstock.config.dynamic.AlterOutcome.Accepted;
import io.penstock.config.dynamic.AlterOutcome.Reason;
import io.penstock.config.dynamic.AlterOutcome.Refused;
import io.penstock.config.dynamic.ConfigOp;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * Decides changes of the configuration of topics, brokers, groups and client metrics. All of one resource's changes are accepted or
 * none; resources are independent of each other. Pure; one object for one request.
 */
final class ConfigAlteration {
    /** Every client is matched against every subscription. */
    static final int MAX_SUBSCRIPTIONS = 1_000;

    private static final ApiError TWICE =
            new ApiError(Errors.INVALID_REQUEST, "Each resource must appear at most once.");

    private final MetadataImage image;
    private final ConfigRules rules;
    private final ConfigLimits limits = new ConfigLimits();
    private final List<MetadataRecord> records = new ArrayList<>();
    private int newSubscriptions;

    /**
     * @param config of this broker, as of {@code image}
     */
    ConfigAlteration(MetadataImage image, BrokerConfig config) {
        this.image = image;
        this.rules = new ConfigRules(config);
    }

    /** Whose configuration a request means. */
    private record Resource(byte type, String name) {
        boolean isKnown() {
            return ConfigScope.ofId(type) != null;
        }

        /** Only if the type is known. */
        ConfigScope scope() {
            return Objects.requireNonNull(ConfigScope.ofId(type));
        }
    }

    /** Decides the older AlterConfigs: what is not named goes back to its default. */
    Decision<AlterConfigsResponseData> replace(AlterConfigsRequestData request) {
        AlterConfigsResponseData response = new AlterConfigsResponseData();
        Set<Resource> duplicates = Duplicates.of(
                request.resources(), resource -> new Resource(resource.resourceType(), resource.resourceName()));
        for (AlterConfigsRequestData.AlterConfigsResource asked : request.resources()) {
            Resource resource = new Resource(asked.resourceType(), asked.resourceName());
            ApiError error = duplicates.contains(resource) ? TWICE : replace(resource, asked);
            response.responses()
                    .add(new AlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(asked.resourceType())
                            .setResourceName(asked.resourceName())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message()));
        }
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    /** Decides IncrementalAlterConfigs. */
    Decision<IncrementalAlterConfigsResponseData> alter(IncrementalAlterConfigsRequestData request) {
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        Set<Resource> duplicates = Duplicates.of(
                request.resources(), resource -> new Resource(resource.resourceType(), resource.resourceName()));
        for (IncrementalAlterConfigsRequestData.AlterConfigsResource asked : request.resources()) {
            Resource resource = new Resource(asked.resourceType(), asked.resourceName());
            ApiError error = duplicates.contains(resource) ? TWICE : alter(resource, asked);
            response.responses()
                    .add(new IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse()
                            .setResourceType(asked.resourceType())
                            .setResourceName(asked.resourceName())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message()));
        }
        return new Decision<>(request.validateOnly() ? List.of() : records, response);
    }

    private ApiError replace(Resource resource, AlterConfigsRequestData.AlterConfigsResource asked) {
        Map<String, String> values = new HashMap<>();
        Set<String> nulls = new TreeSet<>();
        for (AlterConfigsRequestData.AlterableConfig entry : asked.configs()) {
            if (entry.value() == null) {
                nulls.add(entry.name());
            } else if (values.put(entry.name(), entry.value()) != null) {
                return invalid("Error due to duplicate config keys");
            }
        }
        ApiError error = nulls.isEmpty() ? checkResource(resource) : nullsNotSupported(nulls);
        if (error.isFailure()) {
            return error;
        }
        return accept(resource, rules.replace(resource.scope(), resource.name, values));
    }

    private ApiError alter(Resource resource, IncrementalAlterConfigsRequestData.AlterConfigsResource asked) {
        List<ConfigOp> ops = new ArrayList<>();
        Set<String> nulls = new TreeSet<>();
        for (IncrementalAlterConfigsRequestData.AlterableConfig entry : asked.configs()) {
            ConfigOp.Kind kind = kindOf(entry.configOperation());
            if (kind == null) {
                return invalid("Unknown operations type " + entry.configOperation());
            }
            if (entry.value() == null && kind != ConfigOp.Kind.DELETE) {
                nulls.add(entry.name());
            }
            ops.add(new ConfigOp(kind, entry.name(), entry.value()));
        }
        if (!Duplicates.of(ops, ConfigOp::key).isEmpty()) {
            return invalid("Error due to duplicate config keys");
        }
        ApiError error = nulls.isEmpty() ? checkResource(resource) : nullsNotSupported(nulls);
        if (error.isFailure()) {
            return error;
        }
        return accept(resource, rules.alter(resource.scope(), resource.name, current(resource), ops));
    }

    private ApiError checkResource(Resource resource) {
        return resource.isKnown()
                ? rules.checkName(resource.scope(), resource.name)
                : invalid("Unknown resource type " + resource.type);
    }

    /** A bad value is told before an unknown topic, as Kafka does. */
    private ApiError accept(Resource resource, AlterOutcome outcome) {
        if (outcome instanceof Refused refused) {
            boolean isBadRequest = refused.reason() == Reason.INVALID_REQUEST;
            return new ApiError(isBadRequest ? Errors.INVALID_REQUEST : Errors.INVALID_CONFIG, refused.message());
        }
        Map<String, String> wanted = ((Accepted) outcome).overrides();
        ApiError sizeError = limits.admit(wanted);
        if (sizeError.isFailure()) {
            return sizeError;
        }
        if (resource.scope() == ConfigScope.TOPIC && image.topic(resource.name) == null) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + resource.name + "' does not exist.");
        }
        if (resource.scope() == ConfigScope.CLIENT_METRICS && isNew(resource, wanted) && !admitSubscription()) {
            return new ApiError(
                    Errors.POLICY_VIOLATION,
                    "There are already " + MAX_SUBSCRIPTIONS + " client metrics subscriptions.");
        }
        addChanges(resource, wanted);
        return ApiError.NONE;
    }

    private boolean isNew(Resource resource, Map<String, String> wanted) {
        return current(resource).isEmpty() && !wanted.isEmpty();
    }

    private boolean admitSubscription() {
        newSubscriptions++;
        return image.configuredNames(ConfigScope.CLIENT_METRICS).size() + newSubscriptions <= MAX_SUBSCRIPTIONS;
    }

    private void addChanges(Resource resource, Map<String, String> wanted) {
        Map<String, String> current = current(resource);
        for (String key : current.keySet()) {
            if (!wanted.containsKey(key)) {
                records.add(new ConfigChanged(resource.scope(), resource.name, key, null));
            }
        }
        wanted.forEach((key, value) -> {
            if (!value.equals(current.get(key))) {
                records.add(new ConfigChanged(resource.scope(), resource.name, key, value));
            }
        });
    }

    private Map<String, String> current(Resource resource) {
        return image.configs(resource.scope(), resource.name);
    }

    private static ConfigOp.@Nullable Kind kindOf(byte operation) {
        ConfigOp.Kind[] kinds = ConfigOp.Kind.values(); // in the order of Kafka's numbers
        return operation < 0 || operation >= kinds.length ? null : kinds[operation];
    }

    private static ApiError nullsNotSupported(Set<String> keys) {
        return invalid("Null value not supported for : " + String.join(", ", keys));
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REQUEST, message);
    }
}
