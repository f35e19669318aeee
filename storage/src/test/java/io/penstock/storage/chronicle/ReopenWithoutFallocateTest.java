package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system without {@code fallocate} space is reserved by writing zeros: never over what was appended. */
class ReopenWithoutFallocateTest {
    private static final int ROUNDS = 12;
    private static final int BATCHES = 7;
    private static final int LARGE_BYTES = 200_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldKeepEverythingWhenTheLastSegmentIsGoneOnIn() throws Exception {
        // when
        try (ChildJvm writer = new ChildJvm(
                DiskErrorTest.strace("fallocate", "EOPNOTSUPP", "1+"), Writer.class, directory.toString())) {
            for (int round = 1; round <= ROUNDS; round++) {
                // then
                assertThat(writer.readNumber()).as("offset read up to").isEqualTo((long) round * BATCHES);
            }
        }
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(4 << 20))) {
            assertThat(open.readAll()).isEqualTo(OpenLog.valuesBelow((long) ROUNDS * BATCHES, LARGE_BYTES));
        }
    }

    /** Closes and opens its log again and again, with some appends in between; writes how many records it has read then. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            PrintStream out = new PrintStream(System.out, true);
            for (int round = 1; round <= ROUNDS; round++) {
                long readTo = 0;
                try (OpenLog open = new OpenLog(Path.of(arguments[0]), OpenLog.segmentsOf(4 << 20))) {
                    open.appendUpTo((long) round * BATCHES, LARGE_BYTES);
                    boolean whole = open.readAll().equals(OpenLog.valuesBelow(open.log.endOffset(), LARGE_BYTES));
                    readTo = whole ? open.log.endOffset() : 0;
                }
                // Only when the log is closed: the test opens it as soon as it has read the last number.
                out.println(readTo);
            }
        }
    }
}
