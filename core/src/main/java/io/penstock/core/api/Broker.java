package io.penstock.core.api;

import io.penstock.config.BrokerConfig;
import io.penstock.config.setting.ConfigException;
import io.penstock.config.source.ServerProperties;
import io.penstock.core.BrokerKernel;
import io.penstock.core.BrokerStartException;
import io.penstock.core.BrokerStartException.Kind;
import io.penstock.core.BrokerState;
import io.penstock.core.LoggerLevels;
import io.penstock.core.runtime.BrokerRuntime;
import io.penstock.core.runtime.PartitionMetrics;
import io.penstock.core.runtime.RecordStreams;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A broker in this process, sharing the application's Vert.x: no socket, no thread of its own but the workers that wait for the
 * disk. Several may run beside each other, each with its own data. Safe from any thread; starts once and stops once.
 *
 * <pre>{@code
 * Broker.create(vertx, BrokerOptions.inMemory()).start().onSuccess(broker -> …);
 * }</pre>
 */
public final class Broker {
    private final Vertx vertx;
    private final BrokerOptions options;
    private final AtomicReference<BrokerRuntime> runtime = new AtomicReference<>();

    private Broker(Vertx vertx, BrokerOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /** A broker that has not started and holds nothing yet. */
    public static Broker create(Vertx vertx, BrokerOptions options) {
        return new Broker(vertx, options);
    }

    /**
     * Starts. Completes when the broker serves.
     *
     * @return fails with {@link BrokerStartException}, after which the broker holds nothing
     */
    public Future<Broker> start() {
        BrokerConfig config;
        try {
            config = BrokerConfig.of(ServerProperties.of(options.settings()));
        } catch (ConfigException e) {
            return Future.failedFuture(
                    new BrokerStartException(Kind.BAD_CONFIGURATION, String.valueOf(e.getMessage()), e));
        }
        BrokerRuntime created = BrokerRuntime.create(vertx, config, LoggerLevels.NONE, PartitionMetrics.NONE);
        if (!runtime.compareAndSet(null, created)) {
            return Future.failedFuture(new IllegalStateException("this broker has been started before"));
        }
        return created.start().map(this);
    }

    /** Stops; completes when all data is closed. A broker that does not run has nothing to stop. */
    public Future<Void> stop() {
        BrokerRuntime started = runtime.get();
        return started == null ? Future.succeededFuture() : started.stop();
    }

    /** How far the broker is. */
    public BrokerState state() {
        BrokerRuntime started = runtime.get();
        return started == null ? BrokerState.STOPPED : started.state();
    }

    /**
     * Makes a topic unless it exists.
     *
     * @return completes when it can be written to; fails with {@link RecordException}
     */
    public Future<Void> ensureTopic(String name, int partitions) {
        return streams().ensureTopic(name, partitions);
    }

    /**
     * A writer to one partition, for the Vert.x context of the caller.
     *
     * @return fails with {@link RecordException} if there is no such partition
     */
    public Future<RecordWriter> writer(String topic, int partition) {
        return streams().writer(topic, partition);
    }

    /**
     * A reader of one partition, for the Vert.x context of the caller.
     *
     * @return fails with {@link RecordException} if there is no such partition
     */
    public Future<RecordReader> reader(String topic, int partition, ReadFrom from) {
        return streams().reader(topic, partition, from);
    }

    private RecordStreams streams() {
        return new RecordStreams(vertx, kernel());
    }

    /**
     * What a frontend may ask of the running broker. This is a seam inside the project: it speaks in Kafka's message classes, which
     * change from release to release.
     *
     * @throws IllegalStateException before {@link #start}
     */
    public BrokerKernel kernel() {
        BrokerRuntime started = runtime.get();
        if (started == null) {
            throw new IllegalStateException("the broker has not been started");
        }
        return started;
    }
}
