package io.penstock.net.server;

import io.penstock.core.quota.QuotaWindow;
import io.penstock.core.quota.SlidingRate;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/**
 * How fast new connections come: to the broker, to each listener, from each address that has a quota. Safe from any thread. Throttle
 * times are in milliseconds, at most one sample of the window.
 */
final class ConnectionRates {
    /** Addresses that are told apart; when there are more, those of the longest silence are forgotten early. */
    static final int MAX_ADDRESSES = 10_000;

    private static final long EXPIRY_MS = TimeUnit.HOURS.toMillis(1);

    private final QuotaWindow window;
    private final SlidingRate broker;
    private final ConcurrentMap<String, SlidingRate> listeners = new ConcurrentHashMap<>();
    private final ConcurrentMap<InetAddress, OfAddress> addresses = new ConcurrentHashMap<>();

    private static final class OfAddress {
        final SlidingRate rate;
        volatile long lastMs;

        OfAddress(QuotaWindow window, long nowMs) {
            rate = new SlidingRate(window);
            lastMs = nowMs;
        }
    }

    ConnectionRates(QuotaWindow window) {
        this.window = window;
        broker = new SlidingRate(window);
    }

    /** Counts a new connection to a listener, and tells how long it must wait before it is served. */
    long record(ConnectionPolicy policy, String listenerName, long nowMs) {
        long ofBrokerMs = broker.recordAndThrottleMs(1, policy.maxCreationRate(), nowMs);
        long ofListenerMs = listener(listenerName)
                .recordAndThrottleMs(1, policy.listener(listenerName).maxCreationRate(), nowMs);
        return bounded(Math.max(ofBrokerMs, ofListenerMs));
    }

    /**
     * Counts a new connection from an address; if it is one too many, takes it back everywhere and tells how long the client is to be
     * kept waiting before it is refused.
     */
    long recordOrTakeBack(ConnectionPolicy policy, String listenerName, InetAddress address, long nowMs) {
        int limit = policy.ipRate(address);
        if (limit == ConnectionPolicy.UNLIMITED) {
            return 0;
        }
        OfAddress ofAddress = address(address, nowMs);
        ofAddress.lastMs = nowMs;
        long throttleMs = bounded(ofAddress.rate.recordAndThrottleMs(1, limit, nowMs));
        if (throttleMs > 0) {
            ofAddress.rate.record(-1, nowMs);
            broker.record(-1, nowMs);
            listener(listenerName).record(-1, nowMs);
        }
        return throttleMs;
    }

    /** New connections to a listener per second, lately. */
    double perSecond(String listenerName, long nowMs) {
        return listener(listenerName).perSecond(nowMs);
    }

    private long bounded(long throttleMs) {
        return Math.min(window.sampleMs(), throttleMs);
    }

    private SlidingRate listener(String name) {
        return listeners.computeIfAbsent(name, unused -> new SlidingRate(window));
    }

    private OfAddress address(InetAddress address, long nowMs) {
        OfAddress known = addresses.get(address);
        if (known != null) {
            return known;
        }
        for (long ageMs = EXPIRY_MS; addresses.size() >= MAX_ADDRESSES && ageMs > 0; ageMs /= 4) {
            long oldestMs = nowMs - ageMs;
            addresses.values().removeIf(each -> each.lastMs <= oldestMs);
        }
        return addresses.computeIfAbsent(address, unused -> new OfAddress(window, nowMs));
    }
}
