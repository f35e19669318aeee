package io.penstock.net.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of one broker use together, over all its listeners: connections, memory of unfinished frames, memory of
 * requests in flight. Safe from any thread: atomic counters.
 */
public final class FrontendUsage {
    private final ConnectionLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> connectionsByIp = new ConcurrentHashMap<>();
    private final MemoryGate unfinished;
    private final MemoryGate inFlight;
    private final AtomicReference<@Nullable Object> overdraftHolder = new AtomicReference<>();

    public FrontendUsage(ListenerLimits limits) {
        this.limits = limits.connections();
        unfinished = new MemoryGate(limits.memory().maxUnfinishedBytes());
        inFlight = new MemoryGate(limits.memory().maxInFlightBytes());
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.get();
    }

    /** Bytes held for frames that are unfinished or not yet dispatched. */
    public long unfinishedBytes() {
        return unfinished.usedBytes();
    }

    /** Bytes held by requests that were dispatched and not yet answered. */
    public long inFlightBytes() {
        return inFlight.usedBytes();
    }

    /** Counts a new connection; false, and not counted, if there are too many. */
    boolean tryOpen(InetAddress client) {
        if (connections.incrementAndGet() > limits.maxConnections()) {
            connections.decrementAndGet();
            return false;
        }
        if (connectionsByIp.merge(client, 1, Integer::sum) > limits.maxConnectionsPerIp()) {
            onClosed(client);
            return false;
        }
        return true;
    }

    /** A connection that was counted has ended. */
    void onClosed(InetAddress client) {
        connections.decrementAndGet();
        connectionsByIp.computeIfPresent(client, (ip, count) -> count == 1 ? null : count - 1);
    }

    MemoryGate unfinished() {
        return unfinished;
    }

    MemoryGate inFlight() {
        return inFlight;
    }

    /**
     * Makes {@code connection} the one that may go on with its frame although the gate for unfinished frames is closed. Without such a
     * one, connections could hold each other's memory for ever.
     *
     * @return whether it is that one now, or was already
     */
    boolean tryOverdraft(Object connection) {
        return overdraftHolder.get() == connection || overdraftHolder.compareAndSet(null, connection);
    }

    /** Ends the privilege of {@code connection}, if it has it, and lets the next one try. */
    void endOverdraft(Object connection) {
        if (overdraftHolder.get() == connection && overdraftHolder.compareAndSet(connection, null)) {
            unfinished.wakeAll();
        }
    }
}
