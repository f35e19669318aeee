package io.penstock.net.telemetry;

import io.penstock.config.ClientMetricsConfigs;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The clients that asked for their subscription or pushed of late: at most {@value #MAX_INSTANCES}, those that were silent for longest go
 * first. A client that was forgotten begins anew, which costs it one request. Pure; owned by one event loop.
 */
final class ClientInstances {
    static final int MAX_INSTANCES = 16_384;
    private static final long MIN_SILENCE_MS = 60_000;
    private static final int INTERVALS_OF_SILENCE = 3;
    /** So few are looked at for each request: silence is a matter of minutes. */
    private static final int SWEPT_AT_A_TIME = 4;

    private final Map<Uuid, Entry> byId = new LinkedHashMap<>(16, 0.75f, true);

    private record Entry(ClientInstance instance, long lastSeenMs) {}

    /**
     * The client's state; a new one if it was unknown or if what it is asked for has changed since.
     *
     * @param configured all subscriptions of now
     */
    ClientInstance find(ClientFacts client, Collection<ClientMetricsConfigs> configured, long nowMs) {
        forgetSilent(nowMs);
        Subscription subscription = Subscription.of(client, configured);
        @Nullable Entry known = byId.get(client.instanceId());
        ClientInstance instance = known != null && known.instance.subscription().equals(subscription)
                ? known.instance
                : new ClientInstance(client, subscription);
        byId.put(client.instanceId(), new Entry(instance, nowMs));
        if (byId.size() > MAX_INSTANCES) {
            Iterator<Uuid> eldest = byId.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return instance;
    }

    int size() {
        return byId.size();
    }

    private void forgetSilent(long nowMs) {
        Iterator<Entry> eldest = byId.values().iterator();
        for (int i = 0; i < SWEPT_AT_A_TIME && eldest.hasNext(); i++) {
            Entry entry = eldest.next();
            long silenceMs = Math.max(
                    MIN_SILENCE_MS,
                    (long) INTERVALS_OF_SILENCE * entry.instance.subscription().intervalMs());
            if (nowMs - entry.lastSeenMs > silenceMs) {
                eldest.remove();
            }
        }
    }
}
