package io.penstock.config;

import static io.penstock.config.setting.Rule.atLeast;
import static io.penstock.config.setting.Rule.oneOf;

import io.penstock.config.setting.Catalogue;
import io.penstock.config.setting.Effect;
import io.penstock.config.setting.Fallback;
import io.penstock.config.setting.Rule;
import io.penstock.config.setting.Setting;
import io.penstock.config.setting.UpdateMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue of group settings: what may be set for one group, whether or not the group exists yet. Where a group does not set one,
 * the broker setting that is its fallback decides. Settings of share groups are known and checked, so that they can be made ready, but
 * nothing reads them yet.
 */
public final class GroupConfigSettings {

    public static final Setting<Integer> CONSUMER_SESSION_TIMEOUT_MS = ofBroker(
            "consumer.session.timeout.ms",
            45_000,
            1,
            "Milliseconds without a heartbeat after which a member of this new-style consumer group is dropped.");

    public static final Setting<Integer> CONSUMER_HEARTBEAT_INTERVAL_MS = ofBroker(
            "consumer.heartbeat.interval.ms",
            5000,
            1,
            "Milliseconds between heartbeats that members of this new-style consumer group are told to keep.");

    public static final Setting<Integer> CONSUMER_ASSIGNMENT_INTERVAL_MS = ofBroker(
            "consumer.assignment.interval.ms",
            1000,
            0,
            "Least milliseconds between two new assignments of this new-style consumer group.");

    public static final Setting<Integer> SHARE_SESSION_TIMEOUT_MS = ofBroker(
            "share.session.timeout.ms",
            45_000,
            1,
            "Milliseconds without a heartbeat after which a member of this share group is dropped.");

    public static final Setting<Integer> SHARE_HEARTBEAT_INTERVAL_MS = ofBroker(
            "share.heartbeat.interval.ms",
            5000,
            1,
            "Milliseconds between heartbeats that members of this share group are told to keep.");

    public static final Setting<Integer> SHARE_ASSIGNMENT_INTERVAL_MS = ofBroker(
            "share.assignment.interval.ms",
            1000,
            0,
            "Least milliseconds between two new assignments of this share group.");

    public static final Setting<Integer> SHARE_RECORD_LOCK_DURATION_MS = ofBroker(
            "share.record.lock.duration.ms",
            30_000,
            1000,
            "Milliseconds for which a member of this share group holds a record that it acquired.");

    public static final Setting<Integer> SHARE_DELIVERY_COUNT_LIMIT =
            ofBroker("share.delivery.count.limit", 5, 2, "Most times that a record is delivered to this share group.");

    public static final Setting<Integer> SHARE_PARTITION_MAX_RECORD_LOCKS = ofBroker(
            "share.partition.max.record.locks",
            2000,
            100,
            "Most records of one partition that this share group holds at a time.");

    public static final Setting<String> SHARE_AUTO_OFFSET_RESET = Setting.ofString(
            "share.auto.offset.reset",
            "latest",
            new Rule<>("that is latest, earliest or by_duration:PnDTnHnMn.nS", GroupConfigSettings::isOffsetReset),
            "Where this share group begins in a partition that it has not read: latest, earliest, or so long ago.");

    public static final Setting<String> SHARE_ISOLATION_LEVEL = Setting.ofString(
            "share.isolation.level",
            "read_uncommitted",
            oneOf("read_committed", "read_uncommitted"),
            "Whether this share group is given only records of committed transactions.");

    public static final Setting<Boolean> SHARE_RENEW_ACKNOWLEDGE_ENABLE = Setting.ofBoolean(
            "share.renew.acknowledge.enable",
            true,
            "Whether members of this share group may hold a record longer by renewing their lock.");

    public static final Setting<Integer> STREAMS_SESSION_TIMEOUT_MS = ofBroker(
            "streams.session.timeout.ms",
            45_000,
            1,
            "Milliseconds without a heartbeat after which a member of this streams group is dropped.");

    public static final Setting<Integer> STREAMS_HEARTBEAT_INTERVAL_MS = ofBroker(
            "streams.heartbeat.interval.ms",
            5000,
            1,
            "Milliseconds between heartbeats that members of this streams group are told to keep.");

    public static final Setting<Integer> STREAMS_ASSIGNMENT_INTERVAL_MS = ofBroker(
            "streams.assignment.interval.ms",
            1000,
            0,
            "Least milliseconds between two new assignments of this streams group.");

    public static final Setting<Integer> STREAMS_NUM_STANDBY_REPLICAS =
            ofBroker("streams.num.standby.replicas", 0, 0, "Standby replicas of each task of this streams group.");

    public static final Setting<Integer> STREAMS_INITIAL_REBALANCE_DELAY_MS = ofBroker(
            "streams.initial.rebalance.delay.ms",
            3000,
            0,
            "Milliseconds that this streams group, while it is new, waits for more members before its first"
                    + " assignment.");

    static final List<Setting<?>> ALL = Stream.<Setting<?>>of(
                    CONSUMER_SESSION_TIMEOUT_MS,
                    CONSUMER_HEARTBEAT_INTERVAL_MS,
                    CONSUMER_ASSIGNMENT_INTERVAL_MS,
                    SHARE_SESSION_TIMEOUT_MS,
                    SHARE_HEARTBEAT_INTERVAL_MS,
                    SHARE_ASSIGNMENT_INTERVAL_MS,
                    SHARE_RECORD_LOCK_DURATION_MS,
                    SHARE_DELIVERY_COUNT_LIMIT,
                    SHARE_PARTITION_MAX_RECORD_LOCKS,
                    SHARE_AUTO_OFFSET_RESET,
                    SHARE_ISOLATION_LEVEL,
                    SHARE_RENEW_ACKNOWLEDGE_ENABLE,
                    STREAMS_SESSION_TIMEOUT_MS,
                    STREAMS_HEARTBEAT_INTERVAL_MS,
                    STREAMS_ASSIGNMENT_INTERVAL_MS,
                    STREAMS_NUM_STANDBY_REPLICAS,
                    STREAMS_INITIAL_REBALANCE_DELAY_MS)
            .<Setting<?>>map(setting -> setting.effect(effectOf(setting.key())).updateMode(UpdateMode.CLUSTER_WIDE))
            .toList();

    public static final Catalogue CATALOGUE = Catalogue.of(ALL);

    /**
     * What the broker's own settings allow a group to set.
     *
     * @param minKey broker setting with the least value, or null if there is none
     * @param maxKey broker setting with the greatest value
     */
    public record Bound(Setting<Integer> setting, @Nullable String minKey, String maxKey) {}

    /** All bounds, in the order in which they are checked. */
    public static final List<Bound> BOUNDS = List.of(
            within(
                    CONSUMER_HEARTBEAT_INTERVAL_MS,
                    "group.consumer.min.",
                    "group.consumer.max.",
                    "heartbeat.interval.ms"),
            within(CONSUMER_SESSION_TIMEOUT_MS, "group.consumer.min.", "group.consumer.max.", "session.timeout.ms"),
            within(
                    CONSUMER_ASSIGNMENT_INTERVAL_MS,
                    "group.consumer.min.",
                    "group.consumer.max.",
                    "assignment.interval.ms"),
            within(SHARE_HEARTBEAT_INTERVAL_MS, "group.share.min.", "group.share.max.", "heartbeat.interval.ms"),
            within(SHARE_SESSION_TIMEOUT_MS, "group.share.min.", "group.share.max.", "session.timeout.ms"),
            within(SHARE_RECORD_LOCK_DURATION_MS, "group.share.min.", "group.share.max.", "record.lock.duration.ms"),
            within(SHARE_DELIVERY_COUNT_LIMIT, "group.share.min.", "group.share.max.", "delivery.count.limit"),
            within(
                    SHARE_PARTITION_MAX_RECORD_LOCKS,
                    "group.share.min.",
                    "group.share.max.",
                    "partition.max.record.locks"),
            within(SHARE_ASSIGNMENT_INTERVAL_MS, "group.share.min.", "group.share.max.", "assignment.interval.ms"),
            within(STREAMS_HEARTBEAT_INTERVAL_MS, "group.streams.min.", "group.streams.max.", "heartbeat.interval.ms"),
            within(STREAMS_SESSION_TIMEOUT_MS, "group.streams.min.", "group.streams.max.", "session.timeout.ms"),
            new Bound(STREAMS_NUM_STANDBY_REPLICAS, null, "group.streams.max.standby.replicas"),
            within(
                    STREAMS_ASSIGNMENT_INTERVAL_MS,
                    "group.streams.min.",
                    "group.streams.max.",
                    "assignment.interval.ms"));

    private GroupConfigSettings() {}

    /** Of the three kinds of groups that have settings, two are built. */
    private static Effect effectOf(String key) {
        return key.startsWith("share.") ? Effect.PLANNED : Effect.ACTIVE;
    }

    /** A setting with a twin among the broker settings, whose name begins with {@code group.}. */
    private static Setting<Integer> ofBroker(String key, int defaultValue, long least, String doc) {
        return Setting.ofInt(key, defaultValue, atLeast(least), doc).fallingBackTo(Fallback.to("group." + key));
    }

    private static Bound within(Setting<Integer> setting, String min, String max, String rest) {
        return new Bound(setting, min + rest, max + rest);
    }

    private static boolean isOffsetReset(String text) {
        String duration = "by_duration:";
        if (!text.startsWith(duration)) {
            return text.equals("latest") || text.equals("earliest");
        }
        try {
            return !Duration.parse(text.substring(duration.length())).isNegative();
        } catch (DateTimeParseException notADuration) {
            return false; // the rule's own words say what is expected
        }
    }
}
