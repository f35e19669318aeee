package io.penstock.net.server;

import io.penstock.net.wire.ServedVersions;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Which APIs a listener serves, in which versions, and by whom. What is here is what ApiVersions advertises, nothing more or less.
 * Immutable.
 */
public final class ApiRegistry implements ServedVersions {
    private final Map<ApiKeys, ApiHandler> handlers = new EnumMap<>(ApiKeys.class);
    private final Map<ApiKeys, VersionRange> served = new EnumMap<>(ApiKeys.class);

    /**
     * @throws IllegalArgumentException two handlers for one API, or a handler that wants versions outside the stable ones
     */
    public ApiRegistry(Collection<? extends ApiHandler> handlers) {
        handlers.forEach(this::add);
    }

    private void add(ApiHandler handler) {
        ApiKeys api = handler.api();
        VersionRange stable = VersionRange.stable(api);
        if (!stable.encloses(handler.versions())) {
            throw new IllegalArgumentException(
                    api + ": versions must lie within " + stable + ", found " + handler.versions());
        }
        if (handlers.put(api, handler) != null) {
            throw new IllegalArgumentException(api + ": expected one handler, found two");
        }
        served.put(api, handler.versions());
    }

    /** The handler of {@code api}; null when the API is not served. */
    public @Nullable ApiHandler handler(ApiKeys api) {
        return handlers.get(api);
    }

    @Override
    public boolean isServed(ApiKeys api, short version) {
        VersionRange range = served.get(api);
        return range != null && range.contains(version);
    }

    /** What {@link #isServed} says yes to, in the order of the API keys. */
    public Map<ApiKeys, VersionRange> served() {
        return Collections.unmodifiableMap(served);
    }
}
