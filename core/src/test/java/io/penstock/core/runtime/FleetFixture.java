package io.penstock.core.runtime;

import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.PartitionId;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.LogStore;
import io.penstock.storage.memory.InMemoryLogStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;

/** A fleet of partitions on a real Vert.x, over logs in memory. */
final class FleetFixture implements AutoCloseable {
    static final int NODE = 1;

    /** Generous, because other builds may share the machine. */
    private static final long MAX_EVENT_LOOP_MS = 1_000;

    final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(2)
            .setBlockedThreadCheckInterval(100)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
            .setMaxEventLoopExecuteTime(MAX_EVENT_LOOP_MS));
    final List<String> blocked = new CopyOnWriteArrayList<>();
    final LogStore store;
    final Map<Uuid, TopicImage> topics = new ConcurrentHashMap<>();
    final PartitionFleet fleet;
    /** How logs are compacted from now on. */
    volatile CleanerSettings cleaner = CleanerSettings.DEFAULT;

    final Context caller = vertx.getOrCreateContext();

    FleetFixture() {
        this(new InMemoryLogStore(256 << 20), PartitionLimits.DEFAULT);
    }

    FleetFixture(LogStore store, PartitionLimits limits) {
        this.store = store;
        ((VertxInternal) vertx)
                .blockedThreadChecker()
                .setThreadBlockedHandler(event -> blocked.add(event.thread() + " for " + event.duration() + " ns"));
        this.fleet = new PartitionFleet(
                vertx,
                NODE,
                store,
                topics::get,
                Clock.SYSTEM,
                limits,
                PartitionMetrics.NONE,
                4,
                () -> cleaner,
                TransactionAdmissions.NONE);
    }

    PartitionRouter router() {
        return fleet.router();
    }

    static PartitionSpec spec(Uuid topic, int index, PartitionConfig config) {
        PartitionImage image =
                new PartitionImage(new PartitionId(topic, index), NODE, 0, 0, List.of(NODE), List.of(NODE));
        return new PartitionSpec(
                image,
                "topic",
                LogId.of("topics", topic.toString(), Integer.toString(index)),
                config,
                LogConfig.DEFAULT);
    }

    /** Deploys a partition of a new topic with one partition. */
    PartitionId deploy(PartitionConfig config) {
        PartitionSpec spec = spec(Uuid.randomUuid(), 0, config);
        topics.put(spec.id().topicId(), new TopicImage("topic", spec.id().topicId(), List.of(spec.image()), Map.of()));
        await(fleet.apply(spec));
        return spec.id();
    }

    static <T> T await(Future<T> future) {
        return Replies.await(future.toCompletionStage().toCompletableFuture());
    }

    /** Calls the router on the caller's context and waits for the reply. */
    <T> T ask(Consumer<Consumer<T>> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        caller.runOnContext(ignored -> question.accept(answer::complete));
        return Replies.await(answer);
    }

    AppendResult append(PartitionId id, ByteBuffer batch, int acks) {
        AppendRequest request = new AppendRequest(batch, (short) acks, 10_000, Origin.CLIENT);
        return this.<AppendResult>ask(reply -> router().append(id, request, reply));
    }

    Replies.Fetched fetch(PartitionId id, long offset, int minBytes) {
        Replies.Fetched fetched = new Replies.Fetched();
        FetchRequest request = new FetchRequest(offset, -1, -1, 1 << 20, true, false, minBytes);
        caller.runOnContext(ignored -> router().fetch(id, request, fetched));
        return fetched;
    }

    @Override
    public void close() {
        await(fleet.close());
        await(vertx.close());
    }
}
