package io.penstock.net.telemetry;

import org.apache.kafka.common.protocol.Errors;

/**
 * What is remembered of one client between its requests: what it was asked to push, and when it may ask or push again. Pure; owned by
 * {@link ClientInstances}.
 */
final class ClientInstance {
    private static final long NEVER = Long.MIN_VALUE / 2;
    private static final int SUPPORTED_COMPRESSION_TYPES = 5;

    private final ClientFacts client;
    private final Subscription subscription;
    private long lastGetMs = NEVER;
    private long lastPushMs = NEVER;
    private boolean mayAskAtOnce;
    private boolean hasEnded;

    ClientInstance(ClientFacts client, Subscription subscription) {
        this.client = client;
        this.subscription = subscription;
    }

    ClientFacts client() {
        return client;
    }

    Subscription subscription() {
        return subscription;
    }

    /** Decides about a request for the subscription; one that comes too early is throttled, unless a push has just been refused. */
    Errors onGet(long nowMs) {
        if (!mayAskAtOnce && nowMs - Math.max(lastGetMs, lastPushMs) < subscription.intervalMs()) {
            return Errors.THROTTLING_QUOTA_EXCEEDED;
        }
        mayAskAtOnce = false;
        lastGetMs = nowMs;
        return Errors.NONE;
    }

    /**
     * Decides about a push. The first one after a subscription was told, and the last one of a client that ends, are never too early.
     *
     * @param maxBytes most bytes of metrics, compressed
     */
    Errors onPush(int subscriptionId, boolean isLast, int compressionType, int bytes, int maxBytes, long nowMs) {
        if (hasEnded) {
            return Errors.INVALID_REQUEST;
        }
        hasEnded = isLast;
        boolean isDue = lastGetMs > lastPushMs || nowMs - lastPushMs >= subscription.intervalMs();
        if (isDue) {
            lastPushMs = nowMs;
        } else if (!isLast) {
            return Errors.THROTTLING_QUOTA_EXCEEDED;
        }
        if (subscriptionId != subscription.id()) {
            mayAskAtOnce = true;
            return Errors.UNKNOWN_SUBSCRIPTION_ID;
        }
        if (compressionType < 0 || compressionType >= SUPPORTED_COMPRESSION_TYPES) {
            mayAskAtOnce = true;
            return Errors.UNSUPPORTED_COMPRESSION_TYPE;
        }
        return bytes > maxBytes ? Errors.TELEMETRY_TOO_LARGE : Errors.NONE;
    }
}
