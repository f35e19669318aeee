package io.penstock.bench.micro;

import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A running broker with one topic of one partition, on two event loops. Retention bounds what a long measurement writes. */
final class EmbeddedBroker implements AutoCloseable {
    static final String TOPIC = "bench";

    private static final String SEGMENT_BYTES = Integer.toString(256 << 20);
    private static final String RETENTION_BYTES = Integer.toString(512 << 20);
    private static final String MEMORY_SEGMENT_BYTES = Integer.toString(16 << 20);
    private static final String MEMORY_RETENTION_BYTES = Integer.toString(32 << 20);

    private static final int NO_EPOCH = -1;
    private static final OffsetQuery LATEST = new OffsetQuery(-1, NO_EPOCH, false);

    private final TwoLoops loops;
    private final Path directory;
    private final Broker broker;
    private final PartitionId partition;
    private final Context owner;

    private EmbeddedBroker(TwoLoops loops, Path directory, Broker broker) throws TimeoutException {
        this.loops = loops;
        this.directory = directory;
        this.broker = broker;
        TopicImage topic = Objects.requireNonNull(broker.kernel().metadata().topic(TOPIC), "the topic was not made");
        this.partition = topic.partitions().get(0).id();
        this.owner = findOwner();
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

    PartitionId partition() {
        return partition;
    }

    /** A context on the event loop of the partition's verticle. */
    Context owner() {
        return owner;
    }

    /** A context on the other event loop. */
    Context stranger() {
        return owner == loops.first() ? loops.second() : loops.first();
    }

    /** A question that needs no work; to be asked on a context. */
    void ask(Consumer<OffsetResult> reply) {
        broker.kernel().partitions().listOffset(partition, LATEST, reply);
    }

    /** The verticle is the broker's own, but a question to it can be seen on the event bus, on the loop where it arrives. */
    private Context findOwner() throws TimeoutException {
        EventBus bus = loops.vertx().eventBus();
        AtomicReference<@Nullable ContextInternal> seen = new AtomicReference<>();
        Handler<DeliveryContext<Object>> watch = delivery -> {
            seen.compareAndSet(null, (ContextInternal) Vertx.currentContext());
            delivery.next();
        };
        bus.addInboundInterceptor(watch);
        loops.runTrips(loops.first(), 1, done -> ask(result -> done.run()));
        bus.removeInboundInterceptor(watch);
        return loops.like(Objects.requireNonNull(seen.get(), "no question came by on the event bus"));
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
