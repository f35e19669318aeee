package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process whose disk {@link DiskErrorTest} lets fail: appends to two logs in turn and syncs them, all on one thread, so that the n-th call
 * of the system is always the same one.
 */
final class DiskErrorWriter {
    static final int ROUNDS = 25;
    private static final int BATCHES = 4;

    private final @Nullable OpenLog open;
    private final int largeBytes;
    private boolean offline;
    private long acked;
    private int rounds;
    private int refusals;

    private DiskErrorWriter(Path directory, int largeBytes) {
        this.largeBytes = largeBytes;
        open = openOrNull(directory, largeBytes);
        offline = open == null;
    }

    private static @Nullable OpenLog openOrNull(Path directory, int largeBytes) {
        try {
            return new OpenLog(directory, config(largeBytes));
        } catch (LogOfflineException e) {
            return null;
        }
    }

    static LogConfig config(int largeBytes) {
        return OpenLog.segmentsOf(largeBytes == 0 ? 10_000 : 2 << 20);
    }

    /**
     * Arguments: the two directories, and the size of the largest batch, as {@link OpenLog#value(long, int)} takes it. Writes for each log the
     * end offset that was acknowledged as synced and the rounds it took part in, then how often a log was used with success after it had
     * failed, and how often an append was refused for want of space.
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true);
        int largeBytes = Integer.parseInt(arguments[2]);
        DiskErrorWriter first = new DiskErrorWriter(Path.of(arguments[0]), largeBytes);
        DiskErrorWriter second = new DiskErrorWriter(Path.of(arguments[1]), largeBytes);
        int usedOffline = 0;
        for (int i = 0; i < ROUNDS; i++) {
            usedOffline += first.round() + second.round();
        }
        for (DiskErrorWriter writer : new DiskErrorWriter[] {first, second}) {
            out.println(writer.acked);
            out.println(writer.rounds);
        }
        out.println(usedOffline);
        out.println(first.refusals + second.refusals);
        // Closing would put right what the failure has left.
        Runtime.getRuntime().halt(0);
    }

    /** One round; 1 if a log that has failed could still be used. */
    private int round() {
        if (open == null) {
            return 0;
        }
        boolean wasOffline = offline;
        try {
            PartitionLog log = open.log;
            append(open);
            long endOffset = log.endOffset();
            acked = Math.max(acked, Math.min(endOffset, open.threads.await(log.sync())));
            open.threads.runAll();
            // A failure of background work shows at the next use.
            log.endOffset();
        } catch (LogOfflineException e) {
            offline = true;
            return 0;
        }
        rounds++;
        return wasOffline ? 1 : 0;
    }

    private void append(OpenLog to) {
        for (int i = 0; i < BATCHES; i++) {
            ByteBuffer batch = RecordBatches.of(OpenLog.value(to.log.endOffset(), largeBytes));
            if (largeBytes > 0) {
                to.makeReady(batch);
            }
            try {
                to.log.append(batch, 0);
            } catch (LogFullException full) {
                refusals++;
            }
        }
    }
}
