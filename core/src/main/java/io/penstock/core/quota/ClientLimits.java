package io.penstock.core.quota;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.QuotaKey;
import org.jspecify.annotations.Nullable;

/**
 * The quotas that hold for one client, with their meters. A connection keeps it for as long as {@link #isCurrent}. Immutable but for the
 * meters, so safe from any thread.
 *
 * <p>Throttle times are in milliseconds, 0 while the client is within its quota. Those for bytes are what the rate needs to come down,
 * however long; that for request time is at most one sample.
 */
public final class ClientLimits {
    private final ClientQuotas quotas;
    private final String user;
    private final String clientId;
    private final QuotaWindow window;
    private final @Nullable MeteredLimit produce;
    private final @Nullable MeteredLimit fetch;
    private final @Nullable MeteredLimit request;
    private final @Nullable MeteredLimit mutation;

    ClientLimits(
            ClientQuotas quotas,
            String user,
            String clientId,
            QuotaWindow window,
            @Nullable MeteredLimit produce,
            @Nullable MeteredLimit fetch,
            @Nullable MeteredLimit request,
            @Nullable MeteredLimit mutation) {
        this.quotas = quotas;
        this.user = user;
        this.clientId = clientId;
        this.window = window;
        this.produce = produce;
        this.fetch = fetch;
        this.request = request;
        this.mutation = mutation;
    }

    /** Whether this is still what holds for that client. */
    public boolean isCurrent(ClientQuotas now, String userNow, String clientIdNow) {
        return quotas == now
                && clientId.equals(clientIdNow)
                && user.equals(userNow)
                && isInUse(produce)
                && isInUse(fetch)
                && isInUse(request)
                && isInUse(mutation);
    }

    private static boolean isInUse(@Nullable MeteredLimit limit) {
        return limit == null || !limit.meter().isRetired();
    }

    /** Counts bytes of a produce request. */
    public long recordProduce(long bytes, long nowMs) {
        return produce == null ? 0 : produce.record(bytes, nowMs);
    }

    /** Counts bytes of an answer to a fetch. */
    public long recordFetch(long bytes, long nowMs) {
        return fetch == null ? 0 : fetch.record(bytes, nowMs);
    }

    /** Takes back bytes that were counted and then not sent. */
    public void unrecordFetch(long bytes, long nowMs) {
        if (fetch != null) {
            fetch.meter().recordOnly(-bytes, nowMs);
        }
    }

    /** More bytes than these in one answer would be throttled whatever was fetched before. */
    public long maxFetchBytes() {
        return fetch == null ? Long.MAX_VALUE : (long) window.burst(fetch.limitPerSecond());
    }

    /** Counts time that a request took on event loops. */
    public long recordRequest(long elapsedNs, long nowMs) {
        return request == null ? 0 : Math.min(window.sampleMs(), request.record(elapsedNs, nowMs));
    }

    /** Counts time on event loops that throttles nobody by itself. */
    public void recordRequestOnly(long elapsedNs, long nowMs) {
        if (request != null) {
            request.meter().recordOnly(elapsedNs, nowMs);
        }
    }

    /** Partitions that the client may create and delete; null if there is no limit. */
    @Nullable
    MeteredLimit mutation() {
        return mutation;
    }

    /** The client is held up because of this kind of quota. */
    public void onThrottled(QuotaKey cause, long throttleMs, long nowMs) {
        MeteredLimit limit = switch (cause) {
            case PRODUCER_BYTE_RATE -> produce;
            case CONSUMER_BYTE_RATE -> fetch;
            case REQUEST_PERCENTAGE -> request;
            case CONTROLLER_MUTATION_RATE -> mutation;
            case CONNECTION_CREATION_RATE -> null;
        };
        if (limit != null) {
            limit.meter().onThrottled(throttleMs, nowMs);
        }
    }
}
