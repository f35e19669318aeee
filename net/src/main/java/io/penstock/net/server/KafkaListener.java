package io.penstock.net.server;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import io.penstock.net.quota.ClientThrottling;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka listener: one port, on one address or on both loopback addresses, served by every event loop of a Vert.x instance.
 *
 * <p>Safe from any thread: immutable once started; everything that changes is owned by a {@link ListenerShard} on its event loop.
 */
public final class KafkaListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(KafkaListener.class);

    private static final long LOAD_PERIOD_MS = 500;

    /** How long closing may take, once nobody is waited for any more. */
    private static final long CLOSE_MS = 1_000;

    private final ListenerEndpoint endpoint;
    private final ListenerLimits limits;
    private final FrontendUsage usage;
    private final List<ListenerShard> shards;
    private final List<NetServer> servers;
    private final int port;
    private final long loadTimer;

    private KafkaListener(
            ListenerEndpoint endpoint,
            ListenerLimits limits,
            FrontendUsage usage,
            List<ListenerShard> shards,
            List<NetServer> servers,
            int port,
            long loadTimer) {
        this.endpoint = endpoint;
        this.limits = limits;
        this.usage = usage;
        this.shards = shards;
        this.servers = servers;
        this.port = port;
        this.loadTimer = loadTimer;
    }

    /** Starts the only listener of a broker, without client quotas; it needs to share its limits with no other one. */
    public static Future<KafkaListener> start(
            Vertx vertx,
            ListenerEndpoint endpoint,
            ApiRegistry registry,
            ListenerLimits limits,
            FrontendMetrics metrics) {
        return start(vertx, endpoint, registry, limits, metrics, new FrontendUsage(limits), ClientThrottling.none());
    }

    /**
     * Starts listening. Fails with a {@link BindException}, and leaves nothing behind, if an address is taken or not ours.
     *
     * @param usage shared by all listeners of a broker, because its limits are for all of them together
     * @param throttling shared likewise
     */
    public static Future<KafkaListener> start(
            Vertx vertx,
            ListenerEndpoint endpoint,
            ApiRegistry registry,
            ListenerLimits limits,
            FrontendMetrics metrics,
            FrontendUsage usage,
            ClientThrottling throttling) {
        RateLimitedLog faults = new RateLimitedLog(LOGGER);
        List<ContextInternal> contexts = contexts((VertxInternal) vertx);
        AcceptDoor door = new AcceptDoor(contexts.get(0), endpoint.name(), usage, usage.rates());
        ListenerLoops<ListenerShard> loops = new ListenerLoops<>();
        List<Future<ListenerShard>> shards = contexts.stream()
                .map(context -> onLoop(
                        context,
                        () -> new ListenerShard(
                                context,
                                endpoint.name(),
                                registry,
                                limits,
                                usage,
                                metrics,
                                throttling,
                                door,
                                loops,
                                faults)))
                .toList();
        return Future.all(shards).compose(all -> {
            List<ListenerShard> started = all.list();
            return new AddressBinder(endpoint, limits.sockets(), started)
                    .bind()
                    .map(servers -> new KafkaListener(
                            endpoint,
                            limits,
                            usage,
                            started,
                            servers,
                            servers.get(0).actualPort(),
                            sampleLoads(contexts.get(0), loops)))
                    .recover(failure -> closeShards(started).compose(closed -> Future.failedFuture(failure)));
        });
    }

    /** The port that clients connect to. */
    public int port() {
        return port;
    }

    /** Name of the listener, as in {@code listeners=NAME://host:port}. */
    public String name() {
        return endpoint.name();
    }

    /** What all connections of this listener's broker use together. */
    public FrontendUsage usage() {
        return usage;
    }

    /**
     * Stops accepting connections and requests, waits a bounded time for the answers in flight to be sent, then closes what is left. The
     * future never fails.
     */
    public Future<Void> stop() {
        shards.get(0).context().owner().cancelTimer(loadTimer);
        return onEachLoop(shards, ListenerShard::drain)
                .compose(drained -> stopServers())
                .compose(stopped -> closeShards(shards));
    }

    /**
     * The servers end when the last of their connections has. We close what is left when the time is over: each connection on its own
     * event loop, where Vert.x, which gets a little longer, knows only the one that accepted it.
     */
    private Future<Void> stopServers() {
        Vertx vertx = shards.get(0).context().owner();
        long drainMs = limits.connections().drainMs();
        long timer = vertx.setTimer(drainMs, over -> {
            var unused = closeShards(shards);
        });
        return Future.join(servers.stream()
                        .map(server -> server.shutdown(drainMs + CLOSE_MS, TimeUnit.MILLISECONDS))
                        .toList())
                .<Void>mapEmpty()
                .otherwiseEmpty()
                .onComplete(stopped -> vertx.cancelTimer(timer));
    }

    private static long sampleLoads(ContextInternal context, ListenerLoops<ListenerShard> loops) {
        return context.setPeriodic(LOAD_PERIOD_MS, timer -> {
            var unused = context.<@Nullable Void>executeBlocking(
                    () -> {
                        loops.sample();
                        return null;
                    },
                    false);
        });
    }

    private static Future<Void> closeShards(List<ListenerShard> shards) {
        return onEachLoop(shards, ListenerShard::close);
    }

    /** Does something with each shard where it lives. Never fails. */
    private static Future<Void> onEachLoop(List<ListenerShard> shards, Consumer<ListenerShard> task) {
        List<Future<ListenerShard>> done = shards.stream()
                .map(shard -> onLoop(shard.context(), () -> {
                    task.accept(shard);
                    return shard;
                }))
                .toList();
        return Future.join(done).<Void>mapEmpty().otherwiseEmpty();
    }

    private static List<ContextInternal> contexts(VertxInternal vertx) {
        List<ContextInternal> contexts = new ArrayList<>();
        for (EventExecutor loop : vertx.eventLoopGroup()) {
            contexts.add(vertx.contextBuilder().withEventLoop((EventLoop) loop).build());
        }
        return contexts;
    }

    private static <T> Future<T> onLoop(ContextInternal context, Callable<T> task) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> {
            try {
                promise.complete(task.call());
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }
}
