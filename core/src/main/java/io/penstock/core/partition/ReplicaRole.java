package io.penstock.core.partition;

import io.penstock.core.metadata.PartitionImage;

/**
 * What this broker is to a partition in one leader epoch.
 *
 * <pre>
 * Leader     serves producers and consumers
 * Follower   sends clients to the leader
 * Leaderless nobody serves; clients wait for new metadata
 * </pre>
 */
public sealed interface ReplicaRole {
    /** Epoch in which this role holds. */
    int leaderEpoch();

    /** Node id of the leader, -1 if there is none. */
    int leaderId();

    /**
     * This broker leads.
     *
     * @param isr how far the replicas have come; belongs to the owner of the role
     */
    record Leader(int leaderEpoch, int leaderId, IsrTracker isr) implements ReplicaRole {}

    /** Another broker leads. */
    record Follower(int leaderEpoch, int leaderId) implements ReplicaRole {}

    /** Nobody leads. */
    record Leaderless(int leaderEpoch) implements ReplicaRole {
        @Override
        public int leaderId() {
            return -1;
        }
    }

    /** The role that an image gives to a broker. */
    static ReplicaRole of(PartitionImage image, int nodeId) {
        if (image.leader() == nodeId) {
            return new Leader(image.leaderEpoch(), nodeId, new IsrTracker(nodeId, image));
        }
        return image.leader() < 0
                ? new Leaderless(image.leaderEpoch())
                : new Follower(image.leaderEpoch(), image.leader());
    }
}
