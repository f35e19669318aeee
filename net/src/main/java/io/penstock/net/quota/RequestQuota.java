package io.penstock.net.quota;

import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.QuotaKey;
import io.penstock.core.quota.ClientLimits;
import io.penstock.core.quota.MutationThrottle;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * What one request costs its client, and for how long the client is throttled because of it. Owned by the connection's event loop;
 * handlers ask it there, the listener when the answer is ready.
 *
 * <p>Throttle times are in milliseconds and go into the answer, which is sent at once; then the connection is not read for so long
 * (KIP-219). Where two quotas are exceeded the longer time counts.
 */
public final class RequestQuota {
    /** No quota holds. */
    public static final RequestQuota NONE = new RequestQuota(null, null, 0);

    private final @Nullable ClientThrottling broker;
    private final @Nullable ClientLimits limits;
    private final long startNs;
    private long dispatchNs = -1;
    private @Nullable MutationThrottle mutations;
    private int decidedMs = -1;

    RequestQuota(@Nullable ClientThrottling broker, @Nullable ClientLimits limits, long startNs) {
        this.broker = broker;
        this.limits = limits;
        this.startNs = startNs;
    }

    /** The handler has returned; what it does later for this request is not counted. */
    public void onDispatched() {
        if (broker != null) {
            dispatchNs = broker.clockNs().getAsLong() - startNs;
        }
    }

    /** The most bytes that an answer to a fetch may have without being throttled for itself. */
    public int maxFetchBytes(int wantedBytes) {
        return limits == null ? wantedBytes : (int) Math.min(wantedBytes, limits.maxFetchBytes());
    }

    /**
     * An answer of so many bytes to this fetch is ready.
     *
     * @return 0 if it may be sent; else it must not be, and an empty one with this throttle time goes in its place
     */
    public int onFetch(long answerBytes) {
        if (broker == null || limits == null) {
            return 0;
        }
        long nowMs = broker.nowMs();
        long requestMs = limits.recordRequest(spentNs(broker), nowMs);
        long bytesMs = limits.recordFetch(answerBytes, nowMs);
        if (requestMs > 0 || bytesMs > 0) {
            limits.unrecordFetch(answerBytes, nowMs);
        }
        return decide(requestMs, bytesMs, QuotaKey.CONSUMER_BYTE_RATE, nowMs);
    }

    /**
     * The quota on changes of topics.
     *
     * @param isStrict whether the client's version knows the refusal THROTTLING_QUOTA_EXCEEDED
     */
    public MutationQuota mutations(boolean isStrict) {
        if (broker == null || limits == null) {
            return MutationQuota.UNLIMITED;
        }
        MutationThrottle quota = new MutationThrottle(limits, isStrict, broker::nowMs);
        mutations = quota;
        return quota;
    }

    /**
     * The answer is ready. Asked again, it says the same.
     *
     * @param requestBytes size of the request
     * @return throttle time for the answer and the connection
     */
    public int onAnswer(ApiKeys api, int requestBytes) {
        if (broker == null || limits == null) {
            return 0;
        }
        if (decidedMs >= 0) {
            return decidedMs;
        }
        long nowMs = broker.nowMs();
        long requestMs = limits.recordRequest(spentNs(broker), nowMs);
        MutationThrottle ofTopics = mutations;
        if (ofTopics != null) {
            return decide(requestMs, ofTopics.throttleMs(), QuotaKey.CONTROLLER_MUTATION_RATE, nowMs);
        }
        long bytesMs = api == ApiKeys.PRODUCE ? limits.recordProduce(requestBytes, nowMs) : 0;
        return decide(requestMs, bytesMs, QuotaKey.PRODUCER_BYTE_RATE, nowMs);
    }

    /** A produce request that gets no answer: its bytes count, its time does not. */
    public int onNoAnswer(int requestBytes) {
        if (broker == null || limits == null) {
            return 0;
        }
        long nowMs = broker.nowMs();
        return decide(0, limits.recordProduce(requestBytes, nowMs), QuotaKey.PRODUCER_BYTE_RATE, nowMs);
    }

    /** Encoding the answer began at this time and has ended. */
    public void onEncoded(long beganNs) {
        if (broker != null && limits != null) {
            limits.recordRequestOnly(broker.clockNs().getAsLong() - beganNs, broker.nowMs());
        }
    }

    /** Now, if anybody wants to know. */
    public long timeNs() {
        return broker == null ? 0 : broker.clockNs().getAsLong();
    }

    private long spentNs(ClientThrottling throttling) {
        return dispatchNs >= 0 ? dispatchNs : throttling.clockNs().getAsLong() - startNs;
    }

    private int decide(long requestMs, long otherMs, QuotaKey other, long nowMs) {
        long throttleMs = Math.min(Integer.MAX_VALUE, Math.max(requestMs, otherMs));
        if (throttleMs > 0 && limits != null) {
            limits.onThrottled(otherMs > requestMs ? other : QuotaKey.REQUEST_PERCENTAGE, throttleMs, nowMs);
        }
        decidedMs = (int) throttleMs;
        return decidedMs;
    }
}
