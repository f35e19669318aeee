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
final class ListenerLoops<L extends ListenerLoops.ServingLoop> {
    private static final int SHARE = 2;
    /** That many it may have whatever its share. */
    private static final int FEW = 2;

    /** What the rule asks of an event loop. Safe from any thread. */
    interface ServingLoop {
        LoopLoad load();

        /** Connections of this listener that are served here. */
        int connectionCount();
    }

    private final Map<Thread, L> loops = new ConcurrentHashMap<>();

    void add(Thread thread, L loop) {
        loops.put(thread, loop);
    }

    /** Where a connection of {@code here} that is cheapest on {@code wanted} is to go; null if it stays. */
    @Nullable
    L betterThan(L here, @Nullable Thread wanted) {
        L there = wanted == null ? null : loops.get(wanted);
        return there == null || there == here || there.load().isBusy() || isCrowded(there) ? null : there;
    }

    private boolean isCrowded(L loop) {
        int total = 0;
        for (L each : loops.values()) {
            total += each.connectionCount();
        }
        return loop.connectionCount() >= FEW + SHARE * total / loops.size();
    }

    /** Measures how busy each loop is. Blocks. */
    void sample() {
        loops.values().forEach(loop -> loop.load().sample());
    }
}
