package io.penstock.net.server;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a connection is throttled just now: then it takes no requests and is not read. Later throttle times can lengthen it, none
 * shortens it. Owned by the connection's event loop.
 */
final class ChannelMute {
    private final Supplier<EventExecutor> loop;
    private final Runnable onChange;
    private @Nullable ScheduledFuture<?> end;
    private long untilNs;
    private boolean isDead;

    /**
     * @param loop the connection's event loop, which may change while it is not throttled
     * @param onChange runs when the connection becomes throttled, and when it no longer is
     */
    ChannelMute(Supplier<EventExecutor> loop, Runnable onChange) {
        this.loop = loop;
        this.onChange = onChange;
    }

    boolean isOn() {
        return end != null;
    }

    /** Throttles for so long from now. */
    void throttle(int throttleMs) {
        if (isDead || throttleMs <= 0) {
            return;
        }
        long nowNs = System.nanoTime();
        long newUntilNs = nowNs + TimeUnit.MILLISECONDS.toNanos(throttleMs);
        if (end == null) {
            untilNs = newUntilNs;
            schedule(nowNs);
            onChange.run();
        } else if (newUntilNs - untilNs > 0) {
            untilNs = newUntilNs;
        }
    }

    private void schedule(long nowNs) {
        end = loop.get().schedule(this::onTime, untilNs - nowNs, TimeUnit.NANOSECONDS);
    }

    private void onTime() {
        long nowNs = System.nanoTime();
        if (untilNs - nowNs > 0) {
            schedule(nowNs);
        } else {
            end = null;
            onChange.run();
        }
    }

    void onDead() {
        isDead = true;
        ScheduledFuture<?> scheduled = end;
        if (scheduled != null) {
            scheduled.cancel(false);
            end = null;
        }
    }
}
