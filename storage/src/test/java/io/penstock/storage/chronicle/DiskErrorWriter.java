package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.PartitionLog;
import java.io.PrintStream;
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
    private boolean offline;
    private long acked;
    private int rounds;

    private DiskErrorWriter(Path directory) {
        open = openOrNull(directory);
        offline = open == null;
    }

    private static @Nullable OpenLog openOrNull(Path directory) {
        try {
            return new OpenLog(directory, OpenLog.segmentsOf(10_000));
        } catch (LogOfflineException e) {
            return null;
        }
    }

    /**
     * Arguments: the two directories. Writes for each log the end offset that was acknowledged as synced, the rounds it took part in, and how
     * often it was used with success after it had failed.
     */
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true);
        DiskErrorWriter first = new DiskErrorWriter(Path.of(arguments[0]));
        DiskErrorWriter second = new DiskErrorWriter(Path.of(arguments[1]));
        int usedOffline = 0;
        for (int i = 0; i < ROUNDS; i++) {
            usedOffline += first.round() + second.round();
        }
        for (DiskErrorWriter writer : new DiskErrorWriter[] {first, second}) {
            out.println(writer.acked);
            out.println(writer.rounds);
        }
        out.println(usedOffline);
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
            open.appendUpTo(log.endOffset() + BATCHES);
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
}
