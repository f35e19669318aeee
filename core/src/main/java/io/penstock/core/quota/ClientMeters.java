package io.penstock.core.quota;

import io.penstock.core.metadata.ClientQuotas;
import io.penstock.core.metadata.QuotaKey;
import java.util.Collection;
import java.util.Collections;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one broker. Only clients for whom a quota holds are measured. A meter that nobody used for an hour is forgotten, as in
 * Kafka. When there are too many, clients that are new share one meter for each quota, so that inventing client ids gains nobody
 * anything. Safe from any thread: a concurrent map, which is asked when a connection first meets a quota and not for each request.
 */
public final class ClientMeters {
    static final int DEFAULT_MAX_METERS = 20_000;
    static final long EXPIRY_MS = TimeUnit.HOURS.toMillis(1);
    private static final long SWEEP_MS = TimeUnit.MINUTES.toMillis(1);

    private final QuotaWindow window;
    private final QuotaWindow mutationWindow;
    private final int maxMeters;
    private final ConcurrentMap<MeterKey, ClientMeter> meters = new ConcurrentHashMap<>();
    private final AtomicLong nextSweepMs = new AtomicLong(Long.MIN_VALUE);

    /** Clients that came when there were too many are told apart from one that has that name. */
    private record MeterKey(QuotaKey key, String user, String clientId, boolean isForLatecomers) {}

    /**
     * @param window of rates ({@code quota.window.*})
     * @param mutationWindow of changes of topics ({@code controller.quota.window.*})
     */
    public ClientMeters(QuotaWindow window, QuotaWindow mutationWindow) {
        this(window, mutationWindow, DEFAULT_MAX_METERS);
    }

    ClientMeters(QuotaWindow window, QuotaWindow mutationWindow, int maxMeters) {
        this.window = window;
        this.mutationWindow = mutationWindow;
        this.maxMeters = maxMeters;
    }

    /** What holds for a client as of {@code quotas}; of use as long as {@link ClientLimits#isCurrent} says so. */
    public ClientLimits limits(ClientQuotas quotas, String user, String clientId, long nowMs) {
        return new ClientLimits(
                quotas,
                user,
                clientId,
                window,
                limit(quotas, QuotaKey.PRODUCER_BYTE_RATE, user, clientId, nowMs),
                limit(quotas, QuotaKey.CONSUMER_BYTE_RATE, user, clientId, nowMs),
                limit(quotas, QuotaKey.REQUEST_PERCENTAGE, user, clientId, nowMs),
                limit(quotas, QuotaKey.CONTROLLER_MUTATION_RATE, user, clientId, nowMs));
    }

    private @Nullable MeteredLimit limit(ClientQuotas quotas, QuotaKey key, String user, String clientId, long nowMs) {
        QuotaMatch match = QuotaMatch.find(quotas, key, user, clientId);
        return match == null ? null : new MeteredLimit(meter(key, match, nowMs), match.limitPerSecond());
    }

    private ClientMeter meter(QuotaKey key, QuotaMatch match, long nowMs) {
        MeterKey own = new MeterKey(key, match.user(), match.clientId(), false);
        ClientMeter known = meters.get(own);
        if (known != null) {
            return known;
        }
        sweepIfDue(nowMs);
        return meters.size() < maxMeters ? add(own, nowMs) : add(latecomers(key, match), nowMs);
    }

    private static MeterKey latecomers(QuotaKey key, QuotaMatch match) {
        String user = match.source().user();
        String clientId = match.source().clientId();
        return new MeterKey(key, user == null ? "" : user, clientId == null ? "" : clientId, true);
    }

    private ClientMeter add(MeterKey key, long nowMs) {
        QuotaWindow ofKey = key.key == QuotaKey.CONTROLLER_MUTATION_RATE ? mutationWindow : window;
        return meters.computeIfAbsent(key, k -> new ClientMeter(k.key, k.user, k.clientId, ofKey, nowMs));
    }

    private void sweepIfDue(long nowMs) {
        long dueMs = nextSweepMs.get();
        if (nowMs >= dueMs && nextSweepMs.compareAndSet(dueMs, nowMs + SWEEP_MS)) {
            sweep(nowMs);
        }
    }

    /** Forgets meters that were not used for an hour. */
    public void sweep(long nowMs) {
        meters.values().removeIf(meter -> {
            boolean isOld = nowMs - meter.lastUsedMs() >= EXPIRY_MS;
            if (isOld) {
                meter.retire();
            }
            return isOld;
        });
    }

    /** All meters there are, in no order. */
    public Collection<ClientMeter> meters() {
        return Collections.unmodifiableCollection(meters.values());
    }
}
