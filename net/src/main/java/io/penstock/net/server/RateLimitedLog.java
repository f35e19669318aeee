package io.penstock.net.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import org.slf4j.spi.NOPLoggingEventBuilder;

/**
 * Logs what strangers can cause at will, at most a few times in each period, and says how many lines it left out. Safe from
 * any thread: atomic counters; under contention a line more or less may be written.
 */
final class RateLimitedLog {
    private static final int LINES_PER_PERIOD = 10;
    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(10);

    private final Logger logger;
    private final AtomicLong periodStartNs = new AtomicLong(System.nanoTime());
    private final AtomicInteger lines = new AtomicInteger();

    RateLimitedLog(Logger logger) {
        this.logger = logger;
    }

    /** Begins a warning; one that goes nowhere if this period's lines are used up. */
    LoggingEventBuilder atWarn() {
        return at(Level.WARN);
    }

    /** Begins an error; one that goes nowhere if this period's lines are used up. */
    LoggingEventBuilder atError() {
        return at(Level.ERROR);
    }

    private LoggingEventBuilder at(Level level) {
        startPeriodIfDue(System.nanoTime());
        return lines.getAndIncrement() < LINES_PER_PERIOD ? logger.atLevel(level) : NOPLoggingEventBuilder.singleton();
    }

    private void startPeriodIfDue(long nowNs) {
        long startNs = periodStartNs.get();
        if (nowNs - startNs >= PERIOD_NS && periodStartNs.compareAndSet(startNs, nowNs)) {
            int leftOut = lines.getAndSet(0) - LINES_PER_PERIOD;
            if (leftOut > 0) {
                logger.atWarn().addKeyValue("count", leftOut).log("Left out similar lines");
            }
        }
    }
}
