package io.penstock.bench.pause;

import io.penstock.core.BrokerKernel;
import io.penstock.core.api.Broker;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.vertx.core.Future;
import io.vertx.core.Verticle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** Runs one {@link PausePlan} to its end on the calling thread, which only waits. */
final class PauseRun {
    private static final String TOPIC = "pause";
    private static final long SEED = 42;
    private static final int EVENT_LOOPS = 2;

    private final PausePlan plan;
    private final List<LoopProbe> probes = new ArrayList<>();
    private final List<PartitionFeed> feeds = new ArrayList<>();
    private final List<String> deployments = new ArrayList<>();

    PauseRun(PausePlan plan) {
        this.plan = plan;
    }

    PauseResult run() throws IOException, InterruptedException {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        Broker broker = Broker.create(vertx, plan.options());
        try {
            await(broker.start());
            TopicImage topic = createTopic(vertx, broker.kernel());
            deploy(vertx, broker.kernel(), topic);
            ControlProcess control = ControlProcess.start(plan);
            TimeUnit.SECONDS.sleep(plan.warmUpSeconds());
            return measure(vertx, control);
        } finally {
            await(broker.stop());
            await(vertx.close());
        }
    }

    private TopicImage createTopic(Vertx vertx, BrokerKernel kernel) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics()
                .add(new CreatableTopic()
                        .setName(TOPIC)
                        .setNumPartitions(plan.partitions())
                        .setReplicationFactor((short) 1));
        Future<Errors> created = Future.future(promise -> vertx.runOnContext(turn -> kernel.admin()
                .createTopics(request)
                .map(answer -> Errors.forCode(answer.topics().iterator().next().errorCode()))
                .onComplete(promise)));
        Errors error = await(created);
        TopicImage topic = kernel.metadata().topic(TOPIC);
        if (topic == null) {
            throw new IllegalStateException("expected topic " + TOPIC + " to be created, found " + error);
        }
        return topic;
    }

    /** A probe and a feed go to each event loop in turn. */
    private void deploy(Vertx vertx, BrokerKernel kernel, TopicImage topic) {
        for (int i = 0; i < EVENT_LOOPS; i++) {
            LoopProbe probe = new LoopProbe();
            probes.add(probe);
            deploy(vertx, probe);
        }
        List<ByteBuffer> batches = batches();
        double bytesPerMs = plan.rateMb() * 1e3 / plan.partitions();
        for (PartitionImage partition : topic.partitions()) {
            PartitionFeed feed =
                    new PartitionFeed(kernel.partitions(), partition.id(), batches, plan.windowBytes(), bytesPerMs);
            feeds.add(feed);
            deploy(vertx, feed);
        }
    }

    private void deploy(Vertx vertx, Verticle verticle) {
        deployments.add(await(vertx.deployVerticle(verticle)));
    }

    /**
     * One for each key, all of one size, in one piece of memory. They are the oldest generation's from the start: copying them at each
     * young collection would be a pause of the load's, not of the broker's.
     */
    private List<ByteBuffer> batches() {
        byte[] value = new byte[plan.valueBytes()];
        new Random(SEED).nextBytes(value);
        int count = Math.max(1, plan.compactedKeys());
        int batchBytes = batch(key(0), value).remaining();
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.multiplyExact(count, batchBytes));
        List<ByteBuffer> batches = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ByteBuffer batch = batch(key(i), value);
            batches.add(
                    memory.slice(i * batchBytes, batch.remaining()).put(batch).flip());
        }
        System.gc();
        return batches;
    }

    private byte @Nullable [] key(int number) {
        return plan.isCompacted()
                ? ByteBuffer.allocate(Integer.BYTES).putInt(number).array()
                : null;
    }

    private static ByteBuffer batch(byte @Nullable [] key, byte[] value) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(System.currentTimeMillis(), key, value))
                .buffer();
    }

    private PauseResult measure(Vertx vertx, ControlProcess control) throws IOException, InterruptedException {
        LoopThreads before = LoopThreads.now();
        long appended = appends();
        long refused = refused();
        long startedNs = System.nanoTime();
        probes.forEach(LoopProbe::count);
        TimeUnit.SECONDS.sleep(plan.seconds());
        double seconds = (System.nanoTime() - startedNs) / 1e9;
        long counted = appends() - appended;
        LoopThreads threads = LoopThreads.now().since(before);
        long refusedNow = refused() - refused;
        for (String deployment : deployments) {
            await(vertx.undeploy(deployment));
        }
        LoopDelays delays = LoopDelays.none();
        probes.forEach(probe -> probe.addTo(delays));
        long bytes = counted * feeds.get(0).batchBytes();
        return new PauseResult(delays, control.result(), counted, bytes, refusedNow, seconds, threads);
    }

    private long appends() {
        return feeds.stream().mapToLong(PartitionFeed::appends).sum();
    }

    private long refused() {
        return feeds.stream().mapToLong(PartitionFeed::refused).sum();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
