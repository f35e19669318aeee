package io.penstock.net.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.penstock.net.quota.ClientThrottling;
import io.penstock.net.wire.RequestDecoder;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a listener that lives on one event loop: its connections and what they share. Owned by that loop; the objects it hands
 * out are immutable or safe from any thread.
 */
final class ListenerShard implements ListenerLoops.ServingLoop {
    private static final Logger LOGGER = LoggerFactory.getLogger(ListenerShard.class);
    private static final AtomicLong NEXT_CONNECTION = new AtomicLong();
    private static final long MAX_TICK_MS = 1_000;

    private final ContextInternal context;
    private final String listenerName;
    private final ApiRegistry registry;
    private final ListenerLimits limits;
    private final FrontendUsage usage;
    private final FrontendMetrics metrics;
    private final ClientThrottling throttling;
    private final RateLimitedLog faults;
    private final RateLimitedLog failures = new RateLimitedLog(LoggerFactory.getLogger(AnswerQueue.class));
    private final RequestDecoder decoder;
    private final Set<KafkaConnection> connections = new HashSet<>();
    private final Set<Arrival> arrivals = new HashSet<>();
    private final AcceptDoor door;
    private final ListenerLoops<ListenerShard> loops;
    private final LoopLoad load = new LoopLoad(Thread.currentThread());
    private final long timerId;
    private volatile int connectionCount;
    private boolean isDraining;
    private boolean isClosed;

    /** Must be called on the event loop of {@code context}. */
    ListenerShard(
            ContextInternal context,
            String listenerName,
            ApiRegistry registry,
            ListenerLimits limits,
            FrontendUsage usage,
            FrontendMetrics metrics,
            ClientThrottling throttling,
            AcceptDoor door,
            ListenerLoops<ListenerShard> loops,
            RateLimitedLog faults) {
        this.context = context;
        this.listenerName = listenerName;
        this.registry = registry;
        this.limits = limits;
        this.usage = usage;
        this.metrics = metrics;
        this.throttling = throttling;
        this.door = door;
        this.loops = loops;
        loops.add(Thread.currentThread(), this);
        this.faults = faults;
        decoder = new RequestDecoder(registry, limits.frames().maxControlFrameBytes());
        timerId = context.setPeriodic(tickMs(limits.connections()), timer -> onTick());
    }

    private static long tickMs(ConnectionLimits limits) {
        long shortestMs = Math.min(limits.idleMs(), limits.unfinishedFrameMs());
        return Math.max(1, Math.min(MAX_TICK_MS, shortestMs / 4));
    }

    /** Takes over a connection that Vert.x accepted on this event loop, before its first byte is read. */
    void accept(NetSocket socket) {
        ChannelHandlerContext vertxHandler = ((NetSocketInternal) socket).channelHandlerContext();
        Channel channel = vertxHandler.channel();
        if (isDraining
                || !(channel.remoteAddress() instanceof InetSocketAddress remote)
                || !(channel.localAddress() instanceof InetSocketAddress local)) {
            // No address: the client has already gone.
            Outbound.close(vertxHandler);
            return;
        }
        Arrival arrival = new Arrival(vertxHandler, local, remote);
        if (door.isIdle() && usage.policy().hasNoRates(listenerName)) {
            switch (usage.tryOpen(listenerName, remote.getAddress())) {
                case OPENED -> open(arrival);
                case TOO_MANY_FROM_ADDRESS -> refuse(arrival);
                case NO_SLOT -> waitAtDoor(arrival);
            }
        } else {
            waitAtDoor(arrival);
        }
    }

    /** What is known of a connection that is not open yet. */
    private record Arrival(ChannelHandlerContext vertxHandler, InetSocketAddress local, InetSocketAddress remote) {
        Channel channel() {
            return vertxHandler.channel();
        }
    }

    private void waitAtDoor(Arrival arrival) {
        arrival.channel().config().setAutoRead(false);
        arrivals.add(arrival);
        door.enter(new AcceptTurnstile.Newcomer() {
            @Override
            public InetAddress address() {
                return arrival.remote.getAddress();
            }

            @Override
            public boolean isAlive() {
                return arrival.channel().isActive();
            }

            @Override
            public void admit() {
                context.runOnContext(turn -> onAdmitted(arrival));
            }

            @Override
            public void refuse() {
                context.runOnContext(turn -> {
                    if (arrivals.remove(arrival)) {
                        ListenerShard.this.refuse(arrival);
                    }
                });
            }
        });
    }

    private void onAdmitted(Arrival arrival) {
        if (!arrivals.remove(arrival) || !arrival.channel().isActive()) {
            usage.onClosed(listenerName, arrival.remote.getAddress());
            Outbound.close(arrival.vertxHandler);
            return;
        }
        open(arrival);
        arrival.channel().config().setAutoRead(true);
    }

    private void refuse(Arrival arrival) {
        metrics.onConnectionRefused(listenerName);
        faults.atWarn()
                .addKeyValue("listener", listenerName)
                .addKeyValue("remote", arrival.remote)
                .log("Refusing a connection: there are too many");
        Outbound.close(arrival.vertxHandler);
    }

    private void open(Arrival arrival) {
        String id = listenerName + "-" + NEXT_CONNECTION.incrementAndGet();
        open(
                new ConnectionInfo(id, listenerName, arrival.local, arrival.remote),
                arrival.vertxHandler,
                arrival.channel());
    }

    private void open(ConnectionInfo info, ChannelHandlerContext vertxHandler, Channel channel) {
        int high = limits.pipeline().maxResponseBytes();
        KeepAlive.tune(channel);
        if (limits.sockets().receiveBufferBytes() > 0) {
            channel.config().setOption(ChannelOption.SO_RCVBUF, limits.sockets().receiveBufferBytes());
        }
        if (limits.sockets().sendBufferBytes() > 0) {
            channel.config().setOption(ChannelOption.SO_SNDBUF, limits.sockets().sendBufferBytes());
        }
        channel.config().setMessageSizeEstimator(SentBytes.ESTIMATOR);
        channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(high / 2, high));
        ChannelHandler chunkedWriter = channel.pipeline().get(ChunkedWriteHandler.class);
        if (chunkedWriter != null) {
            // For files sent through Vert.x; our writes need none of it.
            channel.pipeline().remove(chunkedWriter);
        }
        KafkaConnection connection = new KafkaConnection(this, info, vertxHandler);
        add(connection);
        if (channel.pipeline().get(SslHandler.class) == null) {
            channel.config().setRecvByteBufAllocator(connection.readAllocator());
        }
        // In front of Vert.x's own handler, which then sees the connection's life but none of its bytes.
        channel.pipeline().addBefore(vertxHandler.name(), "kafka", connection);
        metrics.onConnectionOpened(listenerName);
        LOGGER.atDebug()
                .addKeyValue("connectionId", info.id())
                .addKeyValue("remote", info.remoteAddress())
                .log("Opened a connection");
        InetAddress client = info.remoteAddress().getAddress();
        channel.closeFuture().addListener(closed -> {
            if (connection.shard() == this && context.nettyEventLoop().inEventLoop()) {
                onClosed(connection, client);
            } else {
                connection.onLoop(() -> connection.shard().onClosed(connection, client));
            }
        });
    }

    private void add(KafkaConnection connection) {
        connections.add(connection);
        connectionCount = connections.size();
    }

    private void remove(KafkaConnection connection) {
        connections.remove(connection);
        connectionCount = connections.size();
    }

    /** A connection goes to another shard; it belongs to none until it has arrived there. */
    void onLeft(KafkaConnection connection) {
        remove(connection);
    }

    /** A connection has come from another shard. */
    void onArrived(KafkaConnection connection) {
        add(connection);
        if (isClosed) {
            connection.close();
        } else if (isDraining) {
            connection.drain();
        }
    }

    private void onClosed(KafkaConnection connection, InetAddress client) {
        remove(connection);
        connection.onDead();
        usage.onClosed(listenerName, client);
        if (connection.isSurplus()) {
            usage.onLeft();
        }
        metrics.onConnectionClosed(listenerName);
        LOGGER.atDebug().addKeyValue("connectionId", connection.info().id()).log("Closed a connection");
    }

    private void onTick() {
        long nowNs = System.nanoTime();
        // A copy, because closing a connection takes it out of the set.
        List.copyOf(connections).forEach(connection -> connection.onTick(nowNs));
        closeExcess();
    }

    /** A bound was lowered: the connections that did nothing for the longest time go. */
    private void closeExcess() {
        if (!usage.claimExcess()) {
            return;
        }
        List<KafkaConnection> byActivity = new ArrayList<>(connections);
        byActivity.removeIf(KafkaConnection::isSurplus);
        byActivity.sort(Comparator.comparingLong(KafkaConnection::lastActivityNs));
        for (KafkaConnection connection : byActivity) {
            connection.closeAsSurplus();
            if (!usage.claimExcess()) {
                return;
            }
        }
        // What was claimed last is left to the other event loops.
        usage.onLeft();
    }

    /** Takes no new connections or requests; each connection closes when its answers in flight are sent. */
    void drain() {
        isDraining = true;
        List.copyOf(arrivals).forEach(arrival -> Outbound.close(arrival.vertxHandler));
        arrivals.clear();
        List.copyOf(connections).forEach(KafkaConnection::drain);
    }

    /** Closes what is left, and whatever is still on its way from another shard. */
    void close() {
        isClosed = true;
        context.owner().cancelTimer(timerId);
        List.copyOf(connections).forEach(KafkaConnection::close);
    }

    /** The handler of an API that the decoder let through. */
    ApiHandler handler(ApiKeys api) {
        ApiHandler handler = registry.handler(api);
        if (handler == null) {
            throw new IllegalStateException("expected a handler for " + api + ", found none");
        }
        return handler;
    }

    ContextInternal context() {
        return context;
    }

    /** All shards of this listener. */
    ListenerLoops<ListenerShard> loops() {
        return loops;
    }

    /** How busy this shard's event loop is. Safe from any thread. */
    @Override
    public LoopLoad load() {
        return load;
    }

    /** Connections on this event loop. Safe from any thread. */
    @Override
    public int connectionCount() {
        return connectionCount;
    }

    ListenerLimits limits() {
        return limits;
    }

    FrontendUsage usage() {
        return usage;
    }

    FrontendMetrics metrics() {
        return metrics;
    }

    ClientThrottling throttling() {
        return throttling;
    }

    /** For what clients do wrong. */
    RateLimitedLog faults() {
        return faults;
    }

    /** For what we do wrong. */
    RateLimitedLog failures() {
        return failures;
    }

    RequestDecoder decoder() {
        return decoder;
    }
}
