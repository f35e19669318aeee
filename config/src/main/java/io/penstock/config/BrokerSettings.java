package io.penstock.config;

import static io.penstock.config.setting.Importance.HIGH;
import static io.penstock.config.setting.Importance.LOW;
import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.anyOf;
import static io.penstock.config.setting.Rule.atLeast;
import static io.penstock.config.setting.Rule.between;
import static io.penstock.config.setting.Rule.nonEmptyList;
import static io.penstock.config.setting.Rule.oneOf;
import static io.penstock.config.setting.UpdateMode.CLUSTER_WIDE;

import io.penstock.config.setting.Catalogue;
import io.penstock.config.setting.Effect;
import io.penstock.config.setting.Fallback;
import io.penstock.config.setting.Setting;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The catalogue of all broker settings, and those about the broker as a whole: identity, data directory, topics,
 * worker threads. The others are in {@link NetworkSettings}, {@link LogSettings}, {@link CoordinatorSettings} and
 * {@link QuotaSettings}; what Kafka has and we do not is in {@link InertSettings}.
 */
public final class BrokerSettings {

    public static final Setting<Integer> NODE_ID = Setting.ofInt(
                    "node.id",
                    1,
                    atLeast(0),
                    "Number of this broker, told to clients and unique in its cluster. Must equal broker.id if "
                            + "both are given.")
            .importance(HIGH)
            .fallingBackTo(Fallback.to("broker.id"));

    public static final Setting<Integer> BROKER_ID = Setting.ofInt(
                    "broker.id", null, atLeast(0), "Older name of node.id, used when that is absent.")
            .importance(HIGH);

    public static final Setting<String> BROKER_RACK = Setting.ofString(
            "broker.rack",
            null,
            any(),
            "Rack or zone of this broker, told to clients in metadata so that they can prefer near replicas.");

    public static final Setting<List<String>> PROCESS_ROLES = Setting.ofList(
                    "process.roles",
                    List.of("broker"),
                    anyOf("broker", "controller"),
                    "Roles of this process. Must contain broker; controller is accepted and needs nothing here.")
            .importance(HIGH);

    public static final Setting<List<String>> LOG_DIR = Setting.ofList(
                    "log.dir", List.of("./data"), nonEmptyList(), "Data directories when log.dirs is absent.")
            .importance(HIGH);

    public static final Setting<List<String>> LOG_DIRS = Setting.ofList(
                    "log.dirs",
                    null,
                    nonEmptyList(),
                    "Directories of all data, relative to the working directory. Created if missing; one process "
                            + "at a time may use one.")
            .importance(HIGH)
            .fallingBackTo(Fallback.to("log.dir"));

    public static final Setting<String> STORE = Setting.ofString(
            "penstock.store",
            "chronicle",
            oneOf("chronicle", "memory"),
            "Where records are kept: chronicle writes them to log.dirs; memory keeps them in the process and "
                    + "forgets them when it ends.");

    public static final Setting<Integer> NUM_PARTITIONS = Setting.ofInt(
            "num.partitions",
            1,
            atLeast(1),
            "Partitions of a topic that is created without a number: automatically, or by a request that leaves it "
                    + "to the broker.");

    public static final Setting<Integer> DEFAULT_REPLICATION_FACTOR = Setting.ofInt(
            "default.replication.factor",
            1,
            atLeast(1),
            "Replicas of a topic that is created without a number. More than there are brokers cannot be fulfilled.");

    public static final Setting<Boolean> AUTO_CREATE_TOPICS = Setting.ofBoolean(
                    "auto.create.topics.enable",
                    true,
                    "Whether a topic that a client asks for by name comes into being. Clients can forbid it in "
                            + "their request.")
            .importance(HIGH);

    public static final Setting<Integer> AUTO_CREATE_MAX_PER_SECOND = Setting.ofInt(
                    "penstock.auto.create.max.per.second",
                    100,
                    atLeast(1),
                    "Most topics created automatically in one second; further ones are answered with a retriable "
                            + "error. Bounds what a client with a misspelt or random name can do.")
            .importance(LOW);

    public static final Setting<Boolean> DELETE_TOPIC_ENABLE = Setting.ofBoolean(
                    "delete.topic.enable", true, "Whether topics may be deleted by request.")
            .importance(HIGH);

    public static final Setting<Integer> MIN_INSYNC_REPLICAS = Setting.ofInt(
                    "min.insync.replicas",
                    1,
                    atLeast(1),
                    "Replicas that must be in sync for a produce request with acks=all to be accepted. Default of "
                            + "the topic setting of the same name.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Boolean> UNCLEAN_LEADER_ELECTION = Setting.ofBoolean(
                    "unclean.leader.election.enable",
                    false,
                    "Whether a replica that was not in sync may become leader, losing records, when no other is "
                            + "left. Default of the topic setting of the same name.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE)
            .effect(Effect.PLANNED);

    public static final Setting<Integer> EVENT_LOOPS = Setting.ofInt(
            "penstock.event.loops",
            0,
            between(0, 1024),
            "Event loop threads that serve connections and partitions; 0 means one for each processor. Takes the "
                    + "place of Kafka's num.network.threads and num.io.threads.");

    public static final Setting<Integer> DISK_THREADS = Setting.ofInt(
            "penstock.disk.threads",
            4,
            between(1, 256),
            "Threads that may wait for the disk: cold reads, fsync, recovery, reserving and deleting files.");

    public static final Setting<Boolean> EVENT_LOOPS_FIRST = Setting.ofBoolean(
            "penstock.event.loops.first",
            true,
            "Whether event loops ask the kernel to run as soon as they are woken, instead of after the slice of "
                    + "whoever runs (Linux 6.12 and later).");

    public static final Setting<Long> DRAIN_TIMEOUT_MS = Setting.ofLong(
            "penstock.shutdown.drain.timeout.ms",
            10_000L,
            atLeast(0),
            "Milliseconds that a stopping broker gives requests under way before it closes their connections.");

    static final List<Setting<?>> ALL = List.of(
            NODE_ID,
            BROKER_ID,
            BROKER_RACK,
            PROCESS_ROLES,
            LOG_DIR,
            LOG_DIRS,
            STORE,
            NUM_PARTITIONS,
            DEFAULT_REPLICATION_FACTOR,
            AUTO_CREATE_TOPICS,
            AUTO_CREATE_MAX_PER_SECOND,
            DELETE_TOPIC_ENABLE,
            MIN_INSYNC_REPLICAS,
            UNCLEAN_LEADER_ELECTION,
            EVENT_LOOPS,
            DISK_THREADS,
            EVENT_LOOPS_FIRST,
            DRAIN_TIMEOUT_MS);

    /** Every broker setting that this release knows. */
    public static final Catalogue CATALOGUE = Catalogue.of(
            ALL,
            NetworkSettings.ALL,
            LogSettings.ALL,
            CoordinatorSettings.ALL,
            StreamsSettings.ALL,
            QuotaSettings.ALL,
            InertSettings.ALL);

    /** Settings of one listener, or of a plug-in, are known by their beginning. */
    private static final Pattern OF_LISTENER = Pattern.compile("listener\\.name\\.[^.]+\\.(.+)");

    private static final Pattern OF_PLUGIN = Pattern.compile("(rsm\\.config|rlmm\\.config|config\\.providers)\\..+");

    private BrokerSettings() {}

    /** The setting of this key; for {@code listener.name.internal.ssl.protocol} it is {@code ssl.protocol}. */
    public static Optional<Setting<?>> find(String key) {
        Matcher ofListener = OF_LISTENER.matcher(key);
        return ofListener.matches() ? findSuffix(ofListener.group(1)) : CATALOGUE.find(key);
    }

    /** Whether Kafka or this broker has a setting of this key. */
    public static boolean isKnown(String key) {
        return find(key).isPresent() || OF_PLUGIN.matcher(key).matches();
    }

    /** SASL settings of a listener have the mechanism's name before them: {@code plain.sasl.jaas.config}. */
    private static Optional<Setting<?>> findSuffix(String suffix) {
        int dot = suffix.indexOf('.');
        return CATALOGUE.find(suffix).or(() -> dot < 0 ? Optional.empty() : CATALOGUE.find(suffix.substring(dot + 1)));
    }
}
