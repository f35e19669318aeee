package io.penstock.bench.pause;

import io.penstock.core.PartitionRouter;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.AbstractVerticle;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * Keeps a window of appends to one partition in flight, on an event loop as a connection would: what answers have made room for is sent
 * once each turn of a millisecond, as a socket is read, and not from within the answers, which could keep the loop in one turn for ever.
 */
final class PartitionFeed extends AbstractVerticle {
    private static final int TIMEOUT_MS = 30_000;
    private static final int TICK_MS = 1;
    private static final double MS = 1e6;

    private final PartitionRouter partitions;
    private final PartitionId partition;
    private final List<AppendRequest> requests;
    private final int batchBytes;
    private final int window;
    private final double bytesPerMs;

    private int inFlight;
    private int next;
    private boolean stopped;
    private long sentBytes;
    private long startedNs;
    private volatile long appends;
    private volatile long refused;

    /**
     * @param batches appended in turns; all of one size
     * @param bytesPerMs 0 for as many as it takes
     */
    PartitionFeed(
            PartitionRouter partitions,
            PartitionId partition,
            List<ByteBuffer> batches,
            int windowBytes,
            double bytesPerMs) {
        this.partitions = partitions;
        this.partition = partition;
        this.requests = batches.stream()
                .map(batch -> new AppendRequest(batch.duplicate(), (short) 1, TIMEOUT_MS, Origin.CLIENT))
                .toList();
        this.batchBytes = batches.get(0).remaining();
        this.window = Math.max(1, windowBytes / batchBytes);
        this.bytesPerMs = bytesPerMs;
    }

    @Override
    public void start() {
        startedNs = System.nanoTime();
        vertx.setPeriodic(TICK_MS, id -> fill());
    }

    @Override
    public void stop() {
        stopped = true;
    }

    private void fill() {
        while (inFlight < window && !stopped && isDue()) {
            send();
        }
    }

    private boolean isDue() {
        return bytesPerMs <= 0 || sentBytes < (System.nanoTime() - startedNs) / MS * bytesPerMs;
    }

    private void send() {
        inFlight++;
        sentBytes += batchBytes;
        partitions.append(partition, requests.get(next), this::onAnswer);
        next = (next + 1) % requests.size();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this verticle's event loop only
    private void onAnswer(AppendResult result) {
        inFlight--;
        if (result.error() == Errors.NONE) {
            appends++;
        } else {
            refused++;
        }
    }

    /** Appends acknowledged so far. Safe from any thread. */
    long appends() {
        return appends;
    }

    /** Appends refused so far. Safe from any thread. */
    long refused() {
        return refused;
    }

    int batchBytes() {
        return batchBytes;
    }
}
