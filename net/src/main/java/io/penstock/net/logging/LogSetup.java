package io.penstock.net.logging;

import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * Turns the launcher's logging on and off. Logback asks {@link LauncherConfigurator} when the first logger of the process is made, so
 * {@link #begin} comes before everything else. A file named by {@code -Dlogback.configurationFile} goes before it.
 */
public final class LogSetup {

    /** Name of the logger whose messages appear without time and level when the format is text. */
    public static final String PLAIN = "penstock.banner";

    static final String FORMAT_PROPERTY = "penstock.log.format";
    static final String LEVEL_PROPERTY = "penstock.log.level";

    private LogSetup() {}

    /** Claims the process's logging: as text and from INFO up, until {@link #use} says otherwise. */
    public static void begin() {
        setProperties(LogFormat.TEXT, "info");
    }

    /**
     * Chooses the format and the level of everything that the process logs from now on.
     *
     * @param level name of a logback level: trace, debug, info, warn, error or off
     */
    public static void use(LogFormat format, String level) {
        setProperties(format, level);
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context && !LauncherConfigurator.isUpToDate(context)) {
            context.reset();
            new LauncherConfigurator().configure(context);
        }
    }

    private static void setProperties(LogFormat format, String level) {
        System.setProperty(FORMAT_PROPERTY, format.name());
        System.setProperty(LEVEL_PROPERTY, level.toUpperCase(Locale.ROOT));
    }

    /** Writes out what is still queued, waiting a second at most, and ends logging. */
    public static void flush() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (factory instanceof LoggerContext context) {
            context.stop();
        }
    }
}
