package io.penstock.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs one {@link LoadPlan} to its end, on the calling thread and some more. */
public final class LoadRun {
    private static final int HEAD_BYTES = 320;
    private static final long NO_MORE = Long.MIN_VALUE;

    private final LoadPlan plan;
    private final Runnable onWarm;
    private final int batchBytes;

    /**
     * A run that has not begun.
     *
     * @param onWarm called once, when the warm-up is over
     */
    public LoadRun(LoadPlan plan, Runnable onWarm) {
        this.plan = plan;
        AtomicBoolean isWarm = new AtomicBoolean();
        this.onWarm = () -> {
            if (isWarm.compareAndSet(false, true)) {
                onWarm.run();
            }
        };
        this.batchBytes = Frames.batchBytes(plan.records(), plan.valueBytes());
    }

    /** Throws what went wrong, a refusal by the broker included: what was measured until then is not the whole load. */
    public LoadResult run() throws IOException, InterruptedException {
        Samples samples = switch (plan.scenario()) {
            case CLOSED -> closed();
            case CONNECTIONS -> connections();
            case OPEN -> open();
            case PIPELINED -> pipelined();
            case END_TO_END -> endToEnd();
            case READ_BACK -> readBack();
            case FAN_OUT -> fanOut();
        };
        return samples.result();
    }

    private Samples samples(long beginNs) {
        return new Samples(beginNs, plan.warmUpNs(), onWarm);
    }

    private Samples closed() throws IOException {
        ByteBuffer frame = produceFrame();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            Samples samples = samples(begin);
            long sent = begin;
            while (sent - begin < plan.totalNs()) {
                connection.send(frame);
                receive(connection, head);
                long done = System.nanoTime();
                samples.record(sent, done, batchBytes);
                sent = done;
            }
            return samples;
        }
    }

    /** All are connected before the clock starts: a thousand take a while. */
    private Samples connections() throws IOException, InterruptedException {
        int count = Math.min(plan.clientThreads(), plan.connections());
        List<ConnectionShare> shares = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int connections = plan.connections() / count + (i < plan.connections() % count ? 1 : 0);
            shares.add(ConnectionShare.connect(plan, produceFrame(), connections, batchBytes));
        }
        long begin = System.nanoTime();
        List<Samples> parts = new ArrayList<>();
        Crew crew = new Crew();
        for (ConnectionShare share : shares) {
            Samples part = samples(begin);
            parts.add(part);
            crew.start("connections-" + parts.size(), () -> {
                try (share) {
                    share.run(part);
                }
            });
        }
        crew.finish(() -> {});
        return sum(begin, parts);
    }

    private Samples open() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            Samples samples = samples(begin);
            long count = scheduledCount();
            Crew crew = new Crew();
            crew.start("receiver", () -> {
                ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
                for (long i = 0; i < count; i++) {
                    receive(connection, head);
                    samples.record(begin + scheduledNs(i), System.nanoTime(), batchBytes);
                }
            });
            crew.finish(() -> sendOnSchedule(connection, frame, begin, count));
            return samples;
        }
    }

    private Samples pipelined() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        Semaphore window = new Semaphore(plan.window());
        // Hands each send time to the receiver, which so never waits for an answer to a request that was not sent.
        BlockingQueue<Long> sentAt = new ArrayBlockingQueue<>(plan.window() + 1);
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            Samples samples = samples(begin);
            Crew crew = new Crew();
            crew.start("receiver", () -> {
                ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
                for (long sent = sentAt.take(); sent != NO_MORE; sent = sentAt.take()) {
                    receive(connection, head);
                    samples.record(sent, System.nanoTime(), batchBytes);
                    window.release();
                }
            });
            crew.finish(() -> {
                for (long now = begin; now - begin < plan.totalNs(); now = System.nanoTime()) {
                    window.acquire();
                    sentAt.put(System.nanoTime());
                    connection.send(frame);
                }
                sentAt.put(NO_MORE);
            });
            return samples;
        }
    }

    /** One fetch waits at the end of the log; each record is timed from its scheduled send to its arrival. */
    private Samples endToEnd() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        try (WireConnection producer = new WireConnection(plan.broker());
                WireConnection consumer = new WireConnection(plan.broker())) {
            long base = LoadTopic.endOffset(plan.broker(), plan.topic());
            long begin = System.nanoTime();
            Samples samples = samples(begin);
            long count = scheduledCount();
            Crew crew = new Crew();
            crew.start("acks", () -> takeAnswers(producer, count));
            crew.start("fetcher", () -> follow(consumer, base, begin, count, samples));
            crew.finish(() -> sendOnSchedule(producer, frame, begin, count));
            return samples;
        }
    }

    private Samples readBack() throws IOException, InterruptedException {
        ReadBack readBack = new ReadBack(plan, batchBytes);
        readBack.write();
        long begin = System.nanoTime();
        Samples samples = samples(begin);
        readBack.read(begin, samples);
        return samples;
    }

    private Samples fanOut() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        long base = LoadTopic.endOffset(plan.broker(), plan.topic());
        try (WireConnection producer = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            long count = scheduledCount();
            List<Samples> parts = new ArrayList<>();
            Crew crew = new Crew();
            crew.start("acks", () -> takeAnswers(producer, count));
            for (int i = 0; i < plan.connections(); i++) {
                Samples part = samples(begin);
                parts.add(part);
                crew.start("consumer-" + i, () -> {
                    try (WireConnection connection = new WireConnection(plan.broker())) {
                        follow(connection, base, begin, count, part);
                    }
                });
            }
            crew.finish(() -> sendOnSchedule(producer, frame, begin, count));
            return sum(begin, parts);
        }
    }

    private Samples sum(long beginNs, List<Samples> parts) {
        Samples sum = samples(beginNs);
        parts.forEach(sum::add);
        return sum;
    }

    private void takeAnswers(WireConnection producer, long count) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        for (long i = 0; i < count; i++) {
            receive(producer, head);
        }
    }

    private void follow(WireConnection connection, long base, long begin, long count, Samples samples)
            throws IOException {
        FetchLoop loop = new FetchLoop(connection, plan.topic(), base, plan.records());
        for (long seen = 0; seen < count; ) {
            long arrived = loop.fetchRequestsWorth();
            long now = System.nanoTime();
            for (long i = seen; i < seen + arrived; i++) {
                samples.record(begin + scheduledNs(i), now, batchBytes);
            }
            seen += arrived;
        }
    }

    private void sendOnSchedule(WireConnection connection, ByteBuffer frame, long begin, long count)
            throws IOException {
        for (long i = 0; i < count; i++) {
            Threads.awaitNs(begin + scheduledNs(i));
            connection.send(frame);
        }
    }

    private void receive(WireConnection connection, ByteBuffer head) throws IOException {
        connection.receive(head.clear());
        if (plan.answered()) {
            ProduceAnswer.requireNoError(head.flip());
        }
    }

    private ByteBuffer produceFrame() {
        return Frames.produce(plan.topic(), 0, plan.acks(), plan.records(), plan.valueBytes());
    }

    private long scheduledCount() {
        return plan.totalNs() / 1_000_000_000L * plan.ratePerSecond();
    }

    private long scheduledNs(long index) {
        return index * 1_000_000_000L / plan.ratePerSecond();
    }
}
