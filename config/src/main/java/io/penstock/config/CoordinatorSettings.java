package io.penstock.config;

import static io.penstock.config.setting.Importance.HIGH;
import static io.penstock.config.setting.Importance.LOW;
import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.atLeast;
import static io.penstock.config.setting.Rule.oneOfIgnoringCase;
import static io.penstock.config.setting.Rule.someOfIgnoringCase;

import io.penstock.config.setting.Setting;
import io.penstock.config.setting.UpdateMode;
import java.util.List;

/**
 * Settings of consumer groups, committed offsets and transactions. Where the defaults differ from Kafka's it is so
 * that all works on one node and the first consumer does not wait.
 */
public final class CoordinatorSettings {

    public static final Setting<Integer> GROUP_MIN_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.min.session.timeout.ms",
            6000,
            any(),
            "Shortest session timeout in milliseconds that a consumer may ask for.");

    public static final Setting<Integer> GROUP_MAX_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.max.session.timeout.ms",
            1_800_000,
            any(),
            "Longest session timeout in milliseconds that a consumer may ask for.");

    public static final Setting<Integer> GROUP_INITIAL_REBALANCE_DELAY_MS = Setting.ofInt(
            "group.initial.rebalance.delay.ms",
            0,
            atLeast(0),
            "Milliseconds that an empty group waits for more members after the first has joined.");

    public static final Setting<Integer> GROUP_MAX_SIZE =
            Setting.ofInt("group.max.size", Integer.MAX_VALUE, atLeast(1), "Most members of one classic group.");

    public static final Setting<List<String>> REBALANCE_PROTOCOLS = Setting.ofList(
            "group.coordinator.rebalance.protocols",
            List.of("classic", "consumer", "streams"),
            someOfIgnoringCase("classic", "consumer", "share", "streams"),
            "Group protocols that the broker speaks. Must contain classic.");

    public static final Setting<Integer> CONSUMER_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.consumer.session.timeout.ms",
            45_000,
            atLeast(1),
            "Milliseconds without a heartbeat after which a member of a new-style consumer group is dropped.");

    public static final Setting<Integer> CONSUMER_HEARTBEAT_INTERVAL_MS = Setting.ofInt(
            "group.consumer.heartbeat.interval.ms",
            5000,
            atLeast(1),
            "Milliseconds between heartbeats that members of a new-style consumer group are told to keep.");

    public static final Setting<Integer> CONSUMER_MIN_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.consumer.min.session.timeout.ms",
            45_000,
            atLeast(1),
            "Least value of consumer.session.timeout.ms that a group may set for itself.");

    public static final Setting<Integer> CONSUMER_MAX_SESSION_TIMEOUT_MS = Setting.ofInt(
            "group.consumer.max.session.timeout.ms",
            60_000,
            atLeast(1),
            "Greatest value of consumer.session.timeout.ms that a group may set for itself.");

    public static final Setting<Integer> CONSUMER_MIN_HEARTBEAT_INTERVAL_MS = Setting.ofInt(
            "group.consumer.min.heartbeat.interval.ms",
            5000,
            atLeast(1),
            "Least value of consumer.heartbeat.interval.ms that a group may set for itself.");

    public static final Setting<Integer> CONSUMER_MAX_HEARTBEAT_INTERVAL_MS = Setting.ofInt(
            "group.consumer.max.heartbeat.interval.ms",
            15_000,
            atLeast(1),
            "Greatest value of consumer.heartbeat.interval.ms that a group may set for itself.");

    public static final Setting<Integer> CONSUMER_MIN_ASSIGNMENT_INTERVAL_MS = Setting.ofInt(
            "group.consumer.min.assignment.interval.ms",
            0,
            atLeast(0),
            "Least value of consumer.assignment.interval.ms that a group may set for itself.");

    public static final Setting<Integer> CONSUMER_MAX_ASSIGNMENT_INTERVAL_MS = Setting.ofInt(
            "group.consumer.max.assignment.interval.ms",
            15_000,
            atLeast(0),
            "Greatest value of consumer.assignment.interval.ms that a group may set for itself.");

    public static final Setting<Integer> CONSUMER_MAX_SIZE = Setting.ofInt(
            "group.consumer.max.size", Integer.MAX_VALUE, atLeast(1), "Most members of one new-style consumer group.");

    public static final Setting<List<String>> CONSUMER_ASSIGNORS = Setting.ofList(
            "group.consumer.assignors",
            List.of("uniform", "range"),
            someOfIgnoringCase("uniform", "range"),
            "Assignors offered to new-style consumer groups, the default first. Classes of one's own cannot be "
                    + "loaded.");

    public static final Setting<String> CONSUMER_MIGRATION_POLICY = Setting.ofString(
            "group.consumer.migration.policy",
            "bidirectional",
            oneOfIgnoringCase("disabled", "downgrade", "upgrade", "bidirectional"),
            "Whether a group may turn from a classic into a new-style one while it is in use, and back.");

    public static final Setting<Integer> CONSUMER_ASSIGNMENT_INTERVAL_MS = Setting.ofInt(
                    "group.consumer.assignment.interval.ms",
                    1000,
                    atLeast(0),
                    "Least milliseconds between two assignments of partitions in one new-style consumer group.")
            .updateMode(UpdateMode.CLUSTER_WIDE);

    public static final Setting<Integer> CONSUMER_REGEX_REFRESH_INTERVAL_MS = Setting.ofInt(
                    "group.consumer.regex.refresh.interval.ms",
                    600_000,
                    atLeast(10_000),
                    "Milliseconds after which the topics that match a new-style consumer group's patterns are looked up "
                            + "again although no topic was created.")
            .asHidden();

    public static final Setting<Integer> OFFSETS_TOPIC_PARTITIONS = Setting.ofInt(
                    "offsets.topic.num.partitions",
                    16,
                    atLeast(1),
                    "Partitions of the topic of committed offsets, fixed when it is created.")
            .importance(HIGH);

    public static final Setting<Short> OFFSETS_TOPIC_REPLICATION_FACTOR = Setting.ofShort(
                    "offsets.topic.replication.factor",
                    (short) 1,
                    atLeast(1),
                    "Replicas of the topic of committed offsets.")
            .importance(HIGH);

    public static final Setting<Integer> OFFSETS_TOPIC_SEGMENT_BYTES = Setting.ofInt(
                    "offsets.topic.segment.bytes",
                    16_777_216,
                    atLeast(1),
                    "Bytes of a segment of the topic of committed offsets; small, so that compaction keeps it short.")
            .importance(HIGH);

    public static final Setting<Integer> OFFSETS_RETENTION_MINUTES = Setting.ofInt(
                    "offsets.retention.minutes",
                    10_080,
                    atLeast(1),
                    "Minutes that the committed offsets of a group are kept after its last member left.")
            .importance(HIGH);

    public static final Setting<Long> OFFSETS_RETENTION_CHECK_INTERVAL_MS = Setting.ofLong(
                    "offsets.retention.check.interval.ms",
                    600_000L,
                    atLeast(1),
                    "Milliseconds between two looks for expired offsets.")
            .importance(HIGH);

    public static final Setting<Integer> OFFSETS_COMMIT_TIMEOUT_MS = Setting.ofInt(
                    "offsets.commit.timeout.ms",
                    5000,
                    atLeast(1),
                    "Milliseconds after which a commit that replicas have not confirmed is answered with an error.")
            .importance(HIGH);

    public static final Setting<Integer> OFFSET_METADATA_MAX_BYTES = Setting.ofInt(
                    "offset.metadata.max.bytes",
                    4096,
                    any(),
                    "Longest text that a consumer may store with an offset, in characters as in Kafka, despite the"
                            + " name.")
            .importance(HIGH);

    public static final Setting<Integer> TRANSACTION_MAX_TIMEOUT_MS = Setting.ofInt(
                    "transaction.max.timeout.ms",
                    604_800_000,
                    atLeast(1),
                    "Longest transaction timeout in milliseconds that a producer may ask for. A week, so that jobs "
                            + "with hourly checkpoints work.")
            .importance(HIGH);

    public static final Setting<Integer> TRANSACTIONAL_ID_EXPIRATION_MS = Setting.ofInt(
                    "transactional.id.expiration.ms",
                    604_800_000,
                    atLeast(1),
                    "Milliseconds without a transaction after which a transactional id is forgotten.")
            .importance(HIGH);

    public static final Setting<Integer> TRANSACTION_TOPIC_PARTITIONS = Setting.ofInt(
                    "transaction.state.log.num.partitions",
                    16,
                    atLeast(1),
                    "Partitions of the topic of transaction states, fixed when it is created.")
            .importance(HIGH);

    public static final Setting<Short> TRANSACTION_TOPIC_REPLICATION_FACTOR = Setting.ofShort(
                    "transaction.state.log.replication.factor",
                    (short) 1,
                    atLeast(1),
                    "Replicas of the topic of transaction states.")
            .importance(HIGH);

    public static final Setting<Integer> TRANSACTION_TOPIC_MIN_ISR = Setting.ofInt(
                    "transaction.state.log.min.isr",
                    1,
                    atLeast(1),
                    "Value of min.insync.replicas of the topic of transaction states.")
            .importance(HIGH);

    public static final Setting<Integer> TRANSACTION_TOPIC_SEGMENT_BYTES = Setting.ofInt(
                    "transaction.state.log.segment.bytes",
                    16_777_216,
                    atLeast(1),
                    "Bytes of a segment of the topic of transaction states; small, so that compaction keeps it short.")
            .importance(HIGH);

    public static final Setting<Integer> TRANSACTIONAL_ID_CHECK_INTERVAL_MS = Setting.ofInt(
                    "transaction.remove.expired.transaction.cleanup.interval.ms",
                    3_600_000,
                    atLeast(1),
                    "Milliseconds between two looks for transactional ids that have expired.")
            .importance(LOW);

    public static final Setting<Boolean> TRANSACTION_PARTITION_VERIFICATION = Setting.ofBoolean(
                    "transaction.partition.verification.enable",
                    true,
                    "Whether a partition asks the transaction coordinator before it takes a transaction's first "
                            + "record.")
            .importance(LOW)
            .updateMode(UpdateMode.CLUSTER_WIDE);

    static final List<Setting<?>> ALL = List.of(
            GROUP_MIN_SESSION_TIMEOUT_MS,
            GROUP_MAX_SESSION_TIMEOUT_MS,
            GROUP_INITIAL_REBALANCE_DELAY_MS,
            GROUP_MAX_SIZE,
            REBALANCE_PROTOCOLS,
            CONSUMER_SESSION_TIMEOUT_MS,
            CONSUMER_HEARTBEAT_INTERVAL_MS,
            CONSUMER_MIN_SESSION_TIMEOUT_MS,
            CONSUMER_MAX_SESSION_TIMEOUT_MS,
            CONSUMER_MIN_HEARTBEAT_INTERVAL_MS,
            CONSUMER_MAX_HEARTBEAT_INTERVAL_MS,
            CONSUMER_MIN_ASSIGNMENT_INTERVAL_MS,
            CONSUMER_MAX_ASSIGNMENT_INTERVAL_MS,
            CONSUMER_MAX_SIZE,
            CONSUMER_ASSIGNORS,
            CONSUMER_MIGRATION_POLICY,
            CONSUMER_ASSIGNMENT_INTERVAL_MS,
            CONSUMER_REGEX_REFRESH_INTERVAL_MS,
            OFFSETS_TOPIC_PARTITIONS,
            OFFSETS_TOPIC_REPLICATION_FACTOR,
            OFFSETS_TOPIC_SEGMENT_BYTES,
            OFFSETS_RETENTION_MINUTES,
            OFFSETS_RETENTION_CHECK_INTERVAL_MS,
            OFFSETS_COMMIT_TIMEOUT_MS,
            OFFSET_METADATA_MAX_BYTES,
            TRANSACTION_MAX_TIMEOUT_MS,
            TRANSACTIONAL_ID_EXPIRATION_MS,
            TRANSACTIONAL_ID_CHECK_INTERVAL_MS,
            TRANSACTION_TOPIC_PARTITIONS,
            TRANSACTION_TOPIC_REPLICATION_FACTOR,
            TRANSACTION_TOPIC_MIN_ISR,
            TRANSACTION_TOPIC_SEGMENT_BYTES,
            TRANSACTION_PARTITION_VERIFICATION);

    private CoordinatorSettings() {}
}
