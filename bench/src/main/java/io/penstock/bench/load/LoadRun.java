package io.penstock.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** Runs one {@link LoadPlan} to its end on the calling thread and one helper thread. */
final class LoadRun {
    private static final long LONGEST_NS = 60_000_000_000L;
    private static final int DIGITS = 3;
    private static final int HEAD_BYTES = 64;
    /** Below this a thread spins, because a park takes about as long as what we measure. */
    private static final long SPIN_NS = 100_000;

    private static final long NO_MORE = Long.MIN_VALUE;

    private final LoadPlan plan;
    private final Histogram latencyNs = new Histogram(LONGEST_NS, DIGITS);
    private final int batchBytes;
    private long measured;
    private long firstNs;
    private long lastNs;

    LoadRun(LoadPlan plan) {
        this.plan = plan;
        this.batchBytes = Frames.batchBytes(plan.records(), plan.valueBytes());
    }

    LoadResult run() throws IOException, InterruptedException {
        switch (plan.scenario()) {
            case CLOSED -> closed();
            case OPEN -> open();
            case PIPELINED -> pipelined();
            case END_TO_END -> endToEnd();
        }
        return new LoadResult(latencyNs, lastNs - firstNs, measured * batchBytes);
    }

    private void closed() throws IOException {
        ByteBuffer frame = produceFrame();
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            long sent = begin;
            while (sent - begin < plan.totalNs()) {
                connection.send(frame);
                receive(connection, head);
                long done = System.nanoTime();
                record(begin, sent, done);
                sent = done;
            }
        }
    }

    private void open() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            long count = scheduledCount();
            Thread receiver = background("receiver", () -> {
                ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
                for (long i = 0; i < count; i++) {
                    receive(connection, head);
                    record(begin, begin + scheduledNs(i), System.nanoTime());
                }
            });
            for (long i = 0; i < count; i++) {
                awaitNs(begin + scheduledNs(i));
                connection.send(frame);
            }
            receiver.join();
        }
    }

    private void pipelined() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        Semaphore window = new Semaphore(plan.window());
        // Hands each send time to the receiver, which so never waits for an answer to a request that was not sent.
        BlockingQueue<Long> sentAt = new ArrayBlockingQueue<>(plan.window() + 1);
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
            Thread receiver = background("receiver", () -> {
                ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
                for (long sent = sentAt.take(); sent != NO_MORE; sent = sentAt.take()) {
                    receive(connection, head);
                    record(begin, sent, System.nanoTime());
                    window.release();
                }
            });
            for (long now = begin; now - begin < plan.totalNs(); now = System.nanoTime()) {
                window.acquire();
                sentAt.put(System.nanoTime());
                connection.send(frame);
            }
            sentAt.put(NO_MORE);
            receiver.join();
        }
    }

    /** One fetch waits at the end of the log; each record is timed from its scheduled send to its arrival. */
    private void endToEnd() throws IOException, InterruptedException {
        ByteBuffer frame = produceFrame();
        try (WireConnection producer = new WireConnection(plan.broker());
                WireConnection consumer = new WireConnection(plan.broker())) {
            long base = LoadTopic.endOffset(plan.broker(), plan.topic());
            long begin = System.nanoTime();
            long count = scheduledCount();
            Thread acks = background("acks", () -> {
                ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
                for (long i = 0; i < count; i++) {
                    receive(producer, head);
                }
            });
            Thread fetcher = background("fetcher", () -> {
                FetchLoop loop = new FetchLoop(consumer, plan.topic(), base, plan.records());
                for (long seen = 0; seen < count; ) {
                    long arrived = loop.fetchRequestsWorth();
                    long now = System.nanoTime();
                    for (long i = seen; i < seen + arrived; i++) {
                        record(begin, begin + scheduledNs(i), now);
                    }
                    seen += arrived;
                }
            });
            for (long i = 0; i < count; i++) {
                awaitNs(begin + scheduledNs(i));
                producer.send(frame);
            }
            acks.join();
            fetcher.join();
        }
    }

    private void record(long beginNs, long sentNs, long doneNs) {
        if (sentNs - beginNs < plan.warmUpNs()) {
            return;
        }
        if (measured++ == 0) {
            firstNs = sentNs;
        }
        lastNs = doneNs;
        latencyNs.recordValue(Math.min(doneNs - sentNs, LONGEST_NS));
    }

    private static void receive(WireConnection connection, ByteBuffer head) throws IOException {
        connection.receive(head.clear());
        ProduceAnswer.requireNoError(head.flip());
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

    private static void awaitNs(long deadlineNs) {
        for (long left = deadlineNs - System.nanoTime(); left > 0; left = deadlineNs - System.nanoTime()) {
            if (left > SPIN_NS) {
                LockSupport.parkNanos(left - SPIN_NS / 2);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private static Thread background(String name, IoTask task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(name + " failed: " + e.getMessage(), e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Work on a socket. */
    private interface IoTask {
        void run() throws IOException, InterruptedException;
    }
}
