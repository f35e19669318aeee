package io.penstock.bench.micro;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogStore;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.chronicle.ChronicleLogStore;
import io.penstock.storage.memory.InMemoryLogStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * An open log whose owner is the benchmark's own thread: tasks that the log sends to its owner run when the benchmark drains them,
 * as an event loop would between two requests.
 */
final class LogUnderTest implements AutoCloseable {
    private static final long SEED = 42;
    private static final int RECORDS_PER_MS = 10;
    private static final int SEGMENT_BYTES = 256 << 20;
    private static final long MEMORY_BYTES = 8L << 30;
    private static final long ROOM_POLL_NS = 10_000;

    private final ConcurrentLinkedQueue<Runnable> ownerTasks = new ConcurrentLinkedQueue<>();
    private final ExecutorService disk = Executors.newFixedThreadPool(2);
    private final Path directory;
    private final LogStore store;
    private final PartitionLog log;

    private LogUnderTest(Path directory, LogStore store) throws InterruptedException {
        this.directory = directory;
        this.store = store;
        LogConfig d = LogConfig.DEFAULT;
        LogConfig config = new LogConfig(
                SEGMENT_BYTES,
                d.segmentMs(),
                d.segmentJitterMs(),
                d.retentionBytes(),
                d.retentionMs(),
                d.deleteByRetention(),
                0,
                d.indexIntervalBytes(),
                d.maxBatchBytes(),
                d.producerIdExpirationMs());
        AtomicReference<PartitionLog> opened = new AtomicReference<>();
        store.open(LogId.of("bench"), config, new LogContext(ownerTasks::add, disk))
                .thenAccept(opened::set);
        while (opened.get() == null) {
            drain();
            Thread.sleep(1);
        }
        this.log = opened.get();
    }

    /** @param kind "chronicle" or "memory" */
    static LogUnderTest open(String kind) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("penstock-bench");
        LogStore store =
                kind.equals("chronicle") ? new ChronicleLogStore(directory) : new InMemoryLogStore(MEMORY_BYTES);
        return new LogUnderTest(directory, store);
    }

    PartitionLog log() {
        return log;
    }

    /** Runs what the log wants its owner to do. */
    void drain() {
        for (Runnable task = ownerTasks.poll(); task != null; task = ownerTasks.poll()) {
            task.run();
        }
    }

    /** Waits until an append of that size needs to wait for nothing. */
    void awaitRoom(int batchBytes) {
        while (!log.hasRoomFor(batchBytes)) {
            AtomicBoolean asked = new AtomicBoolean();
            log.whenRoomFor(batchBytes).thenRun(() -> asked.set(true));
            while (!asked.get()) {
                drain();
                LockSupport.parkNanos(ROOM_POLL_NS);
            }
        }
    }

    /** A batch of one record with an incompressible value, in direct memory as a frame would hold it. */
    static ByteBuffer batch(int valueBytes) {
        return batch(1, valueBytes);
    }

    /** As {@link #batch(int)}, of several records with values of that size. */
    static ByteBuffer batch(int recordCount, int valueBytes) {
        byte[] value = new byte[valueBytes];
        new Random(SEED).nextBytes(value);
        SimpleRecord[] all = new SimpleRecord[recordCount];
        long nowMs = System.currentTimeMillis();
        for (int i = 0; i < recordCount; i++) {
            all[i] = new SimpleRecord(nowMs + i / RECORDS_PER_MS, null, value);
        }
        MemoryRecords records = MemoryRecords.withRecords(Compression.NONE, all);
        return ByteBuffer.allocateDirect(records.sizeInBytes())
                .put(records.buffer().duplicate())
                .flip();
    }

    @Override
    public void close() throws InterruptedException, IOException {
        AtomicBoolean deleted = new AtomicBoolean();
        log.delete().whenComplete((nothing, failure) -> deleted.set(true));
        while (!deleted.get()) {
            drain();
            Thread.sleep(1);
        }
        store.close();
        disk.shutdown();
        try (var files = Files.walk(directory)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
