package io.penstock.net.handler;

import io.vertx.core.Vertx;

/** Timers of the calling Vert.x context. Stateless. */
final class VertxTimers {
    private VertxTimers() {}

    /** Runs {@code onExpiry} once on the calling context; the returned task cancels it. */
    static Runnable start(long delayMs, Runnable onExpiry) {
        Vertx vertx = Vertx.currentContext().owner();
        long id = vertx.setTimer(delayMs, fired -> onExpiry.run());
        return () -> vertx.cancelTimer(id);
    }
}
