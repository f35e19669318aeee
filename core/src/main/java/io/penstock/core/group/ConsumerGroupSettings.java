package io.penstock.core.group;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the broker's settings, and those of a single group, say about consumer groups. Immutable.
 *
 * @param sessionTimeoutMs without a heartbeat for so long a member is dropped ({@code group.consumer.session.timeout.ms})
 * @param heartbeatIntervalMs what members are told to keep ({@code group.consumer.heartbeat.interval.ms})
 * @param maxMembers most members of one group ({@code group.consumer.max.size})
 * @param assignors names of the assignors that members may ask for, the default first ({@code group.consumer.assignors})
 * @param migrationPolicy which groups with members may change their protocol ({@code group.consumer.migration.policy})
 * @param assignmentIntervalMs least time between two targets of a group ({@code group.consumer.assignment.interval.ms})
 * @param regexRefreshIntervalMs how often to look patterns up again although no topic has come
 *     ({@code group.consumer.regex.refresh.interval.ms})
 * @param bounds what a group may set for itself
 */
public record ConsumerGroupSettings(
        int sessionTimeoutMs,
        int heartbeatIntervalMs,
        int maxMembers,
        List<String> assignors,
        MigrationPolicy migrationPolicy,
        int assignmentIntervalMs,
        int regexRefreshIntervalMs,
        Bounds bounds) {
    public static final String SESSION_TIMEOUT_KEY = "consumer.session.timeout.ms";
    public static final String HEARTBEAT_INTERVAL_KEY = "consumer.heartbeat.interval.ms";
    public static final String ASSIGNMENT_INTERVAL_KEY = "consumer.assignment.interval.ms";

    public static final ConsumerGroupSettings DEFAULT = new ConsumerGroupSettings(
            45_000,
            5_000,
            Integer.MAX_VALUE,
            List.of("uniform", "range"),
            MigrationPolicy.BIDIRECTIONAL,
            1_000,
            600_000,
            Bounds.NONE);

    /** The least and the greatest value of a setting, both inclusive. */
    public record Bound(int least, int greatest) {
        int nearest(int value) {
            return Math.max(least, Math.min(value, greatest));
        }
    }

    /** Bounds of what groups set for themselves ({@code group.consumer.min.*} and {@code group.consumer.max.*}). */
    public record Bounds(Bound sessionTimeoutMs, Bound heartbeatIntervalMs, Bound assignmentIntervalMs) {
        static final Bounds NONE = new Bounds(
                new Bound(1, Integer.MAX_VALUE), new Bound(1, Integer.MAX_VALUE), new Bound(0, Integer.MAX_VALUE));
    }

    public ConsumerGroupSettings {
        assignors = List.copyOf(assignors);
        require(sessionTimeoutMs >= 1, "group.consumer.session.timeout.ms", sessionTimeoutMs);
        require(heartbeatIntervalMs >= 1, "group.consumer.heartbeat.interval.ms", heartbeatIntervalMs);
        require(maxMembers >= 1, "group.consumer.max.size", maxMembers);
        require(!assignors.isEmpty(), "group.consumer.assignors", 0);
        require(assignmentIntervalMs >= 0, "group.consumer.assignment.interval.ms", assignmentIntervalMs);
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }

    /** The assignor of groups whose members have no preference. */
    public String defaultAssignor() {
        return assignors.get(0);
    }

    /**
     * The settings of one group. A value beyond its bounds counts as the nearest one within: the broker may have been started with
     * narrower ones after it was accepted.
     *
     * @param overrides what is configured for that group alone; keys that are none of ours do not matter
     */
    public ConsumerGroupSettings with(Map<String, String> overrides) {
        if (overrides.isEmpty()) {
            return this;
        }
        return new ConsumerGroupSettings(
                number(overrides.get(SESSION_TIMEOUT_KEY), bounds.sessionTimeoutMs(), sessionTimeoutMs),
                number(overrides.get(HEARTBEAT_INTERVAL_KEY), bounds.heartbeatIntervalMs(), heartbeatIntervalMs),
                maxMembers,
                assignors,
                migrationPolicy,
                number(overrides.get(ASSIGNMENT_INTERVAL_KEY), bounds.assignmentIntervalMs(), assignmentIntervalMs),
                regexRefreshIntervalMs,
                bounds);
    }

    /** Values are checked when they are stored; one that got there by another way is as if it were not there. */
    private static int number(@Nullable String value, Bound bound, int otherwise) {
        if (value == null || !value.matches("\\d{1,9}")) {
            return otherwise;
        }
        return bound.nearest(Integer.parseInt(value));
    }
}
