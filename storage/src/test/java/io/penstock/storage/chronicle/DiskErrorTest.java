package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
    private static final int LARGE_BYTES = 1 << 20;
    /** What brings a batch to its place in the file; libraries use it too, so only those of the first log fail. */
    private static final String STAGING = "pwrite64";

    private static final int MAX_SEGMENTS = 200;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @ParameterizedTest
    @CsvSource({"msync,1", "msync,11", "'fsync,fdatasync',9", "fallocate,5", "ftruncate,4"})
    void shouldLoseNothingAcknowledgedWhenTheDiskFails(String calls, int nth) throws Exception {
        fail(calls, "EIO", Integer.toString(nth), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"msync", "fsync,fdatasync", "fallocate", "ftruncate"})
    @Tag("slow")
    void shouldLoseNothingAcknowledgedWhereverTheDiskFails(String calls) throws Exception {
        for (int nth = 1; nth <= 60; nth++) {
            fail(calls, "EIO", Integer.toString(nth), 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 20})
    void shouldLoseNothingAcknowledgedWhenTheDiskFailsUnderAStaging(int nth) throws Exception {
        // when
        long[] report = fail(STAGING, "EIO", Integer.toString(nth), LARGE_BYTES);

        // then
        assertThat(report[1]).as("rounds of the log that failed").isLessThan(DiskErrorWriter.ROUNDS);
        assertThat(report[5]).as("appends refused as on a full disk").isZero();
    }

    @ParameterizedTest
    @CsvSource({"msync,3", "msync,30", "fallocate,9", "'fsync,fdatasync',9"})
    void shouldLoseNothingAcknowledgedWhenTheDiskFailsBetweenStagings(String calls, int nth) throws Exception {
        fail(calls, "EIO", Integer.toString(nth), LARGE_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {STAGING, "msync", "fsync,fdatasync", "fallocate", "ftruncate"})
    @Tag("slow")
    void shouldLoseNothingAcknowledgedWhereverTheDiskFailsAmongStagings(String calls) throws Exception {
        for (int nth = 1; nth <= 40; nth++) {
            fail(calls, "EIO", Integer.toString(nth), LARGE_BYTES);
        }
    }

    @Test
    void shouldGoOnAfterASpaceThatWasReservedIsMissingOnce() throws Exception {
        // when
        long[] report = fail(STAGING, "ENOSPC", "5", LARGE_BYTES);

        // then
        assertThat(report[1] + report[3]).as("rounds").isEqualTo(2 * DiskErrorWriter.ROUNDS);
        assertThat(report[5]).as("appends refused").isPositive();
        assertThat(report[0]).as("offset acknowledged").isGreaterThan(10);
    }

    @Test
    void shouldRefuseLargeBatchesWhileReservedSpaceIsMissing() throws Exception {
        // when no batch can ever be staged
        long[] report = fail(STAGING, "ENOSPC", "1+", LARGE_BYTES);

        // then each producer has its answer, and what was appended before the first is there
        assertThat(report[1] + report[3]).as("rounds").isEqualTo(2 * DiskErrorWriter.ROUNDS);
        assertThat(report[5]).as("appends refused").isPositive();
        assertThat(report[0]).as("offset acknowledged").isEqualTo(3);
        assertThat(report[2]).as("offset acknowledged by the other").isGreaterThan(50);
    }

    @Test
    void shouldTakeOnlyTheLogOfflineThatMetTheError() throws Exception {
        // when the first sync of the first log fails
        long[] report = fail("msync", "EIO", "1", 0);

        // then
        assertThat(report[0]).as("offsets acknowledged").isZero();
        assertThat(report[1]).as("rounds of the log that failed").isZero();
        assertThat(report[3]).as("rounds of the other").isEqualTo(DiskErrorWriter.ROUNDS);
    }

    /**
     * Returns acknowledged offset and rounds of the first log, of the second, the uses after a failure, and the refusals.
     *
     * @param when which calls fail, as strace takes it
     */
    private long[] fail(String calls, String error, String when, int largeBytes)
            throws IOException, InterruptedException {
        String run = calls + "-" + error + "-" + when;
        Path first = directory.resolve(run + "-a");
        Path second = directory.resolve(run + "-b");
        long[] report = new long[6];
        List<String> strace = strace(calls, error, when);
        if (calls.equals(STAGING)) {
            strace.addAll(onlyFor(directory.toRealPath().resolve(run + "-a")));
        }
        try (ChildJvm writer = new ChildJvm(
                strace, DiskErrorWriter.class, first.toString(), second.toString(), Integer.toString(largeBytes))) {
            for (int i = 0; i < report.length; i++) {
                report[i] = writer.readNumber();
                assertThat(report[i]).as("report of %s", run).isNotNegative();
            }
        }
        assertThat(Math.max(report[1], report[3]))
                .as("rounds of the log that met no error, %s", run)
                .isEqualTo(DiskErrorWriter.ROUNDS);
        assertThat(report[4]).as("uses of a log that had failed, %s", run).isZero();
        checkContent(first, report[0], largeBytes, run);
        checkContent(second, report[2], largeBytes, run);
        return report;
    }

    private static void checkContent(Path root, long acked, int largeBytes, String run) {
        try (OpenLog open = new OpenLog(root, DiskErrorWriter.config(largeBytes))) {
            assertThat(open.log.endOffset()).as("end after %s", run).isGreaterThanOrEqualTo(acked);
            assertThat(open.readAll())
                    .as("content after %s", run)
                    .isEqualTo(OpenLog.valuesBelow(open.log.endOffset(), largeBytes));
        }
    }

    /** More words for strace: calls that are about other files than the log's segments do not count. */
    private static List<String> onlyFor(Path root) {
        LogFiles files = new LogFiles(OpenLog.directory(root));
        List<String> words = new ArrayList<>();
        for (int number = 1; number <= MAX_SEGMENTS; number++) {
            words.add("-P");
            words.add(files.batches(number).toString());
        }
        return words;
    }

    /** The command that runs another one so that some of its calls fail. */
    static List<String> strace(String calls, String error, String when) throws IOException, InterruptedException {
        List<String> strace = new ArrayList<>(List.of(
                "strace",
                "-f",
                "--seccomp-bpf",
                "-qq",
                "-o",
                "/dev/null",
                "-e",
                "trace=" + calls,
                "-e",
                "inject=" + calls + ":error=" + error + ":when=" + when));
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
