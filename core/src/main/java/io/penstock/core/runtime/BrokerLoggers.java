package io.penstock.core.runtime;

import io.penstock.core.LoggerLevels;
import io.penstock.core.metadata.ConfigDescriptions;
import io.penstock.core.metadata.ResourceTypes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.LogLevelConfig;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resource BROKER_LOGGER (KIP-412): levels of this process's loggers. They are no metadata: nothing is stored, nobody else
 * hears of it, and a restart forgets it. Safe from any thread.
 */
final class BrokerLoggers {
    private static final Logger LOGGER = LoggerFactory.getLogger(BrokerLoggers.class);
    private static final String ROOT = "root";
    private static final String VALID_LEVELS =
            String.join(", ", LogLevelConfig.VALID_LOG_LEVELS.stream().sorted().toList());

    private final int nodeId;
    private final LoggerLevels levels;

    BrokerLoggers(int nodeId, LoggerLevels levels) {
        this.nodeId = nodeId;
        this.levels = levels;
    }

    /** The part of a request that is about metadata. */
    IncrementalAlterConfigsRequestData withoutLoggers(IncrementalAlterConfigsRequestData request) {
        IncrementalAlterConfigsRequestData rest =
                new IncrementalAlterConfigsRequestData().setValidateOnly(request.validateOnly());
        for (AlterConfigsResource resource : request.resources()) {
            if (!isLogger(resource)) {
                rest.resources().add(resource.duplicate());
            }
        }
        return rest;
    }

    /**
     * Changes levels as the request says.
     *
     * @param others answers to {@link #withoutLoggers}, in order
     * @return answers to the whole request, in order
     */
    IncrementalAlterConfigsResponseData alter(
            IncrementalAlterConfigsRequestData request, IncrementalAlterConfigsResponseData others) {
        Iterator<AlterConfigsResourceResponse> otherResponses =
                others.responses().iterator();
        IncrementalAlterConfigsResponseData response = new IncrementalAlterConfigsResponseData();
        Map<String, Integer> occurrences = new HashMap<>();
        request.resources().forEach(resource -> {
            if (isLogger(resource)) {
                occurrences.merge(resource.resourceName(), 1, Integer::sum);
            }
        });
        for (AlterConfigsResource resource : request.resources()) {
            if (!isLogger(resource)) {
                response.responses().add(otherResponses.next());
                continue;
            }
            boolean isTwice = occurrences.getOrDefault(resource.resourceName(), 0) > 1;
            ApiError error = isTwice
                    ? invalid("Each resource must appear at most once.")
                    : alter(resource, request.validateOnly());
            response.responses()
                    .add(new AlterConfigsResourceResponse()
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())
                            .setErrorCode(error.error().code())
                            .setErrorMessage(error.message()));
        }
        return response;
    }

    private static boolean isLogger(AlterConfigsResource resource) {
        return resource.resourceType() == ResourceTypes.BROKER_LOGGER;
    }

    private ApiError alter(AlterConfigsResource resource, boolean validateOnly) {
        ApiError nameError = checkName(resource.resourceName());
        if (nameError.isFailure()) {
            return nameError;
        }
        Map<String, String> known = levels.levels();
        for (AlterableConfig change : resource.configs()) {
            ApiError error = check(change, known);
            if (error.isFailure()) {
                return error;
            }
        }
        if (!validateOnly) {
            resource.configs().forEach(this::apply);
        }
        return ApiError.NONE;
    }

    private void apply(AlterableConfig change) {
        String level = change.configOperation() == OpType.SET.id() ? change.value() : null;
        levels.set(change.name(), level);
        LOGGER.atWarn()
                .addKeyValue("logger", change.name())
                .addKeyValue("level", level)
                .log("Changed the level of a logger by request");
    }

    private ApiError checkName(String name) {
        try {
            int asked = Integer.parseInt(name);
            return asked == nodeId
                    ? ApiError.NONE
                    : invalid("Unexpected node id. Expected " + nodeId + ", but received " + asked);
        } catch (NumberFormatException e) {
            return invalid("Node id must be an integer, but it is: " + name);
        }
    }

    private static ApiError check(AlterableConfig change, Map<String, String> known) {
        byte operation = change.configOperation();
        if (operation == OpType.APPEND.id() || operation == OpType.SUBTRACT.id()) {
            return invalid(OpType.forId(operation) + " operation is not allowed for the BROKER_LOGGER resource");
        }
        if (operation != OpType.SET.id() && operation != OpType.DELETE.id()) {
            return invalid("Unknown operation type " + operation + " is not allowed for the BROKER_LOGGER resource");
        }
        if (known.isEmpty()) {
            return invalid("The logging library of this process does not let log levels be changed at run time.");
        }
        if (!known.containsKey(change.name())) {
            return new ApiError(Errors.INVALID_CONFIG, "Logger " + change.name() + " does not exist!");
        }
        if (operation == OpType.DELETE.id()) {
            return change.name().equals(ROOT)
                    ? invalid("Removing the log level of the root logger is not allowed")
                    : ApiError.NONE;
        }
        return change.value() != null && LogLevelConfig.VALID_LOG_LEVELS.contains(change.value())
                ? ApiError.NONE
                : new ApiError(
                        Errors.INVALID_CONFIG,
                        "Cannot set the log level of " + change.name() + " to " + change.value()
                                + " as it is not a supported log level. Valid log levels are " + VALID_LEVELS);
    }

    /** Describes the levels of all loggers of this broker. */
    DescribeConfigsResult describe(DescribeConfigsResource resource) {
        ApiError error = checkDescribed(resource.resourceName());
        if (error.isFailure()) {
            return ConfigDescriptions.refused(resource, error);
        }
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        levels.levels().forEach((logger, level) -> {
            if (ConfigDescriptions.isWanted(resource, logger)) {
                entries.add(new DescribeConfigsResourceResult()
                        .setName(logger)
                        .setValue(level)
                        .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id())
                        .setConfigType(ConfigType.STRING.id()));
            }
        });
        return new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName())
                .setErrorMessage(null)
                .setConfigs(entries);
    }

    private ApiError checkDescribed(String name) {
        return name.isEmpty()
                ? invalid("Broker id must not be empty")
                : ResourceTypes.checkBrokerId("Broker id", name, nodeId, "");
    }

    private static ApiError invalid(String message) {
        return new ApiError(Errors.INVALID_REQUEST, message);
    }
}
