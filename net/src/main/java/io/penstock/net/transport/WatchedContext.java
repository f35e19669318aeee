package io.penstock.net.transport;

import io.netty.channel.IoHandlerContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event loop as it is, but that it does not sleep unless allowed to, and that the time for what came is known. Owned by that loop. */
final class WatchedContext implements IoHandlerContext {
    private @Nullable IoHandlerContext context;
    private boolean maySleep;
    private long activeNs;

    /** To be called before each run. */
    WatchedContext watch(IoHandlerContext watched, boolean maySleepNow) {
        context = watched;
        maySleep = maySleepNow;
        activeNs = 0;
        return this;
    }

    /** How much of the last run was spent with what came. */
    long activeNs() {
        return activeNs;
    }

    private IoHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    @Override
    public boolean canBlock() {
        return maySleep && context().canBlock();
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
        return context().delayNanos(currentTimeNanos);
    }

    @Override
    public long deadlineNanos() {
        return context().deadlineNanos();
    }

    @Override
    public boolean shouldReportActiveIoTime() {
        return true;
    }

    @Override
    public void reportActiveIoTime(long activeNanos) {
        activeNs = activeNanos;
        if (context().shouldReportActiveIoTime()) {
            context().reportActiveIoTime(activeNanos);
        }
    }
}
