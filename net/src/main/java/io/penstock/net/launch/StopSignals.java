package io.penstock.net.launch;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGTERM, SIGINT and SIGHUP in place of the JVM, which would end with 143 and without an order. The first one asks for a stop, one
 * that comes a second later or more ends the process at once: wrappers send the same signal twice, to a process and to its group. Signals
 * that the parent had ignored, as nohup does, stay ignored.
 */
final class StopSignals {

    private static final Logger LOGGER = LoggerFactory.getLogger(StopSignals.class);
    private static final List<String> NAMES = List.of("TERM", "INT", "HUP");
    private static final int FORCED = 1;
    private static final long REPEATED_WITHIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final CompletableFuture<String> first = new CompletableFuture<>();
    private final AtomicLong firstNs = new AtomicLong();

    private StopSignals() {}

    /** Begins to listen. */
    static StopSignals install() {
        StopSignals signals = new StopSignals();
        NAMES.forEach(signals::listen);
        return signals;
    }

    private void listen(String name) {
        try {
            JvmSignals.handle(name, () -> onSignal(name));
        } catch (ReflectiveOperationException | IllegalArgumentException reserved) {
            // Under -Xrs or on another system the JVM keeps the signal; the process then ends in the JVM's own way.
            LOGGER.atDebug().setCause(reserved).addKeyValue("signal", name).log("Signal cannot be handled");
        }
    }

    private void onSignal(String name) {
        long nowNs = System.nanoTime();
        if (first.complete(name)) {
            firstNs.set(nowNs);
        } else if (nowNs - firstNs.get() >= REPEATED_WITHIN_NS) {
            System.err.println("penstock: second signal, ending at once");
            Runtime.getRuntime().halt(FORCED);
        }
    }

    /** Completed with the name of the first signal: {@code TERM}. */
    CompletableFuture<String> first() {
        return first;
    }
}
