package io.penstock.net.handler.fetch;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each event loop its own shard of the broker's fetch sessions. Safe from any thread: every thread sees only its own shard.
 *
 * <p>A client that comes back on a connection of another event loop finds its session unknown there and starts a new one, as clients
 * do after any disconnect; the old one gives way once it is stale.
 */
final class FetchSessionCache {
    /** How long Kafka lets a session be unused, or young, before it may be evicted. */
    static final long EVICTION_MS = 120_000;

    private final int slotsPerShard;
    private final int shards;
    private final AtomicInteger givenShards = new AtomicInteger();
    private final FastThreadLocal<FetchSessionShard> ownShard = new FastThreadLocal<>() {
        @Override
        protected FetchSessionShard initialValue() {
            return newShard();
        }
    };

    /**
     * @param slots most sessions of the whole broker, shared out evenly
     * @param eventLoops number of threads that will ask; any beyond get no slots
     */
    FetchSessionCache(int slots, int eventLoops) {
        this.shards = eventLoops;
        this.slotsPerShard = (slots + eventLoops - 1) / eventLoops;
    }

    /** The calling event loop's shard, which must not be passed to another thread. */
    FetchSessionShard shard() {
        return ownShard.get();
    }

    private FetchSessionShard newShard() {
        int slots = givenShards.getAndIncrement() < shards ? slotsPerShard : 0;
        return new FetchSessionShard(
                slots, EVICTION_MS, () -> ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
    }
}
