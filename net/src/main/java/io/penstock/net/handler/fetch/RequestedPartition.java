package io.penstock.net.handler.fetch;

import org.apache.kafka.common.message.FetchRequestData.FetchPartition;

/**
 * What a client wants of one partition.
 *
 * @param fetchOffset first offset wanted
 * @param maxBytes most bytes of this partition, 0 or more
 * @param currentLeaderEpoch epoch the client believes in, -1 if it does not say
 * @param lastFetchedEpoch epoch of the last record the client has, -1 if it does not say
 */
record RequestedPartition(
        PartitionKey key, long fetchOffset, int maxBytes, int currentLeaderEpoch, int lastFetchedEpoch) {

    static RequestedPartition of(PartitionKey key, FetchPartition partition) {
        return new RequestedPartition(
                key,
                partition.fetchOffset(),
                Math.max(0, partition.partitionMaxBytes()),
                partition.currentLeaderEpoch(),
                partition.lastFetchedEpoch());
    }
}
