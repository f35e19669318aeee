package io.penstock.storage;

/**
 * A record's place in time and in the log.
 *
 * @param timestampMs the record's own timestamp
 * @param offset the record's offset
 * @param leaderEpoch epoch of the batch that holds it
 */
public record TimestampedOffset(long timestampMs, long offset, int leaderEpoch) {}
