package io.penstock.storage.chronicle;

import io.penstock.storage.fixture.RecordBatches;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The process that {@link CrashTest} kills: opens the log and appends for ever, writing each end offset to standard output after the
 * append that led to it.
 */
final class CrashWriter {
    private CrashWriter() {}

    /**
     * Arguments: directory, bytes of a segment, whether disk work is done between appends or only the appends, and the largest batch, as
     * {@link OpenLog#value(long, int)} takes it; now and then such a batch is staged and not appended then.
     */
    @SuppressWarnings("InfiniteLoopStatement")
    public static void main(String[] arguments) {
        OpenLog open = new OpenLog(Path.of(arguments[0]), OpenLog.segmentsOf(Integer.parseInt(arguments[1])));
        boolean backgroundWork = Boolean.parseBoolean(arguments[2]);
        int largeBytes = Integer.parseInt(arguments[3]);
        PrintStream out = new PrintStream(System.out, true);
        out.println(open.log.endOffset());
        while (true) {
            long endOffset = open.log.endOffset();
            ByteBuffer batch = RecordBatches.of(OpenLog.value(endOffset, largeBytes));
            if (largeBytes > 0) {
                open.makeReady(batch);
                if (endOffset % 50 == 3) {
                    open.log.unstage();
                }
            }
            open.log.append(batch, (int) (endOffset / 1000));
            out.println(endOffset + 1);
            if (backgroundWork) {
                open.threads.runAll();
            }
        }
    }
}
