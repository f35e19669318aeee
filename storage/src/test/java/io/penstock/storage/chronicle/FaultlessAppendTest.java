package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Counts the page faults of the thread that appends as fast as the disk threads make room: none for the pages that it writes. A fault is
 * where a mapped write may wait for the file system or for memory to be written back.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FaultlessAppendTest {
    private static final ByteBuffer BATCH = RecordBatches.ofValueBytes(16_000, RecordBatches.TIMESTAMP_MS);
    private static final int WARM_UP_BYTES = 32 << 20;
    private static final int MEASURED_BYTES = 96 << 20;

    private final BlockingQueue<Runnable> owner = new LinkedBlockingQueue<>();
    private final ExecutorService disk = Executors.newFixedThreadPool(2);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @AfterEach
    void stopDisk() {
        disk.shutdown();
    }

    @Test
    void shouldNotFaultOnThePagesItWrites() throws IOException, InterruptedException {
        assumeTrue(OwnerFaults.areCounted(), "the system does not count faults by thread");
        ChronicleLogStore store = new ChronicleLogStore(directory);
        ChronicleLog log = (ChronicleLog) await(store.open(OpenLog.ID, segments(), new LogContext(owner::add, disk)));
        // given
        append(log, WARM_UP_BYTES);

        // when
        OwnerFaults before = OwnerFaults.now();
        append(log, MEASURED_BYTES);
        OwnerFaults faults = OwnerFaults.now().since(before);

        // then: what is left is the JVM's own; a log that faults has one for each page
        int pages = MEASURED_BYTES / Pages.PAGE_BYTES;
        assertThat(faults.major()).as("faults that read or made a page").isLessThan(pages / 1000);
        assertThat(faults.minor()).as("other faults").isLessThan(pages / 20);
        assertThat(log.inPlaceWork()).isZero();
        await(log.close());
        store.close();
    }

    /** Small enough that the log rolls. */
    private static LogConfig segments() {
        return OpenLog.segmentsOf(32 << 20);
    }

    private void append(PartitionLog log, int bytes) throws InterruptedException {
        for (int written = 0; written < bytes; written += BATCH.remaining()) {
            while (!log.hasRoomFor(BATCH.remaining())) {
                await(log.whenRoomFor(BATCH.remaining()));
            }
            log.append(BATCH, 0);
            for (Runnable task = owner.poll(); task != null; task = owner.poll()) {
                task.run();
            }
        }
    }

    /** Runs the owner's tasks until the stage is complete. */
    private <T> T await(CompletionStage<T> stage) throws InterruptedException {
        AtomicReference<T> result = new AtomicReference<>();
        CompletionStage<Void> done = stage.thenAccept(result::set);
        while (!done.toCompletableFuture().isDone()) {
            owner.take().run();
        }
        return done.thenApply(nothing -> result.get()).toCompletableFuture().join();
    }
}
