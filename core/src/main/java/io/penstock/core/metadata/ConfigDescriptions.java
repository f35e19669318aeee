package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.ConfigSource;
import io.penstock.config.dynamic.ConfigEntries;
import io.penstock.config.dynamic.ConfigEntry;
import io.penstock.config.setting.ValueType;
import java.util.ArrayList;
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

/** Answers DescribeConfigs for topics and brokers, and tells the creator of a topic what it got. Stateless. */
public final class ConfigDescriptions {
    private ConfigDescriptions() {}

    /**
     * Describes one resource, of type TOPIC or BROKER.
     *
     * @param config of this broker, as of {@code image}
     */
    public static DescribeConfigsResult describe(
            MetadataImage image,
            BrokerConfig config,
            DescribeConfigsResource resource,
            boolean withSynonyms,
            boolean withDocumentation) {
        boolean isTopic = resource.resourceType() == ResourceTypes.TOPIC;
        ApiError error = isTopic ? checkTopic(image, resource) : checkBroker(config, resource);
        if (error.isFailure()) {
            return refused(resource, error);
        }
        List<DescribeConfigsResourceResult> results = new ArrayList<>();
        for (ConfigEntry entry : isTopic ? topicEntries(image, config, resource) : brokerEntries(config, resource)) {
            if (isWanted(resource, entry.key())) {
                results.add(result(entry, withSynonyms, withDocumentation));
            }
        }
        return new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorMessage(null)
                .setConfigs(results);
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

    private static ApiError checkTopic(MetadataImage image, DescribeConfigsResource resource) {
        try {
            Topic.validate(resource.resourceName());
        } catch (InvalidTopicException e) {
            return new ApiError(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
        return image.topic(resource.resourceName()) == null
                ? new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION)
                : ApiError.NONE;
    }

    private static ApiError checkBroker(BrokerConfig config, DescribeConfigsResource resource) {
        return resource.resourceName().isEmpty()
                ? ApiError.NONE
                : ResourceTypes.checkBrokerId(
                        "Broker id", resource.resourceName(), config.nodeId(), " or empty string");
    }

    private static List<ConfigEntry> topicEntries(
            MetadataImage image, BrokerConfig config, DescribeConfigsResource resource) {
        TopicImage topic = image.topic(resource.resourceName());
        return topic == null ? List.of() : ConfigEntries.ofTopic(topic.configs(), config);
    }

    private static List<ConfigEntry> brokerEntries(BrokerConfig config, DescribeConfigsResource resource) {
        return resource.resourceName().isEmpty() ? ConfigEntries.ofCluster(config) : ConfigEntries.ofBroker(config);
    }

    private static DescribeConfigsResourceResult result(
            ConfigEntry entry, boolean withSynonyms, boolean withDocumentation) {
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
        };
    }

    private static byte typeId(ValueType type) {
        return ConfigType.valueOf(type.name()).id();
    }
}
