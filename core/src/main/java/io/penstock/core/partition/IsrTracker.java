package io.penstock.core.partition;

import io.penstock.core.metadata.PartitionImage;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How far each in-sync replica of a partition has come, as its leader knows it. The high watermark is the least of them.
 *
 * <p>Owned by the leader's {@link Partition}; a new leader epoch starts with a new tracker.
 */
public final class IsrTracker {
    /** A follower that has not fetched in this epoch: holds the high watermark where it is. */
    private static final long UNKNOWN = -1;

    private final int localNodeId;
    private final Map<Integer, Long> followerEndOffsets = new HashMap<>();
    private Set<Integer> isr;
    private int replicaCount;

    public IsrTracker(int localNodeId, PartitionImage image) {
        this.localNodeId = localNodeId;
        this.isr = Set.copyOf(image.isr());
        this.replicaCount = image.replicas().size();
    }

    /** Takes the replicas of a newer image of the same leader epoch. */
    public void onImage(PartitionImage image) {
        isr = Set.copyOf(image.isr());
        replicaCount = image.replicas().size();
    }

    /** A follower has everything below {@code endOffset}. */
    public void onFollowerEnd(int nodeId, long endOffset) {
        followerEndOffsets.put(nodeId, endOffset);
    }

    /** In-sync replicas, this one included. */
    public int inSyncCount() {
        return isr.size();
    }

    /** Whether fewer replicas are in sync than the setting asks for; it cannot ask for more than there are. */
    public boolean isBelow(int minInsyncReplicas) {
        return isr.size() < Math.min(minInsyncReplicas, replicaCount);
    }

    /**
     * Where every in-sync replica has come to.
     *
     * @param localEndOffset one past the last record that counts on this replica
     * @return -1 if an in-sync follower has not been heard of
     */
    public long commonEndOffset(long localEndOffset) {
        long common = localEndOffset;
        for (int nodeId : isr) {
            if (nodeId != localNodeId) {
                common = Math.min(common, followerEndOffsets.getOrDefault(nodeId, UNKNOWN));
            }
        }
        return common;
    }
}
