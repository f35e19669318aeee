package io.penstock.config.source;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Translates the names of environment variables as Apache Kafka's container image does: {@code KAFKA_NUM_PARTITIONS} is
 * {@code num.partitions}; one underscore stands for a dot, two for an underscore, three for a hyphen.
 *
 * <p>Variables that steer Kafka's start scripts, and those that Kubernetes adds for a service named {@code kafka},
 * are no settings.
 */
final class EnvironmentNames {

    private static final String PREFIX = "KAFKA_";

    private static final Set<String> SCRIPT_VARIABLES = Set.of(
            "KAFKA_VERSION",
            "KAFKA_HOME",
            "KAFKA_OPTS",
            "KAFKA_HEAP_OPTS",
            "KAFKA_GC_LOG_OPTS",
            "KAFKA_JVM_PERFORMANCE_OPTS",
            "KAFKA_LOG4J_OPTS",
            "KAFKA_LOG4J_ROOT_LOGLEVEL",
            "KAFKA_LOG4J_LOGGERS",
            "KAFKA_LOG4J_CMD_OPTS",
            "KAFKA_TOOLS_LOG4J_LOGLEVEL",
            "KAFKA_DEBUG");

    private static final Pattern NO_SETTING =
            Pattern.compile("KAFKA_(JMX_.*|SERVICE_(HOST|PORT)(_.*)?|PORT(_[0-9]+_(TCP|UDP).*)?)");

    private EnvironmentNames() {}

    /** The key that a variable sets; empty if it sets none. */
    static Optional<String> keyOf(String variable) {
        if (!variable.startsWith(PREFIX)
                || variable.length() == PREFIX.length()
                || SCRIPT_VARIABLES.contains(variable)
                || NO_SETTING.matcher(variable).matches()) {
            return Optional.empty();
        }
        return Optional.of(variable.substring(PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.')
                .replace("...", "-")
                .replace("..", "_"));
    }
}
