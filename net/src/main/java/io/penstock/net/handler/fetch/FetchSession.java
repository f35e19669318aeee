package io.penstock.net.handler.fetch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;

/**
 * What one client fetches and what it was told last, so that its next requests and our answers carry only changes (KIP-227).
 * Owned by its {@link FetchSessionShard}.
 *
 * <p>Partitions are served in the order of this session; one that returned records goes to the end, so that a busy partition
 * cannot starve the others.
 */
final class FetchSession {
    private final int id;
    private final boolean usesTopicIds;
    private final long createdMs;
    private final Map<PartitionKey, SessionPartition> partitions = new LinkedHashMap<>();

    private int epoch = 1;
    private long lastUsedMs;
    private int countedSize;

    FetchSession(int id, boolean usesTopicIds, long nowMs) {
        this.id = id;
        this.usesTopicIds = usesTopicIds;
        this.createdMs = nowMs;
        this.lastUsedMs = nowMs;
    }

    int id() {
        return id;
    }

    boolean usesTopicIds() {
        return usesTopicIds;
    }

    long createdMs() {
        return createdMs;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /** The epoch that the next request of this session must carry. */
    int epoch() {
        return epoch;
    }

    /** Counts one request: 1 follows the largest epoch. */
    void advanceEpoch() {
        epoch = epochAfter(epoch);
    }

    static int epochAfter(int epoch) {
        return epoch == Integer.MAX_VALUE ? 1 : epoch + 1;
    }

    int size() {
        return partitions.size();
    }

    /** The size under which the shard has this session in its books; the shard alone changes it. */
    int countedSize() {
        return countedSize;
    }

    void onCounted(long nowMs) {
        lastUsedMs = nowMs;
        countedSize = partitions.size();
    }

    /** Takes over what a request changes. */
    void update(Collection<RequestedPartition> changed, List<PartitionKey> forgotten) {
        for (RequestedPartition request : changed) {
            SessionPartition known = partitions.get(request.key());
            if (known == null) {
                partitions.put(request.key(), new SessionPartition(request));
            } else {
                known.onRequest(request);
            }
        }
        forgotten.forEach(partitions::remove);
    }

    /** What the client wants now, in serving order. */
    List<RequestedPartition> requested() {
        List<RequestedPartition> requested = new ArrayList<>(partitions.size());
        for (SessionPartition partition : partitions.values()) {
            requested.add(partition.request());
        }
        return requested;
    }

    /** Notes the answer to one partition and says whether the client must get it: false when it brings no news, and so no records. */
    boolean isNews(PartitionAnswer answer) {
        SessionPartition partition = partitions.get(answer.key());
        if (partition == null) {
            return true;
        }
        boolean news = partition.onAnswer(answer.data());
        if (answer.hasRecords()) {
            partitions.remove(answer.key());
            partitions.put(answer.key(), partition);
        }
        return news;
    }

    /** Adds a partition together with the first answer to it. */
    void add(RequestedPartition request, PartitionAnswer firstAnswer) {
        SessionPartition partition = new SessionPartition(request);
        partition.onAnswer(firstAnswer.data());
        partitions.put(request.key(), partition);
    }

    /** One partition of a session: what is wanted, and the offsets that the client was told last (-1 before the first answer). */
    private static final class SessionPartition {
        private RequestedPartition request;
        private long toldHighWatermark = -1;
        private long toldLogStartOffset = -1;

        SessionPartition(RequestedPartition request) {
            this.request = request;
        }

        RequestedPartition request() {
            return request;
        }

        void onRequest(RequestedPartition newRequest) {
            request = newRequest;
        }

        boolean onAnswer(PartitionData answer) {
            boolean failed = answer.errorCode() != 0;
            boolean news = failed
                    || answer.highWatermark() != toldHighWatermark
                    || answer.logStartOffset() != toldLogStartOffset
                    || PartitionAnswer.hasRecords(answer)
                    || answer.preferredReadReplica() >= 0
                    || answer.divergingEpoch().epoch() >= 0;
            // Forgetting what was told makes sure that the partition is mentioned again when the error has gone.
            toldHighWatermark = failed ? -1 : answer.highWatermark();
            toldLogStartOffset = answer.logStartOffset();
            return news;
        }
    }
}
