package io.penstock.bench.micro;

import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A running broker with one topic of one partition, on two event loops. Retention bounds what a long measurement writes. */
final class EmbeddedBroker implements AutoCloseable {
    static final String TOPIC = "bench";

    private static final String SEGMENT_BYTES = Integer.toString(256 << 20);
    private static final String RETENTION_BYTES = Integer.toString(512 << 20);
    private static final String MEMORY_SEGMENT_BYTES = Integer.toString(16 << 20);
    private static final String MEMORY_RETENTION_BYTES = Integer.toString(32 << 20);

    private final TwoLoops loops;
    private final Path directory;
    private final Broker broker;

    private EmbeddedBroker(TwoLoops loops, Path directory, Broker broker) {
        this.loops = loops;
        this.directory = directory;
        this.broker = broker;
    }

    /** @param store "chronicle" or "memory" */
    static EmbeddedBroker start(String store) throws IOException, TimeoutException {
        TwoLoops loops = TwoLoops.start();
        Path directory = Files.createTempDirectory("penstock-bench");
        Broker broker = Broker.create(loops.vertx(), options(store, directory));
        TwoLoops.await(broker.start());
        TwoLoops.await(broker.ensureTopic(TOPIC, 1));
        return new EmbeddedBroker(loops, directory, broker);
    }

    private static BrokerOptions options(String store, Path directory) {
        boolean isOnDisk = store.equals("chronicle");
        BrokerOptions options =
                isOnDisk ? BrokerOptions.inDirectory(directory.resolve("data")) : BrokerOptions.inMemory();
        return options.with("log.segment.bytes", isOnDisk ? SEGMENT_BYTES : MEMORY_SEGMENT_BYTES)
                .with("log.retention.bytes", isOnDisk ? RETENTION_BYTES : MEMORY_RETENTION_BYTES)
                .with("log.retention.check.interval.ms", "100")
                .with("log.segment.delete.delay.ms", "0");
    }

    Broker broker() {
        return broker;
    }

    TwoLoops loops() {
        return loops;
    }

    /**
     * Of the two contexts, the one on whose event loop commands of the partition arrive.
     *
     * @param command sends one and waits until it is answered
     */
    Context ownerOfPartition(Sending command) throws TimeoutException {
        Vertx vertx = loops.vertx();
        AtomicReference<@Nullable ContextInternal> seen = new AtomicReference<>();
        Handler<DeliveryContext<Object>> watch = delivery -> {
            seen.compareAndSet(null, (ContextInternal) Vertx.currentContext());
            delivery.next();
        };
        vertx.eventBus().addInboundInterceptor(watch);
        command.send();
        vertx.eventBus().removeInboundInterceptor(watch);
        ContextInternal owner = seen.get();
        if (owner == null) {
            throw new IllegalStateException("no command came by on the event bus");
        }
        return loops.like(owner);
    }

    /** Sends a command and waits. */
    interface Sending {
        void send() throws TimeoutException;
    }

    @Override
    public void close() throws IOException, TimeoutException {
        TwoLoops.await(broker.stop());
        loops.close();
        try (var files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
