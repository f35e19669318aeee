package io.penstock.core.partition;

import org.apache.kafka.common.protocol.Errors;

/** Answer to an {@link OffsetQuery}; offset and timestamp are -1 if no record matches, which is no error. */
public record OffsetResult(Errors error, long timestampMs, long offset, int leaderEpoch) {}
