package io.penstock.net.telemetry;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;

/**
 * The newest values of the clients that pushed last, for whoever watches the broker: of at most {@value #MAX_CLIENTS} clients, since
 * every value is a series on the metrics page. Written by one owner, read from any thread.
 */
final class PushedValues {
    static final int MAX_CLIENTS = 100;

    private final Map<Uuid, ClientPush> byInstance = new ConcurrentHashMap<>();

    /** Notes a push; the client whose push is oldest makes room. On the owner. */
    void put(Uuid instanceId, ClientPush push) {
        byInstance.put(instanceId, push);
        if (byInstance.size() > MAX_CLIENTS) {
            byInstance.entrySet().stream()
                    .min(Comparator.comparingLong(entry -> entry.getValue().atMs()))
                    .ifPresent(oldest -> byInstance.remove(oldest.getKey()));
        }
    }

    /** The pushes that are not outdated at {@code nowMs}. Safe from any thread. */
    List<ClientPush> newest(long nowMs) {
        Collection<ClientPush> all = byInstance.values();
        return all.stream().filter(push -> push.isValidAt(nowMs)).toList();
    }
}
