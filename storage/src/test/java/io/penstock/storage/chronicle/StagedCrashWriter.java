package io.penstock.storage.chronicle;

import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The process that {@link StagedCrashTest} kills: appends to several logs for ever, as the owner of partitions does, with a thread of their own
 * for all logs and two for the disk, so that it dies while some batches are on their way and others are in their place.
 */
final class StagedCrashWriter {
    /** What the writer tells is the log times this, plus the offset. */
    static final long LOG_UNIT = 1_000_000_000L;

    private static final int DISK_THREADS = 2;

    private final int number;
    private final PartitionLog log;
    private final int largeBytes;
    private final LogContext context;
    private final PrintStream out;
    private ByteBuffer batch;

    private StagedCrashWriter(int number, PartitionLog log, int largeBytes, LogContext context, PrintStream out) {
        this.number = number;
        this.log = log;
        this.largeBytes = largeBytes;
        this.context = context;
        this.out = out;
        batch = nextBatch();
    }

    static LogId idOf(int number) {
        return LogId.of("topic", Integer.toString(number));
    }

    /** Arguments: directory, how many logs, bytes of a segment, and the largest batch, as {@link OpenLog#value(long, int)} takes it. */
    public static void main(String[] arguments) {
        ExecutorService owner = Executors.newSingleThreadExecutor();
        LogContext context = new LogContext(owner, Executors.newFixedThreadPool(DISK_THREADS));
        ChronicleLogStore store = new ChronicleLogStore(Path.of(arguments[0]));
        PrintStream out = new PrintStream(System.out, true);
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            int number = i;
            store.open(idOf(i), OpenLog.segmentsOf(Integer.parseInt(arguments[2])), context)
                    .thenAccept(log ->
                            new StagedCrashWriter(number, log, Integer.parseInt(arguments[3]), context, out).start());
        }
    }

    private void start() {
        tell();
        goOn();
    }

    private void tell() {
        out.println(number * LOG_UNIT + log.endOffset());
    }

    private ByteBuffer nextBatch() {
        return RecordBatches.of(OpenLog.value(log.endOffset(), largeBytes));
    }

    private void goOn() {
        CompletionStage<Void> wait = null;
        if (!log.hasRoomFor(batch.remaining())) {
            wait = log.whenRoomFor(batch.remaining());
        } else if (log.wantsStaging(batch)) {
            wait = log.stage(batch);
        }
        if (wait != null) {
            wait.thenRun(this::goOn);
            return;
        }
        log.append(batch, 0);
        tell();
        batch = nextBatch();
        context.owner().execute(this::goOn);
    }
}
