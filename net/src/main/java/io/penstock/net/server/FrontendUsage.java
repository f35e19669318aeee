package io.penstock.net.server;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What all connections of one broker use together, over all its listeners: connections, memory of unfinished frames, memory of
 * requests in flight. Safe from any thread: atomic counters.
 */
public final class FrontendUsage {
    private final ConnectionLimits limits;
    private final AtomicInteger connections = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> connectionsByIp = new ConcurrentHashMap<>();
    private final MemoryGate unfinished;
    private final MemoryGate produceInFlight;
    private final MemoryGate othersInFlight;
    private final AtomicLong unfinishedBytes = new AtomicLong();
    private final AtomicBoolean isOverdraftTaken = new AtomicBoolean();

    public FrontendUsage(ListenerLimits limits) {
        this.limits = limits.connections();
        unfinished = new MemoryGate(limits.memory().maxUnfinishedBytes());
        produceInFlight = new MemoryGate(limits.memory().maxInFlightBytes());
        othersInFlight = new MemoryGate(limits.memory().maxInFlightBytes());
    }

    /** Connections that are open now. */
    public int connections() {
        return connections.get();
    }

    /** Bytes held for frames that are unfinished or not yet dispatched. */
    public long unfinishedBytes() {
        return unfinishedBytes.get();
    }

    /** Bytes held by requests that were dispatched and not yet answered. */
    public long inFlightBytes() {
        return produceInFlight.usedBytes() + othersInFlight.usedBytes();
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

    /** Memory of unfinished frames, except that of the one connection with the overdraft. */
    MemoryGate unfinished() {
        return unfinished;
    }

    /** Memory of requests of this kind that were dispatched and not yet answered. */
    MemoryGate inFlight(short apiKey) {
        return apiKey == ApiKeys.PRODUCE.id ? produceInFlight : othersInFlight;
    }

    /** Counts {@code deltaBytes} more, or less, for frames that are unfinished or not yet dispatched. */
    void addUnfinished(long deltaBytes) {
        unfinishedBytes.addAndGet(deltaBytes);
    }

    /** Takes the only permission to go on with a frame while the gate for unfinished frames is closed; false if it is taken. */
    boolean tryOverdraft() {
        return isOverdraftTaken.compareAndSet(false, true);
    }

    /** Gives that permission back and lets the next connection try. */
    void endOverdraft() {
        isOverdraftTaken.set(false);
        unfinished.wakeAll();
    }
}
