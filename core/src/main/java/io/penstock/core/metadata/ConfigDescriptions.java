package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.ConfigSource;
import io.penstock.config.dynamic.ConfigEntries;
import io.penstock.config.dynamic.ConfigEntry;
import io.penstock.config.setting.ValueType;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.jspecify.annotations.Nullable;

/**
 * Answers one DescribeConfigs request for all but loggers, and tells the creator of a topic what it got. Tools ask for thousands
 * of topics at once, which mostly have the same settings: those share their entries. Owned by one request.
 */
public final class ConfigDescriptions {
    private final MetadataImage image;
    private final BrokerConfig config;
    private final boolean withSynonyms;
    private final boolean withDocumentation;
    private final Map<Wanted, List<DescribeConfigsResourceResult>> described = new HashMap<>();

    /** What entries depend on: the kind, what is set for the resource itself, and the keys asked for, null for all. */
    private record Wanted(
            ConfigScope scope,
            boolean isDefault,
            Map<String, String> overrides,
            @Nullable List<String> keys) {}

    /**
     * @param config of this broker, as of {@code image}
     */
    public ConfigDescriptions(
            MetadataImage image, BrokerConfig config, boolean withSynonyms, boolean withDocumentation) {
        this.image = image;
        this.config = config;
        this.withSynonyms = withSynonyms;
        this.withDocumentation = withDocumentation;
    }

    /** Describes one resource; loggers are not among those known here. */
    public DescribeConfigsResult describe(DescribeConfigsResource resource) {
        ConfigScope scope = ConfigScope.ofId(resource.resourceType());
        if (scope == null) {
            return refused(resource, new ApiError(Errors.INVALID_REQUEST));
        }
        String name = resource.resourceName();
        ApiError error = check(scope, name);
        if (error.isFailure()) {
            return refused(resource, error);
        }
        Map<String, String> overrides = scope == ConfigScope.BROKER ? Map.of() : image.configs(scope, name);
        Wanted wanted = new Wanted(scope, name.isEmpty(), overrides, resource.configurationKeys());
        return new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(name)
                .setErrorMessage(null)
                .setConfigs(described.computeIfAbsent(wanted, missing -> results(missing, resource)));
    }

    private ApiError check(ConfigScope scope, String name) {
        return switch (scope) {
            case TOPIC -> checkTopic(name);
            case BROKER -> checkBroker(name);
            case GROUP -> checkNotEmpty(name, "Group name must not be empty");
            case CLIENT_METRICS -> checkNotEmpty(name, "Client metrics subscription name must not be empty");
        };
    }

    private static ApiError checkNotEmpty(String name, String message) {
        return name.isEmpty() ? new ApiError(Errors.INVALID_REQUEST, message) : ApiError.NONE;
    }

    private List<DescribeConfigsResourceResult> results(Wanted wanted, DescribeConfigsResource resource) {
        List<DescribeConfigsResourceResult> results = new ArrayList<>();
        for (ConfigEntry entry : entries(wanted)) {
            if (isWanted(resource, entry.key())) {
                results.add(result(entry));
            }
        }
        return results;
    }

    private List<ConfigEntry> entries(Wanted wanted) {
        return switch (wanted.scope()) {
            case TOPIC -> ConfigEntries.ofTopic(wanted.overrides(), config);
            case BROKER -> wanted.isDefault() ? ConfigEntries.ofCluster(config) : ConfigEntries.ofBroker(config);
            case GROUP -> ConfigEntries.ofGroup(wanted.overrides(), config);
            case CLIENT_METRICS -> ConfigEntries.ofClientMetrics(wanted.overrides());
        };
    }

    /** An answer without entries. */
    public static DescribeConfigsResult refused(DescribeConfigsResource resource, ApiError error) {
        return new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorCode(error.error().code())
                .setErrorMessage(error.message())
                .setConfigs(List.of());
    }

    /** Whether a request asks for a key: it may name some, or want all. */
    public static boolean isWanted(DescribeConfigsResource resource, String key) {
        List<String> keys = resource.configurationKeys();
        return keys == null || keys.isEmpty() || keys.contains(key);
    }

    /** The settings in force for a topic that is being created with these overrides. */
    static List<CreatableTopicConfigs> ofNewTopic(Map<String, String> overrides, BrokerConfig config) {
        List<CreatableTopicConfigs> entries = new ArrayList<>();
        for (ConfigEntry entry : ConfigEntries.ofTopic(overrides, config)) {
            entries.add(new CreatableTopicConfigs()
                    .setName(entry.key())
                    .setValue(entry.value())
                    .setReadOnly(entry.readOnly())
                    .setConfigSource(sourceId(entry.source()))
                    .setIsSensitive(entry.sensitive()));
        }
        return entries;
    }

    private ApiError checkTopic(String name) {
        try {
            Topic.validate(name);
        } catch (InvalidTopicException e) {
            return new ApiError(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
        return image.topic(name) == null ? new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION) : ApiError.NONE;
    }

    private ApiError checkBroker(String name) {
        return name.isEmpty()
                ? ApiError.NONE
                : ResourceTypes.checkBrokerId("Broker id", name, config.nodeId(), " or empty string");
    }

    private DescribeConfigsResourceResult result(ConfigEntry entry) {
        return new DescribeConfigsResourceResult()
                .setName(entry.key())
                .setValue(entry.value())
                .setReadOnly(entry.readOnly())
                .setIsSensitive(entry.sensitive())
                .setConfigSource(sourceId(entry.source()))
                .setSynonyms(withSynonyms ? synonyms(entry) : List.of())
                .setConfigType(typeId(entry.type()))
                .setDocumentation(withDocumentation ? entry.doc() : null);
    }

    private static List<DescribeConfigsSynonym> synonyms(ConfigEntry entry) {
        List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
        for (ConfigEntry.Synonym synonym : entry.synonyms()) {
            synonyms.add(new DescribeConfigsSynonym()
                    .setName(synonym.key())
                    .setValue(synonym.value())
                    .setSource(sourceId(synonym.source())));
        }
        return synonyms;
    }

    /** Ids of Kafka's DescribeConfigs. */
    private static byte sourceId(ConfigSource source) {
        return switch (source) {
            case TOPIC_CONFIG -> 1;
            case DYNAMIC_BROKER_CONFIG -> 2;
            case DYNAMIC_DEFAULT_BROKER_CONFIG -> 3;
            case STATIC_BROKER_CONFIG -> 4;
            case DEFAULT_CONFIG -> 5;
            case CLIENT_METRICS_CONFIG -> 7;
            case GROUP_CONFIG -> 8;
        };
    }

    private static byte typeId(@Nullable ValueType type) {
        return type == null
                ? ConfigType.UNKNOWN.id()
                : ConfigType.valueOf(type.name()).id();
    }
}
