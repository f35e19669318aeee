package io.penstock.net.launch;

import io.penstock.config.BrokerConfig;
import io.penstock.net.transport.TransportChoice;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.TimeUnit;

/** Makes the Vert.x that a server runs on. Stateless. */
final class VertxFactory {

    private static final long LOOP_LIMIT_MS = 1_000;
    private static final int WORKERS = 4;

    private VertxFactory() {}

    /** @throws IllegalStateException if the transport that was asked for is not there */
    static Vertx create(BrokerConfig config) {
        VertxOptions options = new VertxOptions()
                .setEventLoopPoolSize(config.eventLoops())
                .setWorkerPoolSize(WORKERS)
                .setInternalBlockingPoolSize(WORKERS)
                .setMaxEventLoopExecuteTime(LOOP_LIMIT_MS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        TransportChoice transport = TransportChoice.valueOf(config.transport().name());
        return Vertx.builder()
                .with(options)
                .withTransport(transport.resolve(config.eventLoopSpin()))
                .build();
    }
}
