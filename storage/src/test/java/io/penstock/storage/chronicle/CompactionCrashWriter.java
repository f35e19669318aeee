package io.penstock.storage.chronicle;

import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The process that {@link CompactionCrashTest} kills: appends for ever and compacts all the time, step by step between the appends, writing
 * each end offset to standard output after the append that led to it.
 */
final class CompactionCrashWriter {
    private CompactionCrashWriter() {}

    /** Argument: directory. */
    @SuppressWarnings("InfiniteLoopStatement")
    public static void main(String[] arguments) {
        CompactedLog log = new CompactedLog(Path.of(arguments[0]));
        PrintStream out = new PrintStream(System.out, true);
        out.println(log.open.log.endOffset());
        while (true) {
            var run = log.compact(IoThrottle.NONE).toCompletableFuture();
            for (int i = 0; i < 60 || !run.isDone(); i++) {
                log.append();
                out.println(log.open.log.endOffset());
                log.open.threads.runOne();
            }
            log.open.threads.runAll();
        }
    }
}
