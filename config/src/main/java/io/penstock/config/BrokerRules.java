package io.penstock.config;

import io.penstock.config.setting.Problem;
import io.penstock.config.setting.Setting;
import io.penstock.config.setting.ValueType;
import java.util.List;
import java.util.Optional;

/**
 * What must hold between several broker settings, and what must not be asked for because this release would not
 * honour it.
 */
final class BrokerRules {

    /** Settings by which an operator restricts what others may do. Ignoring these would be unsafe. */
    private static final List<Setting<?>> GUARDS = List.of(
            Setting.ofType("authorizer.class.name", ValueType.STRING, null, ""),
            Setting.ofType("create.topic.policy.class.name", ValueType.CLASS, null, ""),
            Setting.ofType("alter.config.policy.class.name", ValueType.CLASS, null, ""),
            Setting.ofType("config.providers", ValueType.LIST, null, ""));

    private final SettingValues values;
    private final Layers layers;
    private final List<Problem> problems;

    private BrokerRules(SettingValues values, Layers layers, List<Problem> problems) {
        this.values = values;
        this.layers = layers;
        this.problems = problems;
    }

    /** Adds what is wrong with {@code values} to {@code problems}. */
    static void check(SettingValues values, Layers layers, List<Problem> problems) {
        BrokerRules rules = new BrokerRules(values, layers, problems);
        rules.checkIdentity();
        rules.checkDirectories();
        rules.checkRetention();
        rules.checkConnections();
        rules.checkCompactionLag();
        rules.checkGroups();
        rules.checkConsumerGroups();
        rules.checkStreamsGroups();
        rules.checkGuards();
    }

    private void checkIdentity() {
        int nodeId = values.get(BrokerSettings.NODE_ID);
        if (values.find(BrokerSettings.BROKER_ID).orElse(nodeId) != nodeId) {
            report(BrokerSettings.BROKER_ID, "the same number as node.id, " + nodeId);
        }
        if (!values.get(BrokerSettings.PROCESS_ROLES).contains("broker")) {
            report(BrokerSettings.PROCESS_ROLES, "a list that contains broker");
        }
    }

    private void checkDirectories() {
        if (values.get(BrokerSettings.LOG_DIRS).size() > 1) {
            report(BrokerSettings.LOG_DIRS, "one data directory; several are not supported");
        }
    }

    private void checkRetention() {
        if (values.get(LogSettings.RETENTION_MS) == 0) {
            report(LogSettings.RETENTION_MS, "-1 for ever, or at least 1");
        }
    }

    private void checkConnections() {
        long queuedBytes = values.get(NetworkSettings.QUEUED_MAX_REQUEST_BYTES);
        int requestBytes = values.get(NetworkSettings.REQUEST_MAX_BYTES);
        if (queuedBytes > 0 && queuedBytes < requestBytes) {
            report(
                    NetworkSettings.QUEUED_MAX_REQUEST_BYTES,
                    "at least the value of socket.request.max.bytes, " + requestBytes);
        }
        if (values.get(NetworkSettings.MAX_CONNECTIONS_PER_IP) == 0
                && values.get(NetworkSettings.MAX_CONNECTIONS_PER_IP_OVERRIDES).isBlank()) {
            report(
                    NetworkSettings.MAX_CONNECTIONS_PER_IP,
                    "at least 1 as long as max.connections.per.ip.overrides lists no exceptions");
        }
        long idleMs = values.get(NetworkSettings.CONNECTIONS_MAX_IDLE_MS);
        if (idleMs > 0 && values.get(NetworkSettings.FAILED_AUTHENTICATION_DELAY_MS) >= idleMs) {
            report(NetworkSettings.FAILED_AUTHENTICATION_DELAY_MS, "less than connections.max.idle.ms, " + idleMs);
        }
    }

    private void checkGroups() {
        boolean hasClassic =
                values.get(CoordinatorSettings.REBALANCE_PROTOCOLS).stream().anyMatch("classic"::equalsIgnoreCase);
        if (!hasClassic) {
            report(CoordinatorSettings.REBALANCE_PROTOCOLS, "a list that contains classic");
        }
    }

    private void checkCompactionLag() {
        long maxLagMs = values.get(LogSettings.MAX_COMPACTION_LAG_MS);
        if (values.get(LogSettings.MIN_COMPACTION_LAG_MS) > maxLagMs) {
            report(LogSettings.MIN_COMPACTION_LAG_MS, "at most log.cleaner.max.compaction.lag.ms, " + maxLagMs);
        }
    }

    private void checkConsumerGroups() {
        checkWithin(
                CoordinatorSettings.CONSUMER_HEARTBEAT_INTERVAL_MS,
                CoordinatorSettings.CONSUMER_MIN_HEARTBEAT_INTERVAL_MS,
                CoordinatorSettings.CONSUMER_MAX_HEARTBEAT_INTERVAL_MS);
        checkWithin(
                CoordinatorSettings.CONSUMER_SESSION_TIMEOUT_MS,
                CoordinatorSettings.CONSUMER_MIN_SESSION_TIMEOUT_MS,
                CoordinatorSettings.CONSUMER_MAX_SESSION_TIMEOUT_MS);
        checkWithin(
                CoordinatorSettings.CONSUMER_ASSIGNMENT_INTERVAL_MS,
                CoordinatorSettings.CONSUMER_MIN_ASSIGNMENT_INTERVAL_MS,
                CoordinatorSettings.CONSUMER_MAX_ASSIGNMENT_INTERVAL_MS);
        int sessionMs = values.get(CoordinatorSettings.CONSUMER_SESSION_TIMEOUT_MS);
        if (values.get(CoordinatorSettings.CONSUMER_HEARTBEAT_INTERVAL_MS) >= sessionMs) {
            report(
                    CoordinatorSettings.CONSUMER_HEARTBEAT_INTERVAL_MS,
                    "less than group.consumer.session.timeout.ms, " + sessionMs);
        }
    }

    private void checkStreamsGroups() {
        checkWithin(
                StreamsSettings.HEARTBEAT_INTERVAL_MS,
                StreamsSettings.MIN_HEARTBEAT_INTERVAL_MS,
                StreamsSettings.MAX_HEARTBEAT_INTERVAL_MS);
        checkWithin(
                StreamsSettings.SESSION_TIMEOUT_MS,
                StreamsSettings.MIN_SESSION_TIMEOUT_MS,
                StreamsSettings.MAX_SESSION_TIMEOUT_MS);
        checkWithin(
                StreamsSettings.ASSIGNMENT_INTERVAL_MS,
                StreamsSettings.MIN_ASSIGNMENT_INTERVAL_MS,
                StreamsSettings.MAX_ASSIGNMENT_INTERVAL_MS);
        int sessionMs = values.get(StreamsSettings.SESSION_TIMEOUT_MS);
        if (values.get(StreamsSettings.HEARTBEAT_INTERVAL_MS) >= sessionMs) {
            report(StreamsSettings.HEARTBEAT_INTERVAL_MS, "less than group.streams.session.timeout.ms, " + sessionMs);
        }
        int mostStandbys = values.get(StreamsSettings.MAX_STANDBY_REPLICAS);
        if (values.get(StreamsSettings.NUM_STANDBY_REPLICAS) > mostStandbys) {
            report(
                    StreamsSettings.NUM_STANDBY_REPLICAS,
                    "at most the value of group.streams.max.standby.replicas, " + mostStandbys);
        }
    }

    private void checkWithin(Setting<Integer> setting, Setting<Integer> min, Setting<Integer> max) {
        int least = values.get(min);
        int greatest = values.get(max);
        int value = values.get(setting);
        if (greatest < least) {
            report(max, "at least the value of " + min.key() + ", " + least);
        } else if (value < least) {
            report(setting, "at least the value of " + min.key() + ", " + least);
        } else if (value > greatest) {
            report(setting, "at most the value of " + max.key() + ", " + greatest);
        }
    }

    private void checkGuards() {
        for (Setting<?> guard : GUARDS) {
            Optional<String> given = values.find(guard).map(guard.type()::render);
            if (given.isPresent() && !given.get().isBlank()) {
                report(guard, "to be absent: this release cannot honour it, and to ignore it would be unsafe");
            }
        }
    }

    /** Names the key and the text that the user wrote, which may be those of a fallback. */
    private void report(Setting<?> setting, String expected) {
        problems.add(layers.ofBroker(setting).stream()
                .findFirst()
                .map(winner -> Problem.of(winner.key(), winner.text(), expected))
                .orElseGet(() -> Problem.of(setting.key(), "", expected)));
    }
}
