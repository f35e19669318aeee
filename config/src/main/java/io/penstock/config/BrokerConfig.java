package io.penstock.config;

import io.penstock.config.setting.ConfigException;
import io.penstock.config.setting.Effect;
import io.penstock.config.setting.Problem;
import io.penstock.config.setting.Setting;
import io.penstock.config.source.ServerProperties;
import io.penstock.config.source.SourcedValue;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the broker is configured to do: the settings it was started with, and over these the ones changed while it
 * runs. Immutable and safe from any thread; a change at run time makes a new one. Reading a value is a hash
 * lookup: hot paths read once and keep.
 *
 * <pre>{@code
 * BrokerConfig config = BrokerConfig.of(ServerProperties.load(file));
 * int partitions = config.get(BrokerSettings.NUM_PARTITIONS);
 * }</pre>
 */
public final class BrokerConfig {

    private static final BrokerConfig DEFAULTS = of(ServerProperties.empty());

    private final ServerProperties given;
    private final Layers layers;
    private final SettingValues values;
    private final SettingValues topicValues;
    private final Listeners.Addresses addresses;
    private final List<Problem> problems;

    private BrokerConfig(ServerProperties given, Layers layers) {
        this.given = given;
        this.layers = layers;
        this.values = SettingValues.of(BrokerSettings.CATALOGUE, layers::ofBroker);
        this.topicValues = SettingValues.of(TopicSettings.CATALOGUE, layers::ofTopic);
        List<Problem> found = new ArrayList<>();
        for (ConfigSource source : ConfigSource.values()) {
            layers.at(source).forEach((key, text) -> check(key, text).ifPresent(found::add));
        }
        BrokerRules.check(values, layers, found);
        this.addresses = Listeners.read(values, found);
        this.problems = found.stream().map(this::placed).toList();
    }

    /** Kafka's defaults as far as they make sense on one node; see the README for where they differ. */
    public static BrokerConfig defaults() {
        return DEFAULTS;
    }

    /**
     * The configuration given at start.
     *
     * @throws ConfigException naming every value that breaks a rule
     */
    public static BrokerConfig of(ServerProperties given) {
        Map<String, String> texts = new HashMap<>();
        given.values().forEach((key, value) -> texts.put(key, value.text()));
        BrokerConfig config = new BrokerConfig(given, Layers.none().with(ConfigSource.STATIC_BROKER_CONFIG, texts));
        if (!config.problems.isEmpty()) {
            throw new ConfigException(config.problems);
        }
        return config;
    }

    /**
     * This configuration with other values set at run time. Values that break a rule are passed over and listed in
     * {@link #problems}: a broker must not die of a value that it accepted in an earlier release.
     *
     * @param clusterDefaults set for all brokers
     * @param own set for this broker, stronger than {@code clusterDefaults}
     */
    public BrokerConfig withDynamic(Map<String, String> clusterDefaults, Map<String, String> own) {
        return new BrokerConfig(
                given,
                layers.with(ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG, clusterDefaults)
                        .with(ConfigSource.DYNAMIC_BROKER_CONFIG, own));
    }

    /**
     * The value that counts.
     *
     * @throws IllegalStateException if the setting has neither a value nor a default; use {@link #find} for such
     */
    public <T> T get(Setting<T> setting) {
        return values.get(setting);
    }

    /** The value that counts for one listener: that of {@code listener.name.<name>.<key>} where it is given, else the broker's. */
    public <T> T get(Setting<T> setting, String listenerName) {
        String key = "listener.name." + listenerName.toLowerCase(Locale.ROOT) + "." + setting.key();
        for (ConfigSource level : Layers.BROKER_LEVELS) {
            String text = layers.at(level).get(key);
            T value = text == null ? null : setting.parse(text);
            if (value != null) {
                return value;
            }
        }
        return get(setting);
    }

    /** The value that counts, or empty if there is none and no default. */
    public <T> Optional<T> find(Setting<T> setting) {
        return values.find(setting);
    }

    /** The broker's number, from {@code node.id} or the older {@code broker.id}. */
    public int nodeId() {
        return get(BrokerSettings.NODE_ID);
    }

    /** The data directories, at least one. */
    public List<Path> logDirs() {
        return get(BrokerSettings.LOG_DIRS).stream().map(Path::of).toList();
    }

    /** Where to listen for clients, at least one. */
    public List<Listener> listeners() {
        return addresses.bound();
    }

    /** What to tell clients of a listener in place of the address on which they reached it. */
    public Optional<Listener> advertised(String listenerName) {
        return Optional.ofNullable(addresses.advertised().get(listenerName));
    }

    public Transport transport() {
        return Transport.valueOf(get(NetworkSettings.TRANSPORT).toUpperCase(Locale.ROOT));
    }

    /** How long an event loop looks for work before it sleeps, at most. */
    public Duration eventLoopSpin() {
        return Duration.of(get(NetworkSettings.EVENT_LOOP_SPIN_US), ChronoUnit.MICROS);
    }

    /** Number of event loops to run, at least 1. */
    public int eventLoops() {
        int loops = get(BrokerSettings.EVENT_LOOPS);
        return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
    }

    /** Bytes of requests that the broker may hold: never less than the largest single request. */
    public long requestMemoryBytes() {
        long ours = get(NetworkSettings.REQUEST_MEMORY_BYTES);
        long queued = get(NetworkSettings.QUEUED_MAX_REQUEST_BYTES);
        return Math.max(get(NetworkSettings.REQUEST_MAX_BYTES), queued > 0 ? Math.min(queued, ours) : ours);
    }

    /** Most connections from each host named in {@code max.connections.per.ip.overrides}, as written there. */
    public Map<String, Integer> connectionsPerIpOverrides() {
        return ConnectionLimits.parse(get(NetworkSettings.MAX_CONNECTIONS_PER_IP_OVERRIDES))
                .map(Collections::unmodifiableMap)
                .orElse(Map.of());
    }

    /** What is wrong with values set at run time; empty for a configuration made by {@link #of}. */
    public List<Problem> problems() {
        return problems;
    }

    /** The values as text, level by level. */
    public Layers layers() {
        return layers;
    }

    /** What holds for a topic that sets nothing itself. */
    SettingValues topicValues() {
        return topicValues;
    }

    /** The values as text with those of one topic over them. */
    public Layers layersOfTopic(Map<String, String> overrides) {
        return layers.with(ConfigSource.TOPIC_CONFIG, overrides);
    }

    /** The values as text with those of one group over them. */
    public Layers layersOfGroup(Map<String, String> overrides) {
        return layers.with(ConfigSource.GROUP_CONFIG, overrides);
    }

    /** Settings given at start that Kafka knows and this release does not act upon. */
    public SortedSet<String> keysWithoutEffect() {
        SortedSet<String> keys = new TreeSet<>();
        for (String key : given.values().keySet()) {
            boolean isActive = BrokerSettings.find(key)
                    .map(setting -> setting.effect() == Effect.ACTIVE
                            && (setting.key().equals(key) || NetworkSettings.OF_LISTENER.contains(setting)))
                    .orElse(false);
            if (!isActive && BrokerSettings.isKnown(key)) {
                keys.add(key);
            }
        }
        return keys;
    }

    /** Settings given at start that nobody knows, each with the place where it was given. */
    public List<UnknownKey> unknownKeys() {
        List<UnknownKey> unknown = new ArrayList<>();
        given.values().forEach((key, value) -> {
            if (!BrokerSettings.isKnown(key)) {
                unknown.add(new UnknownKey(key, value.place(), hint(key)));
            }
        });
        return List.copyOf(unknown);
    }

    private static Optional<String> hint(String key) {
        return FormerSettings.contains(key)
                ? Optional.of("no longer a setting of Kafka")
                : BrokerSettings.CATALOGUE.closest(key).map(known -> "did you mean " + known + "?");
    }

    private static Optional<Problem> check(String key, String text) {
        return BrokerSettings.find(key)
                .flatMap(setting -> setting.check(text))
                .map(problem -> new Problem(key, problem.value(), problem.expected(), problem.where()));
    }

    private Problem placed(Problem problem) {
        @Nullable SourcedValue value = given.values().get(problem.key());
        return value == null ? problem : problem.at(value.place());
    }
}
