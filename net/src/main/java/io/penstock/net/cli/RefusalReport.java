package io.penstock.net.cli;

import io.penstock.net.logging.LogFormat;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells the user why nothing was started: as a block on standard error, or as one log event where the log is JSON. The stack trace
 * goes with it only where someone has use for it: for failures that nobody foresaw, and on demand.
 */
public final class RefusalReport {

    private static final Logger LOGGER = LoggerFactory.getLogger("penstock");

    private final PrintWriter err;
    private final LogFormat format;
    private final boolean isDebug;

    /** @param isDebug whether every refusal comes with its stack trace */
    public RefusalReport(PrintWriter err, LogFormat format, boolean isDebug) {
        this.err = err;
        this.format = format;
        this.isDebug = isDebug;
    }

    /** Reports and returns the code to end with. */
    public ExitCode report(Refusal refusal, @Nullable Throwable cause) {
        Throwable shown = isDebug || refusal.exitCode() == ExitCode.FAILURE ? cause : null;
        if (format == LogFormat.JSON) {
            log(refusal, shown);
        } else {
            print(refusal, shown);
        }
        return refusal.exitCode();
    }

    private static void log(Refusal refusal, @Nullable Throwable shown) {
        LoggingEventBuilder event = LOGGER.atError().setCause(shown);
        for (Refusal.Detail detail : refusal.details()) {
            event = event.addKeyValue(detail.name(), detail.value());
        }
        event.addKeyValue("remedy", refusal.remedy())
                .addKeyValue("exitCode", refusal.exitCode().code())
                .log(refusal.what());
    }

    private void print(Refusal refusal, @Nullable Throwable shown) {
        if (shown != null) {
            shown.printStackTrace(err);
        }
        err.print(refusal.block());
        err.flush();
    }
}
