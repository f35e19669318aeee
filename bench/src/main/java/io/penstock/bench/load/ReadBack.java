package io.penstock.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** Writes batches, then fetches them from start to end, again and again, on one connection with one fetch in flight. Used by one thread. */
final class ReadBack {
    private static final long WRITTEN_BYTES = 256L << 20;
    private static final int WRITE_WINDOW = 8;
    private static final int MAX_BYTES = 4 << 20;
    private static final int HEAD_BYTES = 320;

    private final LoadPlan plan;
    private final int batchBytes;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    private long startOffset;
    private long endOffset;

    ReadBack(LoadPlan plan, int batchBytes) {
        this.plan = plan;
        this.batchBytes = batchBytes;
    }

    /** Writes what is to be read; not measured. */
    void write() throws IOException, InterruptedException {
        long batches = Math.max(1, WRITTEN_BYTES / batchBytes);
        startOffset = LoadTopic.endOffset(plan.broker(), plan.topic());
        endOffset = startOffset + batches * plan.records();
        write(batches);
    }

    /** Reads until the time of the plan is over, which began at {@code begin}. */
    void read(long begin, Samples samples) throws IOException {
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long offset = startOffset;
            for (long sent = begin; sent - begin < plan.totalNs(); sent = System.nanoTime()) {
                connection.send(Frames.fetch(plan.topic(), 0, offset, MAX_BYTES, 0));
                connection.receive(head.clear());
                int bytes = FetchAnswer.recordsBytes(head.flip());
                samples.record(sent, System.nanoTime(), bytes);
                offset += (long) (bytes / batchBytes) * plan.records();
                if (offset >= endOffset || bytes < batchBytes) {
                    offset = startOffset;
                }
            }
        }
    }

    private void write(long batches) throws IOException, InterruptedException {
        ByteBuffer frame = Frames.produce(plan.topic(), 0, plan.acks(), plan.records(), plan.valueBytes());
        Semaphore window = new Semaphore(WRITE_WINDOW);
        try (WireConnection connection = new WireConnection(plan.broker())) {
            Crew crew = new Crew();
            crew.start("receiver", () -> {
                ByteBuffer answer = ByteBuffer.allocate(HEAD_BYTES);
                for (long i = 0; i < batches; i++) {
                    connection.receive(answer.clear());
                    ProduceAnswer.requireNoError(answer.flip());
                    window.release();
                }
            });
            crew.finish(() -> {
                for (long i = 0; i < batches; i++) {
                    window.acquire();
                    connection.send(frame);
                }
            });
        }
    }
}
