package io.penstock.core.quota;

import io.penstock.core.metadata.QuotaKey;

/**
 * What the clients that share one quota have used of it lately, and how long they were held up. Safe from any thread.
 *
 * <p>The unit of {@link #record} is that of the key, except that request time is given in nanoseconds.
 */
public final class ClientMeter {
    /** Nanoseconds in each second that are one percent of a thread. */
    private static final double NS_PER_PERCENT = 1e7;

    private final QuotaKey key;
    private final String user;
    private final String clientId;
    private final double unitsPerLimit;
    private final SlidingRate rate;
    private final TokenBucket bucket;
    private final SlidingRate throttles;
    private final SlidingRate throttledMs;
    private volatile long lastUsedMs;
    private volatile double limit;
    private volatile boolean isRetired;

    ClientMeter(QuotaKey key, String user, String clientId, QuotaWindow window, long nowMs) {
        this.key = key;
        this.user = user;
        this.clientId = clientId;
        unitsPerLimit = key == QuotaKey.REQUEST_PERCENTAGE ? NS_PER_PERCENT : 1;
        rate = new SlidingRate(window);
        bucket = new TokenBucket(window);
        throttles = new SlidingRate(window);
        throttledMs = new SlidingRate(window);
        lastUsedMs = nowMs;
    }

    public QuotaKey key() {
        return key;
    }

    /** Whose use is measured; empty if users do not matter. */
    public String user() {
        return user;
    }

    /** Whose use is measured; empty if client ids do not matter. */
    public String clientId() {
        return clientId;
    }

    /** Use per second in the unit of the key. */
    public double perSecond(long nowMs) {
        return rate.perSecond(nowMs) / unitsPerLimit;
    }

    /** Partitions that may be created or deleted at once; only for that kind of quota. */
    public double tokens(long nowMs) {
        return bucket.tokens(limit, nowMs);
    }

    /** How long answers were throttled on average, of those that were; 0 if none was. */
    public double throttleTimeMs(long nowMs) {
        double perSecond = throttles.perSecond(nowMs);
        return perSecond > 0 ? throttledMs.perSecond(nowMs) / perSecond : 0;
    }

    /** Counts a use, and tells for how many milliseconds the client should be throttled; 0 while it is within the limit. */
    long record(long amount, double limitNow, long nowMs) {
        touch(limitNow, nowMs);
        return rate.recordAndThrottleMs(amount, limitNow * unitsPerLimit, nowMs);
    }

    /** Counts a use that throttles nobody by itself; a negative one takes back what was counted. */
    void recordOnly(long amount, long nowMs) {
        rate.record(amount, nowMs);
    }

    /** Takes tokens unless there are none; whether it did. */
    boolean tryTake(int tokens, double limitNow, long nowMs) {
        touch(limitNow, nowMs);
        boolean isTaken = bucket.tryTake(tokens, limitNow, nowMs);
        if (isTaken) {
            rate.record(tokens, nowMs);
        }
        return isTaken;
    }

    /** Takes tokens whether there are any or not. */
    void take(int tokens, double limitNow, long nowMs) {
        touch(limitNow, nowMs);
        bucket.take(tokens, limitNow, nowMs);
        rate.record(tokens, nowMs);
    }

    /** How long until there are tokens. */
    long tokensDueMs(double limitNow, long nowMs) {
        return bucket.throttleMs(limitNow, nowMs);
    }

    /** A client was throttled. */
    void onThrottled(long throttleMs, long nowMs) {
        throttles.record(1, nowMs);
        throttledMs.record(throttleMs, nowMs);
    }

    private void touch(double limitNow, long nowMs) {
        limit = limitNow;
        lastUsedMs = nowMs;
    }

    long lastUsedMs() {
        return lastUsedMs;
    }

    /** Whoever still holds this meter must ask for the one that is in use by now. */
    boolean isRetired() {
        return isRetired;
    }

    void retire() {
        isRetired = true;
    }
}
