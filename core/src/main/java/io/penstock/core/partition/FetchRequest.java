package io.penstock.core.partition;

/**
 * A question for records of one partition.
 *
 * @param fetchOffset first offset wanted
 * @param currentLeaderEpoch epoch the client believes in, -1 if it does not say
 * @param lastFetchedEpoch epoch of the last record the client has, -1 if it does not say (KIP-595 divergence check)
 * @param maxBytes most bytes to return
 * @param atLeastOne whether the first batch is returned whole though larger than {@code maxBytes}
 * @param readCommitted whether to stop at the last stable offset and name aborted transactions
 * @param minBytes wait until this partition alone has so many bytes; 0 or less never waits
 */
public record FetchRequest(
        long fetchOffset,
        int currentLeaderEpoch,
        int lastFetchedEpoch,
        int maxBytes,
        boolean atLeastOne,
        boolean readCommitted,
        int minBytes) {}
