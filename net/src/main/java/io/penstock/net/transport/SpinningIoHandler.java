package io.penstock.net.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.function.LongSupplier;

/**
 * Another handler's input and output, looked for a while before the event loop sleeps in it, when that promises to be worthwhile. Tasks
 * from other threads are seen while it looks, and cost those no wake-up.
 *
 * <p>Owned by the event loop; {@link #wakeup} is for any thread.
 */
final class SpinningIoHandler implements IoHandler {
    private final IoHandler handler;
    private final SpinForecast forecast;
    private final LongSupplier nanoClock;
    private final WatchedContext watched = new WatchedContext();

    /**
     * @param handler one that reports the time that it takes for what came
     * @param nanoClock {@link System#nanoTime} or a test's
     */
    SpinningIoHandler(IoHandler handler, SpinForecast forecast, LongSupplier nanoClock) {
        this.handler = handler;
        this.forecast = forecast;
        this.nanoClock = nanoClock;
    }

    /** In between it yields to whoever else is ready, and may be the one that is waited for; nothing relies on that. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck")
    public int run(IoHandlerContext context) {
        if (!context.canBlock()) {
            return handler.run(context);
        }
        long beganNs = nanoClock.getAsLong();
        long windowNs = forecast.nextNs();
        if (windowNs > 0) {
            do {
                int handled = handler.run(watched.watch(context, false));
                if (handled > 0 || !context.canBlock()) {
                    forecast.onFound();
                    return handled;
                }
                Thread.yield();
            } while (nanoClock.getAsLong() - beganNs < windowNs);
        }
        int handled = handler.run(watched.watch(context, true));
        forecast.onSlept(windowNs > 0, nanoClock.getAsLong() - beganNs - watched.activeNs());
        return handled;
    }

    @Override
    public void initialize() {
        handler.initialize();
    }

    @Override
    public void prepareToDestroy() {
        handler.prepareToDestroy();
    }

    @Override
    public void destroy() {
        handler.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return handler.register(handle);
    }

    @Override
    public void wakeup() {
        handler.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return handler.isCompatible(handleType);
    }
}
