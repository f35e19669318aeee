package io.penstock.net.server;

import io.penstock.core.quota.QuotaWindow;
import java.net.InetAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What all connections of one broker use together, over all its listeners: connections, memory of unfinished frames, memory of
 * requests in flight. Safe from any thread: atomic counters.
 */
public final class FrontendUsage {
    private final Supplier<ConnectionPolicy> policy;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger leaving = new AtomicInteger();
    private final ConcurrentMap<InetAddress, Integer> connectionsByIp = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, AtomicInteger> connectionsByListener = new ConcurrentHashMap<>();
    private final ConnectionRates rates;
    private final Queue<Runnable> slotWaiters = new ConcurrentLinkedQueue<>();
    private final MemoryGate unfinished;
    private final MemoryGate produceInFlight;
    private final MemoryGate othersInFlight;
    private final AtomicLong unfinishedBytes = new AtomicLong();
    private final AtomicBoolean isOverdraftTaken = new AtomicBoolean();

    /** Within bounds that never change. */
    public FrontendUsage(ListenerLimits limits) {
        this(limits, constant(ConnectionPolicy.of(limits.connections())), QuotaWindow.DEFAULT);
    }

    /**
     * @param policy the bounds on connections that hold now; asked for each new connection
     * @param window over which the rate of new connections is measured
     */
    public FrontendUsage(ListenerLimits limits, Supplier<ConnectionPolicy> policy, QuotaWindow window) {
        this.policy = policy;
        rates = new ConnectionRates(window);
        unfinished = new MemoryGate(limits.memory().maxUnfinishedBytes());
        produceInFlight = new MemoryGate(limits.memory().maxInFlightBytes());
        othersInFlight = new MemoryGate(limits.memory().maxInFlightBytes());
    }

    private static Supplier<ConnectionPolicy> constant(ConnectionPolicy policy) {
        return () -> policy;
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

    /** What became of a new connection. */
    enum Opening {
        OPENED,
        /** There are as many as there may be. */
        NO_SLOT,
        TOO_MANY_FROM_ADDRESS
    }

    /** The bounds that hold now. */
    ConnectionPolicy policy() {
        return policy.get();
    }

    /** How fast new connections come. */
    ConnectionRates rates() {
        return rates;
    }

    /** Whether one more connection may be opened on a listener. */
    boolean hasSlot(String listenerName) {
        ConnectionPolicy now = policy.get();
        return connections.get() < now.maxConnections()
                && ofListener(listenerName).get() < now.listener(listenerName).maxConnections();
    }

    /** Counts a new connection, or says why there may not be one more. */
    Opening tryOpen(String listenerName, InetAddress client) {
        ConnectionPolicy now = policy.get();
        boolean hasSlot = connections.incrementAndGet() <= now.maxConnections();
        hasSlot &= ofListener(listenerName).incrementAndGet()
                <= now.listener(listenerName).maxConnections();
        if (!hasSlot) {
            uncount(listenerName);
            return Opening.NO_SLOT;
        }
        if (connectionsByIp.merge(client, 1, Integer::sum) > now.maxPerIp(client)) {
            onClosed(listenerName, client);
            return Opening.TOO_MANY_FROM_ADDRESS;
        }
        return Opening.OPENED;
    }

    /** A connection that was counted has ended. */
    void onClosed(String listenerName, InetAddress client) {
        connectionsByIp.computeIfPresent(client, (ip, count) -> count == 1 ? null : count - 1);
        uncount(listenerName);
        Runnable wake;
        while ((wake = slotWaiters.poll()) != null) {
            wake.run();
        }
    }

    private void uncount(String listenerName) {
        ofListener(listenerName).decrementAndGet();
        connections.decrementAndGet();
    }

    /** Calls {@code wake} once, on any thread, when the next connection has closed. At most one waiter for each listener. */
    void awaitSlot(Runnable wake) {
        slotWaiters.add(wake);
    }

    /**
     * Whether there are more connections than there may be, because the bound was lowered, and the caller is to close one of them. Says so
     * once for each connection too many, whichever event loops ask at the same time.
     */
    boolean claimExcess() {
        int bound = policy.get().maxConnections();
        int before;
        do {
            before = leaving.get();
            if (connections.get() - before <= bound) {
                return false;
            }
        } while (!leaving.compareAndSet(before, before + 1));
        return true;
    }

    /** A connection that had to leave because of {@link #claimExcess} is no longer counted. */
    void onLeft() {
        leaving.decrementAndGet();
    }

    private AtomicInteger ofListener(String name) {
        return connectionsByListener.computeIfAbsent(name, unused -> new AtomicInteger());
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
