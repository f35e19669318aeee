package io.penstock.config;

import static io.penstock.config.setting.Importance.HIGH;
import static io.penstock.config.setting.Importance.LOW;
import static io.penstock.config.setting.Rule.any;
import static io.penstock.config.setting.Rule.anyOf;
import static io.penstock.config.setting.Rule.atLeast;
import static io.penstock.config.setting.Rule.between;
import static io.penstock.config.setting.Rule.betweenOr;
import static io.penstock.config.setting.Rule.oneOf;
import static io.penstock.config.setting.UpdateMode.CLUSTER_WIDE;

import io.penstock.config.setting.Fallback;
import io.penstock.config.setting.Rule;
import io.penstock.config.setting.Setting;
import java.util.List;

/** Broker-wide defaults of the topic settings in {@link TopicSettings}, and how logs are looked after. */
public final class LogSettings {

    private static final long HOUR_MS = 3_600_000L;
    private static final long MINUTE_MS = 60_000L;

    public static final Setting<Integer> MESSAGE_MAX_BYTES = Setting.ofInt(
                    "message.max.bytes",
                    1_048_588,
                    atLeast(0),
                    "Largest record batch in bytes, after compression. Default of max.message.bytes.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> MAX_DECOMPRESSED_BYTES = Setting.ofInt(
                    "max.decompressed.message.bytes",
                    134_217_728,
                    atLeast(1),
                    "Most bytes to which one compressed batch may unpack where the broker has to unpack it; a "
                            + "larger one is refused. A name of Kafka 4.4.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<List<String>> CLEANUP_POLICY = Setting.ofList(
                    "log.cleanup.policy",
                    List.of("delete"),
                    anyOf("compact", "delete"),
                    "What happens to old records. Default of cleanup.policy.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> RETENTION_BYTES = Setting.ofLong(
                    "log.retention.bytes",
                    -1L,
                    any(),
                    "Size in bytes that a partition keeps; the oldest segments above it are deleted. -1 for no "
                            + "bound. Default of retention.bytes.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> RETENTION_HOURS = Setting.ofInt(
                    "log.retention.hours",
                    168,
                    any(),
                    "Hours that records are kept when neither log.retention.ms nor log.retention.minutes is given.")
            .importance(HIGH);

    public static final Setting<Integer> RETENTION_MINUTES = Setting.ofInt(
                    "log.retention.minutes",
                    null,
                    any(),
                    "Minutes that records are kept when log.retention.ms is not given.")
            .importance(HIGH);

    public static final Setting<Long> RETENTION_MS = Setting.ofLong(
                    "log.retention.ms",
                    null,
                    any(),
                    "Milliseconds that records are kept; -1 for ever. Default of retention.ms.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE)
            .fallingBackTo(
                    new Fallback("log.retention.minutes", MINUTE_MS), new Fallback("log.retention.hours", HOUR_MS));

    public static final Setting<Long> RETENTION_CHECK_INTERVAL_MS = Setting.ofLong(
            "log.retention.check.interval.ms",
            300_000L,
            atLeast(1),
            "Milliseconds between two looks at whether segments are to be deleted.");

    public static final Setting<Integer> SEGMENT_BYTES = Setting.ofInt(
                    "log.segment.bytes",
                    1_073_741_824,
                    atLeast(1_048_576),
                    "Bytes after which a new segment is begun. Default of segment.bytes.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> ROLL_HOURS = Setting.ofInt(
                    "log.roll.hours",
                    168,
                    atLeast(1),
                    "Hours after which a new segment is begun when log.roll.ms is not given.")
            .importance(HIGH);

    public static final Setting<Long> ROLL_MS = Setting.ofLong(
                    "log.roll.ms",
                    null,
                    atLeast(1),
                    "Milliseconds after which a new segment is begun even if the old one is not full. Default of "
                            + "segment.ms.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE)
            .fallingBackTo(new Fallback("log.roll.hours", HOUR_MS));

    public static final Setting<Integer> ROLL_JITTER_HOURS = Setting.ofInt(
                    "log.roll.jitter.hours",
                    0,
                    atLeast(0),
                    "Hours by which a segment may be ended early when log.roll.jitter.ms is not given.")
            .importance(HIGH);

    public static final Setting<Long> ROLL_JITTER_MS = Setting.ofLong(
                    "log.roll.jitter.ms",
                    null,
                    atLeast(0),
                    "Milliseconds by which, at most and at random, a segment is ended earlier than log.roll.ms "
                            + "says. Default of segment.jitter.ms.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE)
            .fallingBackTo(new Fallback("log.roll.jitter.hours", HOUR_MS));

    public static final Setting<Long> SEGMENT_DELETE_DELAY_MS = Setting.ofLong(
                    "log.segment.delete.delay.ms",
                    60_000L,
                    atLeast(0),
                    "Milliseconds that the file of a deleted segment stays on disk. Default of file.delete.delay.ms.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> INDEX_INTERVAL_BYTES = Setting.ofInt(
                    "log.index.interval.bytes",
                    4096,
                    atLeast(0),
                    "Bytes of records between two entries of the offset index, at most. Default of "
                            + "index.interval.bytes.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> FLUSH_INTERVAL_MESSAGES = Setting.ofLong(
                    "log.flush.interval.messages",
                    Long.MAX_VALUE,
                    atLeast(1),
                    "Records after which a log is forced to disk. Default of flush.messages.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> FLUSH_SCHEDULER_INTERVAL_MS = Setting.ofLong(
                    "log.flush.scheduler.interval.ms",
                    Long.MAX_VALUE,
                    atLeast(1),
                    "Milliseconds after which a record must be forced to disk when log.flush.interval.ms is not given.")
            .importance(HIGH);

    public static final Setting<Long> FLUSH_INTERVAL_MS = Setting.ofLong(
                    "log.flush.interval.ms",
                    null,
                    atLeast(0),
                    "Milliseconds after which a record must be forced to disk. Default of flush.ms.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE)
            .fallingBackTo(Fallback.to("log.flush.scheduler.interval.ms"));

    public static final Setting<String> TIMESTAMP_TYPE = Setting.ofString(
                    "log.message.timestamp.type",
                    "CreateTime",
                    oneOf("CreateTime", "LogAppendTime"),
                    "Whose clock gives records their time. Default of message.timestamp.type.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> TIMESTAMP_BEFORE_MAX_MS = Setting.ofLong(
                    "log.message.timestamp.before.max.ms",
                    Long.MAX_VALUE,
                    atLeast(0),
                    "Milliseconds by which a record's own time may lie behind the broker's. Default of "
                            + "message.timestamp.before.max.ms.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> TIMESTAMP_AFTER_MAX_MS = Setting.ofLong(
                    "log.message.timestamp.after.max.ms",
                    HOUR_MS,
                    atLeast(0),
                    "Milliseconds by which a record's own time may lie ahead of the broker's. Default of "
                            + "message.timestamp.after.max.ms.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<String> COMPRESSION_TYPE = Setting.ofString(
                    "compression.type",
                    "producer",
                    oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                    "How batches are stored: as the producer compressed them, or recompressed. Default of the "
                            + "topic setting of the same name.")
            .importance(HIGH)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> GZIP_LEVEL = Setting.ofInt(
                    "compression.gzip.level",
                    -1,
                    betweenOr(1, 9, -1),
                    "Level when compression.type is gzip; -1 is the library's own choice.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> LZ4_LEVEL = Setting.ofInt(
                    "compression.lz4.level", 9, between(1, 17), "Level when compression.type is lz4.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> ZSTD_LEVEL = Setting.ofInt(
                    "compression.zstd.level", 3, between(-131_072, 22), "Level when compression.type is zstd.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> DELETE_RETENTION_MS = Setting.ofLong(
                    "log.cleaner.delete.retention.ms",
                    86_400_000L,
                    atLeast(0),
                    "Milliseconds that compaction keeps the marks of deleted keys. Default of delete.retention.ms.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Double> MIN_CLEANABLE_RATIO = Setting.ofDouble(
                    "log.cleaner.min.cleanable.ratio",
                    0.5,
                    between(0, 1),
                    "Share of not yet compacted bytes at which a log is compacted. Default of "
                            + "min.cleanable.dirty.ratio.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> MIN_COMPACTION_LAG_MS = Setting.ofLong(
                    "log.cleaner.min.compaction.lag.ms",
                    0L,
                    atLeast(0),
                    "Milliseconds for which a record is safe from compaction. Default of min.compaction.lag.ms.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> MAX_COMPACTION_LAG_MS = Setting.ofLong(
                    "log.cleaner.max.compaction.lag.ms",
                    Long.MAX_VALUE,
                    atLeast(1),
                    "Milliseconds after which a record must have been compacted. Default of max.compaction.lag.ms.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Boolean> CLEANER_ENABLE =
            Setting.ofBoolean("log.cleaner.enable", true, "Whether logs with the policy compact are compacted.");

    public static final Setting<Integer> CLEANER_THREADS = Setting.ofInt(
                    "log.cleaner.threads", 1, atLeast(0), "Logs that are compacted at the same time, at most.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> CLEANER_DEDUPE_BUFFER_SIZE = Setting.ofLong(
                    "log.cleaner.dedupe.buffer.size",
                    134_217_728L,
                    atLeast(1),
                    "Bytes of memory for the tables of keys of all compactions together, 24 for each key; never more "
                            + "than a quarter of the heap.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Double> CLEANER_LOAD_FACTOR = Setting.ofDouble(
                    "log.cleaner.io.buffer.load.factor",
                    0.9,
                    new Rule<>("above 0 and at most 1", load -> load > 0 && load <= 1),
                    "Share of a table of keys that may be filled; a fuller one covers more keys and is slower.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Double> CLEANER_MAX_BYTES_PER_SECOND = Setting.ofDouble(
                    "log.cleaner.io.max.bytes.per.second",
                    Double.MAX_VALUE,
                    new Rule<>("of at least 1", rate -> rate >= 1),
                    "Bytes that all compactions together read and write in a second, at most.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Long> CLEANER_BACKOFF_MS = Setting.ofLong(
                    "log.cleaner.backoff.ms",
                    15_000L,
                    atLeast(0),
                    "Milliseconds to wait when no log is to be compacted, before looking again.")
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> PRODUCER_ID_EXPIRATION_MS = Setting.ofInt(
                    "producer.id.expiration.ms",
                    86_400_000,
                    atLeast(1),
                    "Milliseconds after its last record at which a partition forgets an idempotent producer.")
            .importance(LOW)
            .updateMode(CLUSTER_WIDE);

    public static final Setting<Integer> PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS = Setting.ofInt(
                    "producer.id.expiration.check.interval.ms",
                    600_000,
                    atLeast(1),
                    "Milliseconds between looks for producers to forget; one is taken with every look for records to "
                            + "delete too.")
            .importance(LOW)
            .asHidden();

    static final List<Setting<?>> ALL = List.of(
            MESSAGE_MAX_BYTES,
            MAX_DECOMPRESSED_BYTES,
            CLEANUP_POLICY,
            RETENTION_BYTES,
            RETENTION_HOURS,
            RETENTION_MINUTES,
            RETENTION_MS,
            RETENTION_CHECK_INTERVAL_MS,
            SEGMENT_BYTES,
            ROLL_HOURS,
            ROLL_MS,
            ROLL_JITTER_HOURS,
            ROLL_JITTER_MS,
            SEGMENT_DELETE_DELAY_MS,
            INDEX_INTERVAL_BYTES,
            FLUSH_INTERVAL_MESSAGES,
            FLUSH_SCHEDULER_INTERVAL_MS,
            FLUSH_INTERVAL_MS,
            TIMESTAMP_TYPE,
            TIMESTAMP_BEFORE_MAX_MS,
            TIMESTAMP_AFTER_MAX_MS,
            COMPRESSION_TYPE,
            GZIP_LEVEL,
            LZ4_LEVEL,
            ZSTD_LEVEL,
            DELETE_RETENTION_MS,
            MIN_CLEANABLE_RATIO,
            MIN_COMPACTION_LAG_MS,
            MAX_COMPACTION_LAG_MS,
            CLEANER_ENABLE,
            CLEANER_THREADS,
            CLEANER_DEDUPE_BUFFER_SIZE,
            CLEANER_LOAD_FACTOR,
            CLEANER_MAX_BYTES_PER_SECOND,
            CLEANER_BACKOFF_MS,
            PRODUCER_ID_EXPIRATION_MS,
            PRODUCER_ID_EXPIRATION_CHECK_INTERVAL_MS);

    private LogSettings() {}
}
