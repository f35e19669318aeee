package io.penstock.net.http;

import io.vertx.core.Future;

/** Where {@code /metrics} gets its text. */
public interface MetricsSource {
    /**
     * Collects all metrics. Called on an event loop; the collecting itself happens elsewhere.
     *
     * @param accepted the request's Accept header, which chooses between Prometheus' text and OpenMetrics; may be empty
     */
    Future<Exposition> collect(String accepted);

    /** Metrics as text and its media type. */
    record Exposition(String contentType, String body) {}
}
