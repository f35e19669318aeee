package io.penstock.net.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import io.penstock.core.LoggerLevels;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/** Levels of the loggers that logback keeps, in Kafka's words. Safe from any thread, as logback is. */
public final class LogbackLevels implements LoggerLevels {

    private static final String ROOT = "root";

    private final LoggerContext context;

    private LogbackLevels(LoggerContext context) {
        this.context = context;
    }

    /** The levels of this process; none if it logs with another library. */
    public static LoggerLevels ofProcess() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        return factory instanceof LoggerContext context ? new LogbackLevels(context) : LoggerLevels.NONE;
    }

    @Override
    public Map<String, String> levels() {
        Map<String, String> levels = new TreeMap<>();
        for (Logger logger : context.getLoggerList()) {
            levels.put(kafkaName(logger.getName()), kafkaLevel(logger.getEffectiveLevel()));
        }
        return levels;
    }

    @Override
    public void set(String logger, @Nullable String level) {
        context.getLogger(logger.equals(ROOT) ? Logger.ROOT_LOGGER_NAME : logger)
                .setLevel(level == null ? null : logbackLevel(level));
    }

    private static String kafkaName(String name) {
        return name.equals(Logger.ROOT_LOGGER_NAME) ? ROOT : name;
    }

    /** Kafka has FATAL above ERROR, logback has OFF. */
    private static String kafkaLevel(Level level) {
        return level == Level.OFF ? "FATAL" : level.toString();
    }

    private static Level logbackLevel(String level) {
        return level.equals("FATAL") ? Level.OFF : Level.toLevel(level);
    }
}
