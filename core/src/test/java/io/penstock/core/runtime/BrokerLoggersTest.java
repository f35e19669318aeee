package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.LoggerLevels;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BrokerLoggersTest {
    private static final byte TOPIC = 2;
    private static final byte BROKER_LOGGER = 8;

    /** Levels in a map. */
    private static final class FakeLevels implements LoggerLevels {
        final Map<String, String> levels = new TreeMap<>(Map.of("root", "INFO", "io.penstock", "DEBUG"));

        @Override
        public Map<String, String> levels() {
            return levels;
        }

        @Override
        public void set(String logger, @Nullable String level) {
            levels.put(logger, level == null ? "INHERITED" : level);
        }
    }

    private final FakeLevels levels = new FakeLevels();
    private final BrokerLoggers loggers = new BrokerLoggers(1, levels);

    static Stream<Arguments> refusals() {
        byte set = OpType.SET.id();
        byte delete = OpType.DELETE.id();
        return Stream.of(
                Arguments.of("x", set, "root", "WARN", Errors.INVALID_REQUEST, "Node id must be an integer"),
                Arguments.of("2", set, "root", "WARN", Errors.INVALID_REQUEST, "Expected 1, but received 2"),
                Arguments.of("1", set, "no.such", "WARN", Errors.INVALID_CONFIG, "Logger no.such does not exist!"),
                Arguments.of(
                        "1", set, "root", "LOUD", Errors.INVALID_CONFIG, "Valid log levels are DEBUG, ERROR, FATAL"),
                Arguments.of("1", set, "root", null, Errors.INVALID_CONFIG, "Cannot set the log level of root"),
                Arguments.of("1", delete, "root", null, Errors.INVALID_REQUEST, "Removing the log level of the root"),
                Arguments.of(
                        "1",
                        OpType.APPEND.id(),
                        "root",
                        "WARN",
                        Errors.INVALID_REQUEST,
                        "APPEND operation is not allowed"),
                Arguments.of("1", (byte) 9, "root", "WARN", Errors.INVALID_REQUEST, "Unknown operation type 9"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAsKafkaDoes(
            String broker, byte operation, String logger, @Nullable String level, Errors error, String message) {
        // when
        IncrementalAlterConfigsResponseData response = alter(false, resource(broker, operation, logger, level));

        // then
        assertThat(response.responses()).singleElement().satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(error);
            assertThat(result.errorMessage()).contains(message);
        });
        assertThat(levels.levels).containsEntry("root", "INFO");
    }

    @Test
    void shouldChangeLevelsAtOnceAndKeepTheOrderOfAnswers() {
        // given
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        AlterConfigsResource topic =
                new AlterConfigsResource().setResourceType(TOPIC).setResourceName("t");
        request.resources().add(topic);
        request.resources().add(resource("1", OpType.SET.id(), "io.penstock", "TRACE"));

        // when
        IncrementalAlterConfigsRequestData rest = loggers.withoutLoggers(request);
        IncrementalAlterConfigsResponseData others = new IncrementalAlterConfigsResponseData();
        others.responses()
                .add(new AlterConfigsResourceResponse().setResourceType(TOPIC).setResourceName("t"));
        IncrementalAlterConfigsResponseData response = loggers.alter(request, others);

        // then
        assertThat(rest.resources())
                .extracting(AlterConfigsResource::resourceName)
                .containsExactly("t");
        assertThat(response.responses())
                .extracting(AlterConfigsResourceResponse::resourceName, AlterConfigsResourceResponse::errorCode)
                .containsExactly(tuple("t", (short) 0), tuple("1", (short) 0));
        assertThat(levels.levels).containsEntry("io.penstock", "TRACE");
    }

    @Test
    void shouldOnlyPretendWhenAskedToValidate() {
        // when
        alter(true, resource("1", OpType.SET.id(), "root", "ERROR"));

        // then
        assertThat(levels.levels).containsEntry("root", "INFO");
    }

    @Test
    void shouldSayThatTheLoggingLibraryCannotDoIt() {
        // given
        BrokerLoggers none = new BrokerLoggers(1, LoggerLevels.NONE);
        IncrementalAlterConfigsRequestData request = new IncrementalAlterConfigsRequestData();
        request.resources().add(resource("1", OpType.SET.id(), "root", "ERROR"));

        // when
        IncrementalAlterConfigsResponseData response = none.alter(request, new IncrementalAlterConfigsResponseData());

        // then
        assertThat(response.responses()).singleElement().satisfies(result -> {
            assertThat(Errors.forCode(result.errorCode())).isEqualTo(Errors.INVALID_REQUEST);
            assertThat(result.errorMessage()).contains("logging library");
        });
    }

    @Test
    void shouldDescribeEveryLogger() {
        // when
        var all = loggers.describe(new DescribeConfigsResource()
                .setResourceType(BROKER_LOGGER)
                .setResourceName("1")
                .setConfigurationKeys(null));
        var refused = loggers.describe(new DescribeConfigsResource().setResourceType(BROKER_LOGGER));

        // then
        assertThat(all.configs())
                .extracting(DescribeConfigsResourceResult::name, DescribeConfigsResourceResult::value)
                .containsExactly(tuple("io.penstock", "DEBUG"), tuple("root", "INFO"));
        assertThat(refused.errorMessage()).isEqualTo("Broker id must not be empty");
    }

    private IncrementalAlterConfigsResponseData alter(boolean validateOnly, AlterConfigsResource... resources) {
        IncrementalAlterConfigsRequestData request =
                new IncrementalAlterConfigsRequestData().setValidateOnly(validateOnly);
        for (AlterConfigsResource resource : resources) {
            request.resources().mustAdd(resource);
        }
        return loggers.alter(request, new IncrementalAlterConfigsResponseData());
    }

    private static AlterConfigsResource resource(String broker, byte operation, String logger, @Nullable String level) {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType(BROKER_LOGGER).setResourceName(broker);
        resource.configs()
                .add(new AlterableConfig()
                        .setConfigOperation(operation)
                        .setName(logger)
                        .setValue(level));
        return resource;
    }
}
