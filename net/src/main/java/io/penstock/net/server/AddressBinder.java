package io.penstock.net.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.ServerID;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Binds the addresses of one listener, each with one Vert.x server on every event loop. Used once, while the listener starts; its
 * futures may complete on any event loop.
 */
final class AddressBinder {
    /** How often to look for a port that is free on both loopback addresses. */
    private static final int MAX_PORT_TRIES = 8;

    /** Servers that share a port which the system picks find each other by such a number, within one Vert.x instance. */
    private static final AtomicInteger NEXT_SHARED_PORT_ID = new AtomicInteger(1 << 20);

    private final ListenerEndpoint endpoint;
    private final SocketSettings settings;
    private final List<ListenerShard> shards;
    private final VertxInternal vertx;

    AddressBinder(ListenerEndpoint endpoint, SocketSettings settings, List<ListenerShard> shards) {
        this.endpoint = endpoint;
        this.settings = settings;
        this.shards = shards;
        vertx = shards.get(0).context().owner();
    }

    /** Binds all addresses of the endpoint's host to one port. When it fails nothing stays bound. */
    Future<List<NetServer>> bind() {
        return bindAll(ListenAddresses.of(endpoint.host()), MAX_PORT_TRIES);
    }

    private Future<List<NetServer>> bindAll(List<String> hosts, int triesLeft) {
        SocketAddress first = endpoint.port() == 0
                ? SocketAddress.sharedRandomPort(NEXT_SHARED_PORT_ID.incrementAndGet(), hosts.get(0))
                : SocketAddress.inetSocketAddress(endpoint.port(), hosts.get(0));
        Future<List<NetServer>> bound = bindOne(first, List.of());
        for (String host : hosts.subList(1, hosts.size())) {
            bound = bound.compose(servers ->
                    bindOne(SocketAddress.inetSocketAddress(servers.get(0).actualPort(), host), servers));
        }
        boolean mayRetry = endpoint.port() == 0 && hosts.size() > 1 && triesLeft > 1;
        return mayRetry ? bound.recover(failure -> bindAll(hosts, triesLeft - 1)) : bound;
    }

    /** Binds one address; returns its servers after those of {@code earlier}, or closes all of them if it fails. */
    private Future<List<NetServer>> bindOne(SocketAddress address, List<NetServer> earlier) {
        List<NetServer> servers = new ArrayList<>(earlier);
        if (isBoundHere(address)) {
            return closeAll(servers).compose(closed -> Future.failedFuture(bindFailure(address, null)));
        }
        List<Future<NetServer>> bound = new ArrayList<>();
        for (ListenerShard shard : shards) {
            NetServer server = vertx.createNetServer(options()).connectHandler(shard::accept);
            servers.add(server);
            bound.add(listenOn(shard, server, address));
        }
        return Future.join(bound)
                .map(all -> List.copyOf(servers))
                .recover(failure ->
                        closeAll(servers).compose(closed -> Future.failedFuture(bindFailure(address, failure))));
    }

    private static Future<NetServer> listenOn(ListenerShard shard, NetServer server, SocketAddress address) {
        Promise<NetServer> promise = Promise.promise();
        shard.context().runOnContext(v -> server.listen(address).onComplete(promise));
        return promise.future();
    }

    /** Vert.x would let a second listener join the first one's port, and give each some of the connections. */
    private boolean isBoundHere(SocketAddress address) {
        return address.port() > 0 && vertx.sharedTcpServers().containsKey(new ServerID(address.port(), address.host()));
    }

    private NetServerOptions options() {
        return new NetServerOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReuseAddress(true)
                .setAcceptBacklog(settings.backlog());
    }

    private static Future<Void> closeAll(List<NetServer> servers) {
        return Future.join(servers.stream().map(NetServer::close).toList())
                .otherwiseEmpty()
                .mapEmpty();
    }

    private BindException bindFailure(SocketAddress address, @Nullable Throwable cause) {
        BindException failure = new BindException(
                "listener " + endpoint.name() + ": cannot listen on " + address.host() + ":" + endpoint.port());
        failure.initCause(cause);
        return failure;
    }
}
