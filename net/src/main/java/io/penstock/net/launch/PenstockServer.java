package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.config.NetworkSettings;
import io.penstock.core.BrokerKernel;
import io.penstock.core.LoggerLevels;
import io.penstock.core.runtime.BrokerRuntime;
import io.penstock.net.handler.ApiVersionsHandler;
import io.penstock.net.handler.HandlerSettings;
import io.penstock.net.handler.Handlers;
import io.penstock.net.handler.ServedFeatures;
import io.penstock.net.http.AdminHttp;
import io.penstock.net.launch.ServerAddresses.Endpoint;
import io.penstock.net.launch.ServerHealth.Doors;
import io.penstock.net.metrics.BrokerMetrics;
import io.penstock.net.metrics.LoopWatch;
import io.penstock.net.metrics.MetricsPage;
import io.penstock.net.quota.ClientThrottling;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.ApiRegistry;
import io.penstock.net.server.FrontendUsage;
import io.penstock.net.server.KafkaListener;
import io.penstock.net.server.ListenerEndpoint;
import io.penstock.net.server.ListenerLimits;
import io.penstock.net.telemetry.ClientTelemetry;
import io.penstock.net.telemetry.TelemetryHandlers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A whole server: a broker, its Kafka listeners and its HTTP port, on a Vert.x of its own. Starts once and stops once; safe from any
 * thread. The launcher uses it, and so may an application or a test that wants clients to come over TCP.
 *
 * <pre>
 * start  HTTP (not ready) ‖ broker recovers ─► listeners open ─► ready
 * stop   not ready ─► listeners drain and close ─► broker closes its logs ─► HTTP closes ─► Vert.x ends
 * </pre>
 */
public final class PenstockServer {
    private static final long NS_PER_MS = 1_000_000;

    private final BrokerConfig config;
    private final Vertx vertx;
    private final BrokerMetrics metrics = new BrokerMetrics();
    private final LoopWatch loops;
    private final BrokerRuntime broker;
    private final ClientThrottling throttling;
    private final ClientTelemetry telemetry;
    private final ServerHealth health;
    private final MetricsPage metricsPage;
    private final AdminHttp http;
    private final List<KafkaListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable Future<ServerAddresses>> starting = new AtomicReference<>();
    private final AtomicBoolean isStopping = new AtomicBoolean();
    private final Promise<Void> stopped = Promise.promise();

    private PenstockServer(BrokerConfig config, LoggerLevels loggerLevels) {
        this.config = config;
        this.vertx = VertxFactory.create(config);
        this.loops = new LoopWatch(((VertxInternal) vertx).eventLoopGroup());
        this.broker = BrokerRuntime.create(vertx, config, loggerLevels, metrics);
        this.throttling = new ClientThrottling(
                () -> broker.metadata().clientQuotas(), FrontendSettings.clientMeters(config), System::nanoTime);
        this.telemetry = new ClientTelemetry(
                vertx.getOrCreateContext(),
                broker::metadata,
                config.get(NetworkSettings.TELEMETRY_MAX_BYTES),
                () -> System.nanoTime() / NS_PER_MS);
        this.health = new ServerHealth(broker, loops);
        this.metricsPage = new MetricsPage(
                vertx, broker, metrics, throttling.meters(), telemetry, loops, FrontendSettings.directories(config));
        this.http = new AdminHttp(vertx, health, metricsPage);
    }

    /**
     * A server that has not started. Its threads run already: {@link #stop} it also if it is never started.
     *
     * @param loggerLevels the process's loggers, for clients that change their levels
     * @throws IllegalStateException if the configured transport is not there
     */
    public static PenstockServer create(BrokerConfig config, LoggerLevels loggerLevels) {
        return new PenstockServer(config, loggerLevels);
    }

    /**
     * Starts. Completes when clients are served.
     *
     * @return the addresses really bound; failed with {@link io.penstock.core.BrokerStartException} or {@link
     *     PortUnavailableException}, after everything has been let go
     */
    public Future<ServerAddresses> start() {
        Promise<ServerAddresses> promise = Promise.promise();
        if (!starting.compareAndSet(null, promise.future())) {
            return Future.failedFuture(new IllegalStateException("this server has been started before"));
        }
        checkPorts().compose(free -> startParts()).onComplete(promise);
        return promise.future().recover(failure -> stop().transform(ended -> Future.failedFuture(failure)));
    }

    private Future<Void> checkPorts() {
        return vertx.executeBlocking(
                () -> {
                    PortCheck.check(config);
                    return null;
                },
                false);
    }

    private Future<ServerAddresses> startParts() {
        Future<Optional<Endpoint>> httpEndpoint = listenHttp();
        Future<BrokerRuntime> recovered = broker.start();
        return Future.join(httpEndpoint, recovered)
                .compose(both -> openListeners())
                .map(endpoints -> {
                    health.set(Doors.OPEN);
                    return new ServerAddresses(endpoints, httpEndpoint.result());
                });
    }

    private Future<Optional<Endpoint>> listenHttp() {
        int port = config.get(NetworkSettings.HTTP_PORT);
        String host = config.get(NetworkSettings.HTTP_HOST);
        if (port < 0) {
            return Future.succeededFuture(Optional.empty());
        }
        return http.listen(host, port)
                .map(bound -> Optional.of(new Endpoint("http", host, bound)))
                .recover(failure -> Future.failedFuture(new PortUnavailableException(
                        NetworkSettings.HTTP_PORT.key(), Integer.toString(port), host, port, failure)));
    }

    private Future<List<Endpoint>> openListeners() {
        ListenerLimits limits = FrontendSettings.limits(config);
        ConnectionPolicies connections = new ConnectionPolicies(
                vertx, broker::config, () -> broker.metadata().clientQuotas());
        FrontendUsage usage = new FrontendUsage(limits, connections, FrontendSettings.quotaWindow(config));
        ApiRegistry registry = ApiVersionsHandler.registryOf(handlers(), () -> ServedFeatures.of(broker.metadata()));
        List<Future<Endpoint>> opened = FrontendSettings.endpoints(config).stream()
                .map(endpoint -> KafkaListener.start(vertx, endpoint, registry, limits, metrics, usage, throttling)
                        .map(listener -> onListening(endpoint, listener))
                        .recover(failure -> Future.failedFuture(unavailable(endpoint, failure))))
                .toList();
        return Future.join(opened).map(all -> all.list());
    }

    private List<ApiHandler> handlers() {
        List<ApiHandler> handlers = new ArrayList<>(Handlers.of(broker, HandlerSettings.of(config)));
        handlers.addAll(TelemetryHandlers.of(telemetry));
        return handlers;
    }

    private Endpoint onListening(ListenerEndpoint endpoint, KafkaListener listener) {
        listeners.add(listener);
        return new Endpoint(endpoint.name(), endpoint.host(), listener.port());
    }

    private static PortUnavailableException unavailable(ListenerEndpoint endpoint, Throwable failure) {
        String value = endpoint.name() + "://" + endpoint.host() + ":" + endpoint.port();
        return new PortUnavailableException(
                NetworkSettings.LISTENERS.key(), value, endpoint.host(), endpoint.port(), failure);
    }

    /**
     * Stops in order, waiting for a start that is under way. Requests under way get {@code penstock.shutdown.drain.timeout.ms} to
     * finish.
     *
     * @return completed when everything is let go; failed with the first thing that could not be, after the rest has been
     */
    public Future<Void> stop() {
        if (!isStopping.compareAndSet(false, true)) {
            return stopped.future();
        }
        health.set(Doors.CLOSING);
        Future<ServerAddresses> started = starting.get();
        Future<?> settled = started == null ? Future.succeededFuture() : started.otherwiseEmpty();
        settled.onComplete(ignored -> broker.releaseWaiting())
                .compose(ignored -> closeListeners())
                .eventually(broker::stop)
                .eventually(http::close)
                .eventually(this::end)
                .onComplete(stopped);
        return stopped.future();
    }

    private Future<Void> closeListeners() {
        return Future.join(listeners.stream().map(KafkaListener::stop).toList()).mapEmpty();
    }

    private Future<Void> end() {
        loops.stop();
        metricsPage.close();
        return vertx.close();
    }

    /** What the broker inside can be asked; of use once it has started. */
    public BrokerKernel kernel() {
        return broker;
    }
}
