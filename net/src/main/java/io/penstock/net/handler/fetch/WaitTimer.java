package io.penstock.net.handler.fetch;

/** Limits how long a fetch waits. */
@FunctionalInterface
public interface WaitTimer {
    /**
     * Runs {@code onExpiry} on the calling event loop after {@code delayMs}, 1 or more.
     *
     * @return cancels it; does nothing after the expiry
     */
    Runnable start(long delayMs, Runnable onExpiry);
}
