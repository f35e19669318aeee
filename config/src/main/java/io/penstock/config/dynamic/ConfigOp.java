package io.penstock.config.dynamic;

import org.jspecify.annotations.Nullable;

/**
 * One requested change.
 *
 * @param value what to set, append or subtract; null for a deletion, and where a client forgot it
 */
public record ConfigOp(Kind kind, String key, @Nullable String value) {

    /** The names are those of Kafka's IncrementalAlterConfigs. */
    public enum Kind {
        SET,
        /** Back to what the next weaker level says. */
        DELETE,
        /** Adds elements to a list, leaving out those it has. */
        APPEND,
        /** Takes elements from a list, as far as it has them. */
        SUBTRACT
    }

    public static ConfigOp set(String key, String value) {
        return new ConfigOp(Kind.SET, key, value);
    }

    public static ConfigOp delete(String key) {
        return new ConfigOp(Kind.DELETE, key, null);
    }

    public static ConfigOp append(String key, String elements) {
        return new ConfigOp(Kind.APPEND, key, elements);
    }

    public static ConfigOp subtract(String key, String elements) {
        return new ConfigOp(Kind.SUBTRACT, key, elements);
    }
}
