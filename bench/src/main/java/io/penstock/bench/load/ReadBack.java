package io.penstock.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** Writes batches, then fetches them from start to end, again and again, on one connection with one fetch in flight. */
final class ReadBack {
    private static final long WRITTEN_BYTES = 256L << 20;
    private static final int WRITE_WINDOW = 8;
    private static final int MAX_BYTES = 4 << 20;
    private static final int HEAD_BYTES = 320;

    private final LoadPlan plan;
    private final int batchBytes;
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);

    ReadBack(LoadPlan plan, int batchBytes) {
        this.plan = plan;
        this.batchBytes = batchBytes;
    }

    void run(Samples samples) throws IOException, InterruptedException {
        long startOffset = LoadTopic.endOffset(plan.broker(), plan.topic());
        long batches = Math.max(1, WRITTEN_BYTES / batchBytes);
        write(batches);
        long endOffset = startOffset + batches * plan.records();
        try (WireConnection connection = new WireConnection(plan.broker())) {
            long begin = System.nanoTime();
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
            Thread receiver = Threads.start("receiver", () -> {
                ByteBuffer answer = ByteBuffer.allocate(HEAD_BYTES);
                for (long i = 0; i < batches; i++) {
                    connection.receive(answer.clear());
                    ProduceAnswer.requireNoError(answer.flip());
                    window.release();
                }
            });
            for (long i = 0; i < batches; i++) {
                window.acquire();
                connection.send(frame);
            }
            receiver.join();
        }
    }
}
