package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what a first open, append and read need, which takes about half a second, while the rest of the broker starts. Safe from any
 * thread: works on a log of its own.
 */
public final class ChronicleWarmUp {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChronicleWarmUp.class);
    private static final int ROUNDS = 50;

    private ChronicleWarmUp() {}

    /**
     * Opens, appends to, reads, closes, reopens and deletes a small log in the directory for temporary files. Blocks. A failure is
     * told in the log and does no harm: the first real open will meet it again.
     */
    public static void run() {
        long startedNs = System.nanoTime();
        try {
            Path directory = Files.createTempDirectory("penstock-warm-up");
            FileTrees.deleteAtExit(directory); // a start that is refused ends before this does
            try {
                use(directory);
            } finally {
                FileTrees.deleteQuietly(directory);
            }
            LOGGER.debug("warmed Chronicle up in {} ms", (System.nanoTime() - startedNs) / 1_000_000);
        } catch (IOException | RuntimeException e) {
            LOGGER.info("cannot warm Chronicle up", e);
        }
    }

    private static void use(Path directory) {
        try (ChronicleLogStore store = new ChronicleLogStore(directory)) {
            // Everything in this thread: it is as good as any, and there is no other.
            LogContext context = new LogContext(Runnable::run, Runnable::run);
            LogId id = LogId.of("warm-up");
            for (int opens = 0; opens < 2; opens++) {
                PartitionLog log = done(store.open(id, LogConfig.DEFAULT, context));
                appendAndRead(log);
                done(log.close());
            }
            store.delete(id);
        }
    }

    private static void appendAndRead(PartitionLog log) {
        ByteBuffer batch = emptyBatch();
        for (int i = 0; i < ROUNDS; i++) {
            long offset = log.append(batch, 0);
            LogSlices hot = log.readHot(offset, log.endOffset(), 1 << 16, true);
            if (hot != null) {
                hot.release();
            }
            done(log.readCold(log.startOffset(), log.endOffset(), 1 << 16, true))
                    .release();
        }
        done(log.sync());
    }

    /** A batch of the smallest size: compaction leaves such, and its offset counts. */
    private static ByteBuffer emptyBatch() {
        ByteBuffer batch = ByteBuffer.allocate(BatchHeader.HEADER_BYTES);
        batch.putInt(BatchHeader.LENGTH, BatchHeader.HEADER_BYTES - BatchHeader.LOG_OVERHEAD);
        batch.put(BatchHeader.MAGIC, (byte) 2);
        batch.putLong(BatchHeader.PRODUCER_ID, BatchHeader.NO_PRODUCER_ID);
        batch.putInt(BatchHeader.CRC, (int) BatchHeader.computeCrc(batch, 0));
        return batch;
    }

    private static <T> T done(CompletionStage<T> stage) {
        return stage.toCompletableFuture().getNow(null);
    }
}
