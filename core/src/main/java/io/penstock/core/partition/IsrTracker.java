package io.penstock.core.partition;

import java.util.Collection;
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

    public IsrTracker(int localNodeId, Collection<Integer> isr) {
        this.localNodeId = localNodeId;
        this.isr = Set.copyOf(isr);
    }

    /** Takes a new set of in-sync replicas of the same leader epoch. */
    public void onIsr(Collection<Integer> newIsr) {
        isr = Set.copyOf(newIsr);
    }

    /** A follower has everything below {@code endOffset}. */
    public void onFollowerEnd(int nodeId, long endOffset) {
        followerEndOffsets.put(nodeId, endOffset);
    }

    /** In-sync replicas, this one included. */
    public int inSyncCount() {
        return isr.size();
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
