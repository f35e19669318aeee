package io.penstock.core.partition;

/**
 * An append that is in the log but not yet acknowledged. Immutable.
 *
 * @param token whom to tell
 * @param result what to tell when both offsets are reached
 * @param highWatermark least high watermark, -1 if it does not matter
 * @param syncedOffset least synced offset, -1 if it does not matter
 * @param deadlineMs monotonic time at which the waiting ends
 */
public record PendingAck<T>(T token, AppendResult result, long highWatermark, long syncedOffset, long deadlineMs) {}
