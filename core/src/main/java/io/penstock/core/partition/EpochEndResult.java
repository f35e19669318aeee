package io.penstock.core.partition;

import org.apache.kafka.common.protocol.Errors;

/** Where a leader epoch ended; -1 and -1 if the epoch is not known. */
public record EpochEndResult(Errors error, int leaderEpoch, long endOffset) {}
