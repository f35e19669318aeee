package io.penstock.core.group;

/**
 * What group coordinators must know of the broker's settings. Immutable: none of these changes while the broker runs.
 *
 * @param minSessionTimeoutMs {@code group.min.session.timeout.ms}
 * @param maxSessionTimeoutMs {@code group.max.session.timeout.ms}
 * @param initialRebalanceDelayMs how long an empty group waits for more members after the first
 *     ({@code group.initial.rebalance.delay.ms})
 * @param maxMembers most members of a classic group ({@code group.max.size})
 * @param offsetsRetentionMs how long offsets outlive their group's last member ({@code offsets.retention.minutes})
 * @param offsetsCheckIntervalMs how often to look for expired ones ({@code offsets.retention.check.interval.ms})
 * @param offsetMetadataMaxChars longest text with an offset ({@code offset.metadata.max.bytes}; Kafka counts characters, too)
 * @param maxMemberBytes most bytes that the members of all groups of a shard may say; beyond that no new one is let in
 * @param maxWaitingCommands most commands of a shard that wait for others to be written; more are sent away to try again
 * @param consumer what is about consumer groups alone
 * @param streams what is about streams groups alone
 */
public record GroupSettings(
        int minSessionTimeoutMs,
        int maxSessionTimeoutMs,
        int initialRebalanceDelayMs,
        int maxMembers,
        long offsetsRetentionMs,
        long offsetsCheckIntervalMs,
        int offsetMetadataMaxChars,
        long maxMemberBytes,
        int maxWaitingCommands,
        ConsumerGroupSettings consumer,
        StreamsGroupSettings streams) {

    public static final GroupSettings DEFAULT =
            new GroupSettings(6_000, 1_800_000, 0, Integer.MAX_VALUE, 604_800_000L, 600_000L, 4096, 64L << 20, 10_000);

    /** With the default settings of streams groups. */
    public GroupSettings(
            int minSessionTimeoutMs,
            int maxSessionTimeoutMs,
            int initialRebalanceDelayMs,
            int maxMembers,
            long offsetsRetentionMs,
            long offsetsCheckIntervalMs,
            int offsetMetadataMaxChars,
            long maxMemberBytes,
            int maxWaitingCommands,
            ConsumerGroupSettings consumer) {
        this(
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                initialRebalanceDelayMs,
                maxMembers,
                offsetsRetentionMs,
                offsetsCheckIntervalMs,
                offsetMetadataMaxChars,
                maxMemberBytes,
                maxWaitingCommands,
                consumer,
                StreamsGroupSettings.DEFAULT);
    }

    /** With the default settings of consumer and streams groups. */
    public GroupSettings(
            int minSessionTimeoutMs,
            int maxSessionTimeoutMs,
            int initialRebalanceDelayMs,
            int maxMembers,
            long offsetsRetentionMs,
            long offsetsCheckIntervalMs,
            int offsetMetadataMaxChars,
            long maxMemberBytes,
            int maxWaitingCommands) {
        this(
                minSessionTimeoutMs,
                maxSessionTimeoutMs,
                initialRebalanceDelayMs,
                maxMembers,
                offsetsRetentionMs,
                offsetsCheckIntervalMs,
                offsetMetadataMaxChars,
                maxMemberBytes,
                maxWaitingCommands,
                ConsumerGroupSettings.DEFAULT);
    }

    public GroupSettings {
        require(initialRebalanceDelayMs >= 0, "group.initial.rebalance.delay.ms", initialRebalanceDelayMs);
        require(maxMembers >= 1, "group.max.size", maxMembers);
        require(offsetsRetentionMs >= 1, "offsets.retention.minutes in ms", offsetsRetentionMs);
        require(offsetsCheckIntervalMs >= 1, "offsets.retention.check.interval.ms", offsetsCheckIntervalMs);
        require(maxWaitingCommands >= 0, "waiting commands", maxWaitingCommands);
    }

    private static void require(boolean holds, String key, long value) {
        if (!holds) {
            throw new IllegalArgumentException(key + " out of range: " + value);
        }
    }
}
