package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.BrokerImage;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers ListConfigResources: topics and brokers that there are, groups and subscriptions of client metrics for which something is
 * set. Version 0 knows only the last kind. Stateless.
 */
final class ListConfigResourcesHandler implements ApiHandler {
    private static final List<ConfigResource.Type> ALL = List.of(
            ConfigResource.Type.GROUP,
            ConfigResource.Type.CLIENT_METRICS,
            ConfigResource.Type.BROKER_LOGGER,
            ConfigResource.Type.BROKER,
            ConfigResource.Type.TOPIC);

    private final BrokerKernel kernel;

    ListConfigResourcesHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_CONFIG_RESOURCES;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Set<ConfigResource.Type> asked = asked(request);
        responder.send(
                ALL.containsAll(asked)
                        ? list(asked)
                        : new ListConfigResourcesResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
    }

    private static Set<ConfigResource.Type> asked(KafkaRequest request) {
        if (request.version() == 0) {
            return Set.of(ConfigResource.Type.CLIENT_METRICS);
        }
        Set<ConfigResource.Type> types = new LinkedHashSet<>();
        request.data(ListConfigResourcesRequestData.class)
                .resourceTypes()
                .forEach(id -> types.add(ConfigResource.Type.forId(id)));
        return types.isEmpty() ? new LinkedHashSet<>(ALL) : types;
    }

    private ListConfigResourcesResponseData list(Set<ConfigResource.Type> types) {
        MetadataImage image = kernel.metadata();
        List<ListConfigResourcesResponseData.ConfigResource> resources = new ArrayList<>();
        for (ConfigResource.Type type : types) {
            for (String name : names(image, type)) {
                resources.add(new ListConfigResourcesResponseData.ConfigResource()
                        .setResourceName(name)
                        .setResourceType(type.id()));
            }
        }
        return new ListConfigResourcesResponseData().setConfigResources(resources);
    }

    private static List<String> names(MetadataImage image, ConfigResource.Type type) {
        return switch (type) {
            case TOPIC -> image.topics().stream().map(TopicImage::name).toList();
            case BROKER, BROKER_LOGGER ->
                image.brokers().stream()
                        .map(BrokerImage::nodeId)
                        .map(String::valueOf)
                        .toList();
            case GROUP -> image.configuredNames(ConfigScope.GROUP);
            case CLIENT_METRICS -> image.configuredNames(ConfigScope.CLIENT_METRICS);
            case UNKNOWN -> List.of();
        };
    }
}
