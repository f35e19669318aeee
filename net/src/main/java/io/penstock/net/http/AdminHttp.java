package io.penstock.net.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of {@code http.port}: {@code /livez}, {@code /readyz}, {@code /metrics}. Listen once, close once; futures complete
 * on an event loop. It stays open while the broker drains, so that {@code /readyz} can say so.
 */
public final class AdminHttp {

    private static final Logger LOGGER = LoggerFactory.getLogger(AdminHttp.class);

    private static final int MAX_INITIAL_LINE_BYTES = 4096;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int IDLE_TIMEOUT_S = 60;
    private static final long CLOSE_TIMEOUT_MS = 500;
    private static final int FAILURE = 500;

    private final HttpServer server;
    private final MetricsSource metrics;

    public AdminHttp(Vertx vertx, Health health, MetricsSource metrics) {
        this.metrics = metrics;
        this.server = vertx.createHttpServer(options()).requestHandler(router(vertx, health));
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setMaxInitialLineLength(MAX_INITIAL_LINE_BYTES)
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_TIMEOUT_S)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setCompressionSupported(true);
    }

    private Router router(Vertx vertx, Health health) {
        Router router = Router.router(vertx);
        read(router, "/livez").handler(new HealthPage(health::live));
        read(router, "/readyz").handler(new HealthPage(health::ready));
        read(router, "/metrics").handler(this::writeMetrics);
        return router;
    }

    private static Route read(Router router, String path) {
        return router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    }

    private void writeMetrics(RoutingContext context) {
        String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
        metrics.collect(accepted == null ? "" : accepted)
                .onSuccess(found -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, found.contentType())
                        .end(found.body()))
                .onFailure(failure -> {
                    LOGGER.error("Metrics could not be collected", failure);
                    context.response().setStatusCode(FAILURE).end("metrics could not be collected, see the log\n");
                });
    }

    /**
     * Binds the port.
     *
     * @param port 0 for any free one
     * @return the port bound; failed with a {@link java.net.BindException} if it is in use
     */
    public Future<Integer> listen(String host, int port) {
        return server.listen(port, host).map(HttpServer::actualPort);
    }

    /** Lets answers under way leave, for half a second at most, and closes. */
    public Future<Void> close() {
        return server.shutdown(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }
}
