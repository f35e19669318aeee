package io.penstock.net.server;

import java.util.concurrent.TimeUnit;

/**
 * Measures how long the frame that is arriving has been on its way. Time in which we ourselves refused to read is not held against it,
 * up to a point. Owned by the connection's event loop.
 */
final class FrameClock {
    /** While we refuse to read, a frame may take this many times as long. */
    private static final int PATIENCE_WHILE_PAUSED = 4;

    private final ConnectionLimits limits;
    private boolean isRunning;
    private long startNs;
    private boolean isPaused;
    private long pausedNs;

    FrameClock(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** No frame has begun. */
    void stop() {
        isRunning = false;
    }

    /** A frame has begun; an already running clock goes on unless {@code isNewFrame}. */
    void run(boolean isNewFrame, long nowNs) {
        if (!isRunning || isNewFrame) {
            isRunning = true;
            startNs = nowNs;
            pausedNs = nowNs;
        }
    }

    /** We stopped reading. */
    void pause(long nowNs) {
        if (!isPaused) {
            isPaused = true;
            pausedNs = nowNs;
        }
    }

    /** We read again. */
    void resume(long nowNs) {
        if (isPaused) {
            isPaused = false;
            startNs += nowNs - pausedNs;
        }
    }

    /** Whether the frame, of which {@code arrivedBytes} are here, has used up its time. */
    boolean isOverdue(int arrivedBytes, long nowNs) {
        if (!isRunning) {
            return false;
        }
        long allowedMs = limits.allowedFrameMs(arrivedBytes) * (isPaused ? PATIENCE_WHILE_PAUSED : 1);
        return nowNs - startNs > TimeUnit.MILLISECONDS.toNanos(allowedMs);
    }
}
