package io.penstock.net.handler;

import io.penstock.core.metadata.PartitionImage;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * One partition as a client is told of it.
 *
 * @param leaderId -1 if there is none that the client can reach; {@code error} then says why
 */
record PartitionView(
        Errors error,
        int index,
        int leaderId,
        int leaderEpoch,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> offlineReplicas) {

    /** What Metadata of a version says; version 0 hides replicas that do not serve and calls that an error. */
    static PartitionView of(PartitionImage partition, ClusterView cluster, short metadataVersion) {
        boolean aliveOnly = metadataVersion == 0;
        List<Integer> replicas = aliveOnly ? cluster.alive(partition.replicas()) : partition.replicas();
        List<Integer> isr = aliveOnly ? cluster.alive(partition.isr()) : partition.isr();
        boolean incomplete = replicas.size() < partition.replicas().size()
                || isr.size() < partition.isr().size();
        Errors error = leaderError(partition, cluster, metadataVersion);
        boolean hasLeader = error == Errors.NONE;
        return new PartitionView(
                hasLeader && incomplete ? Errors.REPLICA_NOT_AVAILABLE : error,
                partition.id().index(),
                hasLeader ? partition.leader() : -1,
                partition.leaderEpoch(),
                replicas,
                isr,
                cluster.offlineReplicas(partition));
    }

    private static Errors leaderError(PartitionImage partition, ClusterView cluster, short metadataVersion) {
        if (cluster.broker(partition.leader()) != null) {
            return Errors.NONE;
        }
        return cluster.isRegistered(partition.leader())
                ? ErrorCodes.listenerNotFound(metadataVersion)
                : Errors.LEADER_NOT_AVAILABLE;
    }
}
