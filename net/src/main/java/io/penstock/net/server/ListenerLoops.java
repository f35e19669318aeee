package io.penstock.net.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that serve one listener, and which of them may take a connection over. Safe from any thread.
 *
 * <p>A connection on the loop of its partition saves a wake-up of another thread each way, which on an idle machine is most of a small
 * request's time. But the loop of a popular partition must not end up with everybody's sockets while others idle: it takes no more when
 * it is busy, or has twice its share of the connections.
 */
final class ListenerLoops {
    private static final int SHARE = 2;
    /** That many it may have whatever its share. */
    private static final int FEW = 2;

    private final Map<Thread, ListenerShard> shards = new ConcurrentHashMap<>();

    /** To be called on the shard's event loop. */
    void add(ListenerShard shard) {
        shards.put(Thread.currentThread(), shard);
    }

    /** Where a connection of {@code here} that is cheapest on {@code wanted} is to go; null if it stays. */
    @Nullable
    ListenerShard betterThan(ListenerShard here, @Nullable Thread wanted) {
        ListenerShard there = wanted == null ? null : shards.get(wanted);
        return there == null || there == here || there.load().isBusy() || isCrowded(there) ? null : there;
    }

    private boolean isCrowded(ListenerShard shard) {
        int total = 0;
        for (ListenerShard each : shards.values()) {
            total += each.connectionCount();
        }
        return shard.connectionCount() >= FEW + SHARE * total / shards.size();
    }

    /** Measures how busy each loop is. Blocks. */
    void sample() {
        shards.values().forEach(shard -> shard.load().sample());
    }
}
