package io.penstock.core;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The levels of this process's loggers, as far as its logging library lets them change at run time. Safe from any thread. */
public interface LoggerLevels {
    /** For a logging library that we cannot reach into: knows no logger. */
    LoggerLevels NONE = new LoggerLevels() {
        @Override
        public Map<String, String> levels() {
            return Map.of();
        }

        @Override
        public void set(String logger, @Nullable String level) {}
    };

    /** Every logger by name with the level that holds for it, in the words of Kafka; the root logger is {@code root}. */
    Map<String, String> levels();

    /**
     * Sets a logger's level.
     *
     * @param logger one of {@link #levels}
     * @param level in the words of Kafka; null for that of the logger above
     */
    void set(String logger, @Nullable String level);
}
