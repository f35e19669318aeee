package io.penstock.core.partition;

/**
 * A ListOffsets question.
 *
 * @param timestamp milliseconds, or one of Kafka's negative marks: -1 latest, -2 earliest, -3 max timestamp, -4 earliest local,
 *     -5 latest tiered, -6 earliest pending upload
 * @param readCommitted whether "latest" means the last stable offset
 */
public record OffsetQuery(long timestamp, int currentLeaderEpoch, boolean readCommitted) {}
