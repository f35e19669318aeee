package io.penstock.core.api;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How to run an embedded broker: where its data lives, and settings under Kafka's names. Immutable; every {@code with} method gives
 * a changed copy.
 *
 * <pre>{@code
 * BrokerOptions.inDirectory(Path.of("data")).with("num.partitions", "3")
 * }</pre>
 */
public final class BrokerOptions {
    private final Map<String, String> settings;

    private BrokerOptions(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    /** Keeps records in this process's heap and forgets them when the broker stops. Needs no JVM flags. */
    public static BrokerOptions inMemory() {
        return new BrokerOptions(Map.of("penstock.store", "memory"));
    }

    /**
     * Keeps records in a directory, which is created if its parent exists. Needs the JVM flags that the start names when they are
     * missing.
     */
    public static BrokerOptions inDirectory(Path directory) {
        return new BrokerOptions(Map.of("penstock.store", "chronicle", "log.dirs", directory.toString()));
    }

    /** Sets one setting under Kafka's name; checked when the broker starts. */
    public BrokerOptions with(String key, String value) {
        return withAll(Map.of(key, value));
    }

    /** Sets several settings; those given before stay unless named again. */
    public BrokerOptions withAll(Map<String, String> more) {
        Map<String, String> merged = new LinkedHashMap<>(settings);
        merged.putAll(more);
        return new BrokerOptions(merged);
    }

    /** All settings given so far. */
    public Map<String, String> settings() {
        return settings;
    }
}
