package io.penstock.config;

import static io.penstock.config.setting.Effect.NONE;
import static io.penstock.config.setting.Effect.PLANNED;
import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.anyOf;
import static io.penstock.config.setting.Rule.atLeast;
import static io.penstock.config.setting.Rule.between;
import static io.penstock.config.setting.Rule.betweenOr;
import static io.penstock.config.setting.Rule.oneOf;
import static io.penstock.config.setting.UpdateMode.CLUSTER_WIDE;

import io.penstock.config.setting.Catalogue;
import io.penstock.config.setting.Fallback;
import io.penstock.config.setting.Rule;
import io.penstock.config.setting.Setting;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The catalogue of topic settings. Every one may be changed while the topic is in use. Where a topic does not set
 * one, the broker settings listed as its fallbacks decide.
 */
public final class TopicSettings {

    private static final long HOUR_MS = 3_600_000L;
    private static final long DAY_MS = 24 * HOUR_MS;

    public static final Setting<List<String>> CLEANUP_POLICY = Setting.ofList(
                    "cleanup.policy",
                    List.of("delete"),
                    anyOf("compact", "delete"),
                    "What happens to old records: delete drops whole segments by age and size, compact keeps the "
                            + "newest record of every key; both may be listed.")
            .fallingBackTo(Fallback.to("log.cleanup.policy"));

    public static final Setting<Long> RETENTION_MS = Setting.ofLong(
                    "retention.ms",
                    7 * DAY_MS,
                    atLeast(-1),
                    "Milliseconds that records are kept under the policy delete; -1 for ever.")
            .fallingBackTo(
                    Fallback.to("log.retention.ms"),
                    new Fallback("log.retention.minutes", 60_000L),
                    new Fallback("log.retention.hours", HOUR_MS));

    public static final Setting<Long> RETENTION_BYTES = Setting.ofLong(
                    "retention.bytes",
                    -1L,
                    any(),
                    "Bytes that a partition keeps under the policy delete; -1 for no bound.")
            .fallingBackTo(Fallback.to("log.retention.bytes"));

    public static final Setting<Integer> SEGMENT_BYTES = Setting.ofInt(
                    "segment.bytes",
                    1_073_741_824,
                    atLeast(1_048_576),
                    "Bytes after which a new segment is begun. Only whole, finished segments are deleted or compacted.")
            .fallingBackTo(Fallback.to("log.segment.bytes"));

    public static final Setting<Integer> INTERNAL_SEGMENT_BYTES = Setting.ofInt(
                    "internal.segment.bytes",
                    null,
                    atLeast(14),
                    "Takes the place of segment.bytes without its lower bound, to see many segments with few records.")
            .asHidden();

    public static final Setting<Long> SEGMENT_MS = Setting.ofLong(
                    "segment.ms",
                    7 * DAY_MS,
                    atLeast(1),
                    "Milliseconds after which a new segment is begun even if the old one is not full.")
            .fallingBackTo(Fallback.to("log.roll.ms"), new Fallback("log.roll.hours", HOUR_MS));

    public static final Setting<Long> SEGMENT_JITTER_MS = Setting.ofLong(
                    "segment.jitter.ms",
                    0L,
                    atLeast(0),
                    "Milliseconds by which, at most and at random, a segment is ended earlier than segment.ms says.")
            .fallingBackTo(Fallback.to("log.roll.jitter.ms"), new Fallback("log.roll.jitter.hours", HOUR_MS));

    public static final Setting<Long> FILE_DELETE_DELAY_MS = Setting.ofLong(
                    "file.delete.delay.ms",
                    60_000L,
                    atLeast(0),
                    "Milliseconds that the file of a deleted segment stays on disk.")
            .fallingBackTo(Fallback.to("log.segment.delete.delay.ms"));

    public static final Setting<Integer> INDEX_INTERVAL_BYTES = Setting.ofInt(
                    "index.interval.bytes",
                    4096,
                    atLeast(0),
                    "Bytes of records between two entries of the offset index, at most.")
            .fallingBackTo(Fallback.to("log.index.interval.bytes"));

    public static final Setting<Long> FLUSH_MESSAGES = Setting.ofLong(
                    "flush.messages",
                    Long.MAX_VALUE,
                    atLeast(1),
                    "Records after which the log is forced to disk; 1 makes every record safe from a power cut "
                            + "before it is acknowledged.")
            .fallingBackTo(Fallback.to("log.flush.interval.messages"));

    public static final Setting<Long> FLUSH_MS = Setting.ofLong(
                    "flush.ms", Long.MAX_VALUE, atLeast(0), "Milliseconds after which a record must be forced to disk.")
            .fallingBackTo(Fallback.to("log.flush.interval.ms"), Fallback.to("log.flush.scheduler.interval.ms"));

    public static final Setting<Integer> MAX_MESSAGE_BYTES = Setting.ofInt(
                    "max.message.bytes",
                    1_048_588,
                    atLeast(0),
                    "Largest record batch in bytes, after compression; a larger one is refused.")
            .fallingBackTo(Fallback.to("message.max.bytes"));

    public static final Setting<Integer> MAX_DECOMPRESSED_BYTES = Setting.ofInt(
                    "max.decompressed.message.bytes",
                    134_217_728,
                    atLeast(1),
                    "Most bytes to which one compressed batch may unpack where the broker has to unpack it; a "
                            + "larger one is refused. A name of Kafka 4.4.")
            .fallingBackTo(Fallback.to("max.decompressed.message.bytes"));

    public static final Setting<String> TIMESTAMP_TYPE = Setting.ofString(
                    "message.timestamp.type",
                    "CreateTime",
                    oneOf("CreateTime", "LogAppendTime"),
                    "Whose clock gives records their time: the producer's or, at the append, the broker's.")
            .fallingBackTo(Fallback.to("log.message.timestamp.type"));

    public static final Setting<Long> TIMESTAMP_BEFORE_MAX_MS = Setting.ofLong(
                    "message.timestamp.before.max.ms",
                    Long.MAX_VALUE,
                    atLeast(0),
                    "Milliseconds by which a record's own time may lie behind the broker's; a batch with an older "
                            + "one is refused. Not looked at under LogAppendTime.")
            .fallingBackTo(Fallback.to("log.message.timestamp.before.max.ms"));

    public static final Setting<Long> TIMESTAMP_AFTER_MAX_MS = Setting.ofLong(
                    "message.timestamp.after.max.ms",
                    HOUR_MS,
                    atLeast(0),
                    "Milliseconds by which a record's own time may lie ahead of the broker's; a batch with a later "
                            + "one is refused. Not looked at under LogAppendTime.")
            .fallingBackTo(Fallback.to("log.message.timestamp.after.max.ms"));

    public static final Setting<String> COMPRESSION_TYPE = Setting.ofString(
                    "compression.type",
                    "producer",
                    oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                    "How batches are stored: producer keeps them as they came, anything else recompresses those "
                            + "that came otherwise.")
            .fallingBackTo(Fallback.to("compression.type"));

    public static final Setting<Integer> GZIP_LEVEL = Setting.ofInt(
                    "compression.gzip.level",
                    -1,
                    betweenOr(1, 9, -1),
                    "Level when compression.type is gzip; -1 is the library's own choice.")
            .fallingBackTo(Fallback.to("compression.gzip.level"));

    public static final Setting<Integer> LZ4_LEVEL = Setting.ofInt(
                    "compression.lz4.level", 9, between(1, 17), "Level when compression.type is lz4.")
            .fallingBackTo(Fallback.to("compression.lz4.level"));

    public static final Setting<Integer> ZSTD_LEVEL = Setting.ofInt(
                    "compression.zstd.level", 3, between(-131_072, 22), "Level when compression.type is zstd.")
            .fallingBackTo(Fallback.to("compression.zstd.level"));

    public static final Setting<Integer> MIN_INSYNC_REPLICAS = Setting.ofInt(
                    "min.insync.replicas",
                    1,
                    atLeast(1),
                    "Replicas that must be in sync for a produce request with acks=all to be accepted.")
            .fallingBackTo(Fallback.to("min.insync.replicas"));

    public static final Setting<Boolean> UNCLEAN_LEADER_ELECTION = Setting.ofBoolean(
                    "unclean.leader.election.enable",
                    false,
                    "Whether a replica that was not in sync may become leader, losing records, when no other is left.")
            .effect(PLANNED)
            .fallingBackTo(Fallback.to("unclean.leader.election.enable"));

    public static final Setting<Long> DELETE_RETENTION_MS = Setting.ofLong(
                    "delete.retention.ms",
                    DAY_MS,
                    atLeast(0),
                    "Milliseconds that compaction keeps the marks of deleted keys, so that slow readers see them.")
            .fallingBackTo(Fallback.to("log.cleaner.delete.retention.ms"));

    public static final Setting<Double> MIN_CLEANABLE_RATIO = Setting.ofDouble(
                    "min.cleanable.dirty.ratio",
                    0.5,
                    between(0, 1),
                    "Share of not yet compacted bytes at which the log is compacted.")
            .fallingBackTo(Fallback.to("log.cleaner.min.cleanable.ratio"));

    public static final Setting<Long> MIN_COMPACTION_LAG_MS = Setting.ofLong(
                    "min.compaction.lag.ms", 0L, atLeast(0), "Milliseconds for which a record is safe from compaction.")
            .fallingBackTo(Fallback.to("log.cleaner.min.compaction.lag.ms"));

    public static final Setting<Long> MAX_COMPACTION_LAG_MS = Setting.ofLong(
                    "max.compaction.lag.ms",
                    Long.MAX_VALUE,
                    atLeast(1),
                    "Milliseconds after which a record must have been compacted. At least min.compaction.lag.ms.")
            .fallingBackTo(Fallback.to("log.cleaner.max.compaction.lag.ms"));

    public static final Setting<Boolean> REMOTE_STORAGE_ENABLE = Setting.ofBoolean(
                    "remote.storage.enable",
                    false,
                    "Tiered storage, which this broker does not have: only false is accepted.")
            .effect(NONE);

    private static final String WITHOUT_TIERED_STORAGE =
            "Accepted for compatibility; without effect: there is no tiered storage.";
    private static final String WITHOUT_REPLICATION =
            "Accepted for compatibility; without effect: replication between brokers is not built yet.";

    private static final Rule<List<String>> THROTTLED_REPLICAS =
            new Rule<>("of partition:broker pairs, or *", TopicSettings::isThrottledReplicas);
    private static final Pattern THROTTLED_REPLICA = Pattern.compile("[0-9]+:[0-9]+");

    private static final Stream<Setting<?>> OF_KAFKA = Stream.<Setting<?>>of(
            CLEANUP_POLICY,
            RETENTION_MS,
            RETENTION_BYTES,
            SEGMENT_BYTES,
            INTERNAL_SEGMENT_BYTES,
            SEGMENT_MS,
            SEGMENT_JITTER_MS,
            FILE_DELETE_DELAY_MS,
            INDEX_INTERVAL_BYTES,
            FLUSH_MESSAGES,
            FLUSH_MS,
            MAX_MESSAGE_BYTES,
            MAX_DECOMPRESSED_BYTES,
            TIMESTAMP_TYPE,
            TIMESTAMP_BEFORE_MAX_MS,
            TIMESTAMP_AFTER_MAX_MS,
            COMPRESSION_TYPE,
            GZIP_LEVEL,
            LZ4_LEVEL,
            ZSTD_LEVEL,
            MIN_INSYNC_REPLICAS,
            UNCLEAN_LEADER_ELECTION,
            DELETE_RETENTION_MS,
            MIN_CLEANABLE_RATIO,
            MIN_COMPACTION_LAG_MS,
            MAX_COMPACTION_LAG_MS,
            REMOTE_STORAGE_ENABLE,
            Setting.ofBoolean("remote.log.copy.disable", false, WITHOUT_TIERED_STORAGE)
                    .effect(NONE),
            Setting.ofBoolean("remote.log.delete.on.disable", false, WITHOUT_TIERED_STORAGE)
                    .effect(NONE),
            Setting.ofLong("local.retention.ms", -2L, atLeast(-2), WITHOUT_TIERED_STORAGE)
                    .effect(NONE)
                    .fallingBackTo(Fallback.to("log.local.retention.ms")),
            Setting.ofLong("local.retention.bytes", -2L, atLeast(-2), WITHOUT_TIERED_STORAGE)
                    .effect(NONE)
                    .fallingBackTo(Fallback.to("log.local.retention.bytes")),
            Setting.ofList("leader.replication.throttled.replicas", List.of(), THROTTLED_REPLICAS, WITHOUT_REPLICATION)
                    .effect(NONE),
            Setting.ofList(
                            "follower.replication.throttled.replicas",
                            List.of(),
                            THROTTLED_REPLICAS,
                            WITHOUT_REPLICATION)
                    .effect(NONE),
            Setting.ofInt(
                            "segment.index.bytes",
                            10_485_760,
                            atLeast(4),
                            "Accepted for compatibility; without effect: the index grows with its segment.")
                    .effect(NONE)
                    .fallingBackTo(Fallback.to("log.index.size.max.bytes")),
            Setting.ofBoolean(
                            "preallocate",
                            false,
                            "Accepted for compatibility; without effect: blocks ahead of the write "
                                    + "position are always reserved.")
                    .effect(NONE)
                    .fallingBackTo(Fallback.to("log.preallocate")));

    static final List<Setting<?>> ALL = Stream.concat(OF_KAFKA, DeliverySettings.ALL.stream())
            .<Setting<?>>map(setting -> setting.updateMode(CLUSTER_WIDE))
            .toList();

    /** Every topic setting that this release knows. */
    public static final Catalogue CATALOGUE = Catalogue.of(ALL);

    private TopicSettings() {}

    private static boolean isThrottledReplicas(List<String> replicas) {
        return replicas.equals(List.of("*"))
                || replicas.stream()
                        .allMatch(replica -> THROTTLED_REPLICA.matcher(replica).matches());
    }
}
