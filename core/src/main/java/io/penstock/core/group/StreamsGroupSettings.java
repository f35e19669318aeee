package io.penstock.core.group;

import io.penstock.core.group.ConsumerGroupSettings.Bound;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the broker's settings, and those of a single group, say about streams groups. Immutable.
 *
 * @param sessionTimeoutMs without a heartbeat for so long a member is dropped ({@code group.streams.session.timeout.ms})
 * @param heartbeatIntervalMs what members are told to keep ({@code group.streams.heartbeat.interval.ms})
 * @param maxMembers most members of one group ({@code group.streams.max.size})
 * @param standbyReplicas standby tasks for each task with state ({@code group.streams.num.standby.replicas})
 * @param initialRebalanceDelayMs how long an empty group waits for more members after the first
 *     ({@code group.streams.initial.rebalance.delay.ms})
 * @param assignmentIntervalMs least time between two targets of a group ({@code group.streams.assignment.interval.ms})
 * @param bounds what a group may set for itself
 */
public record StreamsGroupSettings(
        int sessionTimeoutMs,
        int heartbeatIntervalMs,
        int maxMembers,
        int standbyReplicas,
        int initialRebalanceDelayMs,
        int assignmentIntervalMs,
        Bounds bounds) {
    public static final String SESSION_TIMEOUT_KEY = "streams.session.timeout.ms";
    public static final String HEARTBEAT_INTERVAL_KEY = "streams.heartbeat.interval.ms";
    public static final String STANDBY_REPLICAS_KEY = "streams.num.standby.replicas";
    public static final String INITIAL_REBALANCE_DELAY_KEY = "streams.initial.rebalance.delay.ms";
    public static final String ASSIGNMENT_INTERVAL_KEY = "streams.assignment.interval.ms";

    public static final StreamsGroupSettings DEFAULT =
            new StreamsGroupSettings(45_000, 5_000, Integer.MAX_VALUE, 0, 3_000, 1_000, Bounds.NONE);

    /** Bounds of what groups set for themselves ({@code group.streams.min.*} and {@code group.streams.max.*}). */
    public record Bounds(
            Bound sessionTimeoutMs, Bound heartbeatIntervalMs, Bound standbyReplicas, Bound assignmentIntervalMs) {
        public static final Bounds NONE = new Bounds(
                new Bound(1, Integer.MAX_VALUE),
                new Bound(1, Integer.MAX_VALUE),
                new Bound(0, Integer.MAX_VALUE),
                new Bound(0, Integer.MAX_VALUE));
    }

    private static final Bound NOT_NEGATIVE = new Bound(0, Integer.MAX_VALUE);

    public StreamsGroupSettings {
        require(sessionTimeoutMs >= 1, "group.streams.session.timeout.ms", sessionTimeoutMs);
        require(heartbeatIntervalMs >= 1, "group.streams.heartbeat.interval.ms", heartbeatIntervalMs);
        require(maxMembers >= 1, "group.streams.max.size", maxMembers);
        require(standbyReplicas >= 0, "group.streams.num.standby.replicas", standbyReplicas);
        require(initialRebalanceDelayMs >= 0, "group.streams.initial.rebalance.delay.ms", initialRebalanceDelayMs);
        require(assignmentIntervalMs >= 0, "group.streams.assignment.interval.ms", assignmentIntervalMs);
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }

    /**
     * The settings of one group. A value beyond its bounds counts as the nearest one within: the broker may have been started with
     * narrower ones after it was accepted.
     *
     * @param overrides what is configured for that group alone; keys that are none of ours do not matter
     */
    public StreamsGroupSettings with(Map<String, String> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        return new StreamsGroupSettings(
                number(overrides.get(SESSION_TIMEOUT_KEY), bounds.sessionTimeoutMs(), sessionTimeoutMs),
                number(overrides.get(HEARTBEAT_INTERVAL_KEY), bounds.heartbeatIntervalMs(), heartbeatIntervalMs),
                maxMembers,
                number(overrides.get(STANDBY_REPLICAS_KEY), bounds.standbyReplicas(), standbyReplicas),
                number(overrides.get(INITIAL_REBALANCE_DELAY_KEY), NOT_NEGATIVE, initialRebalanceDelayMs),
                number(overrides.get(ASSIGNMENT_INTERVAL_KEY), bounds.assignmentIntervalMs(), assignmentIntervalMs),
                bounds);
    }

    /** Values are checked when they are stored; one that got there by another way is as if it were not there. */
    private static int number(@Nullable String value, Bound bound, int otherwise) {
        if (value == null || !value.matches("\\d{1,9}")) {
            return otherwise;
        }
        return bound.nearest(Integer.parseInt(value));
    }

    /** The settings by which tasks are shared out, as they are kept with the group. */
    Map<String, String> assignmentConfigs() {
        return Map.of("num.standby.replicas", Integer.toString(standbyReplicas));
    }
}
