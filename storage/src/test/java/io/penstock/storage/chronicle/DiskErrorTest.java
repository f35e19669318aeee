package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk fails once with EIO: what was acknowledged is there, the log that met it is used no more, since nobody knows what the disk has
 * kept, and the other log of the process goes on. Needs strace, which answers the n-th call in the kernel's place.
 */
class DiskErrorTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @ParameterizedTest
    @CsvSource({"msync,1", "msync,11", "'fsync,fdatasync',9", "fallocate,5", "ftruncate,4"})
    void shouldLoseNothingAcknowledgedWhenTheDiskFails(String calls, int nth) throws Exception {
        failOnce(calls, nth);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msync", "fsync,fdatasync", "fallocate", "ftruncate"})
    @Tag("slow")
    void shouldLoseNothingAcknowledgedWhereverTheDiskFails(String calls) throws Exception {
        for (int nth = 1; nth <= 60; nth++) {
            failOnce(calls, nth);
        }
    }

    @Test
    void shouldTakeOnlyTheLogOfflineThatMetTheError() throws Exception {
        // when the first sync of the first log fails
        long[] report = failOnce("msync", 1);

        // then
        assertThat(report[0]).as("offsets acknowledged").isZero();
        assertThat(report[1]).as("rounds of the log that failed").isZero();
        assertThat(report[3]).as("rounds of the other").isEqualTo(DiskErrorWriter.ROUNDS);
    }

    /** Returns acknowledged offset and rounds of the first log, of the second, and the uses after a failure. */
    private long[] failOnce(String calls, int nth) throws IOException, InterruptedException {
        String run = calls + "-" + nth;
        Path first = directory.resolve(run + "-a");
        Path second = directory.resolve(run + "-b");
        long[] report = new long[5];
        try (ChildJvm writer =
                new ChildJvm(strace(calls, nth), DiskErrorWriter.class, first.toString(), second.toString())) {
            for (int i = 0; i < report.length; i++) {
                report[i] = writer.readNumber();
                assertThat(report[i]).as("report of %s", run).isNotNegative();
            }
        }
        assertThat(Math.max(report[1], report[3]))
                .as("rounds of the log that met no error, %s", run)
                .isEqualTo(DiskErrorWriter.ROUNDS);
        assertThat(report[4]).as("uses of a log that had failed, %s", run).isZero();
        checkContent(first, report[0], run);
        checkContent(second, report[2], run);
        return report;
    }

    private static void checkContent(Path root, long acked, String run) {
        try (OpenLog open = new OpenLog(root, OpenLog.segmentsOf(10_000))) {
            assertThat(open.log.endOffset()).as("end after %s", run).isGreaterThanOrEqualTo(acked);
            assertThat(open.readAll()).as("content after %s", run).isEqualTo(OpenLog.valuesBelow(open.log.endOffset()));
        }
    }

    /** The command that runs another one so that its n-th call fails. */
    private static List<String> strace(String calls, int nth) throws IOException, InterruptedException {
        List<String> strace = List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":error=EIO:when=" + nth);
        assumeTrue(isThere(), "strace is not installed, or may not trace");
        return strace;
    }

    private static boolean isThere() throws InterruptedException {
        try {
            Process probe =
                    new ProcessBuilder("strace", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null", "true").start();
            return probe.waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }
}
