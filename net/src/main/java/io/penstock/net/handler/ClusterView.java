package io.penstock.net.handler;

import io.penstock.core.metadata.BrokerImage;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.net.server.ConnectionInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cluster as one client sees it: brokers that its listener leads to, under the addresses for that listener. This broker is
 * reached where the client has reached it, unless {@code advertised.listeners} says otherwise. Immutable.
 */
public final class ClusterView {
    private final MetadataImage image;
    private final Map<Integer, BrokerAddress> reachable = new LinkedHashMap<>();
    private final Map<Integer, BrokerImage> registered = new LinkedHashMap<>();

    public ClusterView(int ownNodeId, MetadataImage image, ConnectionInfo connection) {
        this.image = image;
        for (BrokerImage broker : image.brokers()) {
            registered.put(broker.nodeId(), broker);
            BrokerImage.HostPort address = address(broker, ownNodeId, connection);
            if (address != null) {
                reachable.put(
                        broker.nodeId(),
                        new BrokerAddress(
                                broker.nodeId(), address.host(), address.port(), broker.rack(), broker.fenced()));
            }
        }
    }

    private static BrokerImage.@Nullable HostPort address(
            BrokerImage broker, int ownNodeId, ConnectionInfo connection) {
        BrokerImage.HostPort advertised = broker.advertised().get(connection.listenerName());
        if (advertised == null && broker.nodeId() == ownNodeId) {
            return new BrokerImage.HostPort(connection.localHost(), connection.localPort());
        }
        return advertised;
    }

    /** Brokers that work and that this client can reach; never empty, for this one answers. */
    public List<BrokerAddress> aliveBrokers() {
        List<BrokerAddress> alive = new ArrayList<>(reachable.size());
        for (BrokerAddress broker : reachable.values()) {
            if (!broker.fenced()) {
                alive.add(broker);
            }
        }
        return alive;
    }

    /** All brokers that this client can reach, those that are fenced too. */
    public List<BrokerAddress> allBrokers() {
        return List.copyOf(reachable.values());
    }

    /** A broker's address for this client; null if there is none. */
    public @Nullable BrokerAddress broker(int nodeId) {
        return reachable.get(nodeId);
    }

    /** Whether the cluster knows the broker, whatever this client can reach. */
    public boolean isRegistered(int nodeId) {
        return registered.containsKey(nodeId);
    }

    /** Whether the broker works and this client can reach it. */
    public boolean isAlive(int nodeId) {
        BrokerAddress broker = reachable.get(nodeId);
        return broker != null && !broker.fenced();
    }

    /** Those of {@code nodeIds} that are alive, in order. */
    public List<Integer> alive(List<Integer> nodeIds) {
        return nodeIds.stream().filter(this::isAlive).toList();
    }

    /** Replicas of a partition that do not serve at the moment. */
    public List<Integer> offlineReplicas(PartitionImage partition) {
        List<Integer> offline = List.of();
        for (int replica : partition.replicas()) {
            if (!isAlive(replica)) {
                offline = offline.isEmpty() ? new ArrayList<>() : offline;
                offline.add(replica);
            }
        }
        return offline;
    }

    /** Node id of the controller if this client can reach it, else -1. */
    public int controllerId() {
        return isAlive(image.controllerId()) ? image.controllerId() : -1;
    }
}
