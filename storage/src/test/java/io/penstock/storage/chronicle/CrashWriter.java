package io.penstock.storage.chronicle;

import io.penstock.storage.fixture.RecordBatches;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * The process that {@link CrashTest} kills: opens the log and appends for ever, writing each end offset to standard output after the
 * append that led to it.
 */
final class CrashWriter {
    private CrashWriter() {}

    /** Arguments: directory, bytes of a segment, whether disk work is done between appends or only the appends. */
    @SuppressWarnings("InfiniteLoopStatement")
    public static void main(String[] arguments) {
        OpenLog open = new OpenLog(Path.of(arguments[0]), OpenLog.segmentsOf(Integer.parseInt(arguments[1])));
        boolean backgroundWork = Boolean.parseBoolean(arguments[2]);
        PrintStream out = new PrintStream(System.out, true);
        out.println(open.log.endOffset());
        while (true) {
            long endOffset = open.log.endOffset();
            open.log.append(RecordBatches.of(OpenLog.value(endOffset)), (int) (endOffset / 1000));
            out.println(endOffset + 1);
            if (backgroundWork) {
                open.threads.runAll();
            }
        }
    }
}
