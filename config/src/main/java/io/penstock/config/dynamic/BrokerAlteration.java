package io.penstock.config.dynamic;

import static io.penstock.config.dynamic.AlterOutcome.invalidRequest;

import io.penstock.config.BrokerConfig;
import io.penstock.config.BrokerSettings;
import io.penstock.config.ConfigSource;
import io.penstock.config.setting.Problem;
import io.penstock.config.setting.UpdateMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides changes of broker settings while the broker runs. A key that nobody knows is taken, as by Kafka, where it may be one of a
 * plugin (KAFKA-13788). Pure.
 */
public final class BrokerAlteration {

    /** What Kafka changes for one listener at a time only. */
    private static final Set<String> PER_LISTENER = Set.of(
            "ssl.keystore.type",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.key",
            "ssl.keystore.certificate.chain",
            "ssl.key.password",
            "ssl.truststore.type",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.certificates");

    /** Whose settings are to change. */
    public enum Scope {
        /** The default of all brokers of the cluster. */
        CLUSTER,
        /** One broker. */
        BROKER
    }

    private BrokerAlteration() {}

    /**
     * Changes some settings and leaves the others.
     *
     * @param broker the configuration in force, from which the texts set now at the level of {@code scope} are taken
     * @return the texts to be set at this level
     */
    public static AlterOutcome alter(BrokerConfig broker, Scope scope, List<ConfigOp> ops) {
        OverrideEdit.Result edited = OverrideEdit.apply(current(broker, scope), ops, BrokerSettings::find);
        Set<String> touched = ops.stream()
                .filter(op -> op.kind() != ConfigOp.Kind.DELETE)
                .map(ConfigOp::key)
                .collect(Collectors.toCollection(TreeSet::new));
        return edited.refusal().orElseGet(() -> check(broker, scope, touched, edited.overrides()));
    }

    /** Sets exactly these texts, as the older AlterConfigs does. */
    public static AlterOutcome replace(BrokerConfig broker, Scope scope, Map<String, String> overrides) {
        return check(broker, scope, new TreeSet<>(overrides.keySet()), overrides);
    }

    private static Map<String, String> current(BrokerConfig broker, Scope scope) {
        return broker.layers().at(levelOf(scope));
    }

    private static ConfigSource levelOf(Scope scope) {
        return scope == Scope.CLUSTER ? ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG : ConfigSource.DYNAMIC_BROKER_CONFIG;
    }

    private static AlterOutcome check(
            BrokerConfig broker, Scope scope, Set<String> touched, Map<String, String> overrides) {
        Set<String> fixed = select(touched, key -> hasMode(key, UpdateMode.READ_ONLY));
        if (!fixed.isEmpty()) {
            return invalidRequest("Cannot update these configs dynamically: " + fixed);
        }
        Set<String> perListener = select(touched, PER_LISTENER::contains);
        if (!perListener.isEmpty()) {
            return invalidRequest(
                    "These security configs can be dynamically updated only per-listener using the listener"
                            + " prefix: " + perListener);
        }
        Set<String> perBroker = select(touched, key -> hasMode(key, UpdateMode.PER_BROKER));
        if (scope == Scope.CLUSTER && !perBroker.isEmpty()) {
            return invalidRequest(
                    "Cannot update these configs at default cluster level, broker id must be specified: " + perBroker);
        }
        return checkValues(broker, scope, overrides);
    }

    private static AlterOutcome checkValues(BrokerConfig broker, Scope scope, Map<String, String> overrides) {
        Map<String, String> clusterWide = scope == Scope.CLUSTER ? overrides : current(broker, Scope.CLUSTER);
        Map<String, String> own = scope == Scope.BROKER ? overrides : current(broker, Scope.BROKER);
        List<Problem> problems = broker.withDynamic(clusterWide, own).problems();
        return problems.isEmpty()
                ? new AlterOutcome.Accepted(overrides)
                : invalidRequest(problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
    }

    private static Set<String> select(Set<String> keys, Predicate<String> which) {
        return keys.stream().filter(which).collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean hasMode(String key, UpdateMode mode) {
        return BrokerSettings.find(key)
                .filter(setting -> setting.updateMode() == mode)
                .isPresent();
    }
}
