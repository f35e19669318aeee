package io.penstock.net.handler.fetch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchRequestData;

/**
 * A fetch request, as far as sessions care: which session, and what changes in it. Immutable.
 *
 * @param usesTopicIds whether partitions are named by topic id
 * @param sessionId 0 for none
 * @param epoch -1 closes the session and opens none, 0 closes it and opens another, above 0 continues it
 * @param partitions new or changed ones in request order; a partition named twice counts once, as named last
 * @param forgotten partitions to drop from the session
 */
record SessionRequest(
        boolean usesTopicIds,
        int sessionId,
        int epoch,
        Map<PartitionKey, RequestedPartition> partitions,
        List<PartitionKey> forgotten) {
    static final int NO_SESSION = 0;
    static final int FINAL_EPOCH = -1;
    static final int INITIAL_EPOCH = 0;

    private static final short FIRST_TOPIC_ID_VERSION = 13;

    static SessionRequest of(FetchRequestData data, short version) {
        boolean byId = version >= FIRST_TOPIC_ID_VERSION;
        return new SessionRequest(
                byId, data.sessionId(), data.sessionEpoch(), requested(data, byId), forgotten(data, byId));
    }

    /** Whether the request names all partitions it wants, rather than changes to what its session knows. */
    boolean isFull() {
        return epoch == FINAL_EPOCH || epoch == INITIAL_EPOCH;
    }

    private static Map<PartitionKey, RequestedPartition> requested(FetchRequestData data, boolean byId) {
        Map<PartitionKey, RequestedPartition> requested = new LinkedHashMap<>();
        for (FetchRequestData.FetchTopic topic : data.topics()) {
            for (FetchRequestData.FetchPartition partition : topic.partitions()) {
                PartitionKey key = byId
                        ? PartitionKey.byId(topic.topicId(), partition.partition())
                        : PartitionKey.byName(topic.topic(), partition.partition());
                requested.put(key, RequestedPartition.of(key, partition));
            }
        }
        return requested;
    }

    private static List<PartitionKey> forgotten(FetchRequestData data, boolean byId) {
        if (data.forgottenTopicsData().isEmpty()) {
            return List.of();
        }
        List<PartitionKey> forgotten = new ArrayList<>();
        for (FetchRequestData.ForgottenTopic topic : data.forgottenTopicsData()) {
            for (int index : topic.partitions()) {
                forgotten.add(
                        byId ? PartitionKey.byId(topic.topicId(), index) : PartitionKey.byName(topic.topic(), index));
            }
        }
        return forgotten;
    }
}
