package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * As {@link CrashTest}, with several logs of one process and batches of 64 KiB to 1 MiB between small ones: the kill meets some while they are
 * brought to their place.
 */
class StagedCrashTest {
    private static final int LOGS = 3;
    private static final int LARGE_BYTES = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldLoseNothingOfAnyLogInKillsAtRandomMoments() throws Exception {
        killAgainAndAgain(3, 16 << 20, 40);
    }

    @Test
    void shouldLoseNothingOfAnyLogWhileSegmentsRollAllTheTime() throws Exception {
        killAgainAndAgain(3, 1 << 20, 40);
    }

    @Test
    @Tag("slow")
    void shouldLoseNothingOfAnyLogInManyKills() throws Exception {
        for (int i = 0; i < 8; i++) {
            FileTrees.deleteQuietly(directory);
            killAgainAndAgain(6, 4 << 20, 60);
        }
    }

    private void killAgainAndAgain(int rounds, int segmentBytes, int maxAppends) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        long[] acked = new long[LOGS];
        for (int round = 0; round < rounds; round++) {
            String when = "round " + round + " of seed " + seed;
            writeAndKill(segmentBytes, LOGS * (1 + random.nextInt(maxAppends)), acked, when);
            for (int number = 0; number < LOGS; number++) {
                acked[number] = check(number, segmentBytes, acked[number], when);
            }
        }
    }

    /** Lets a writer run for a while and kills it; notes what it had said it appended. */
    private void writeAndKill(int segmentBytes, int appends, long[] acked, String when)
            throws IOException, InterruptedException {
        long[] told = new long[LOGS];
        Arrays.fill(told, -1);
        try (ChildJvm writer = new ChildJvm(
                StagedCrashWriter.class,
                directory.toString(),
                Integer.toString(LOGS),
                Integer.toString(segmentBytes),
                Integer.toString(LARGE_BYTES))) {
            for (int i = 0; i < LOGS + appends; i++) {
                note(writer.readNumber(), told, acked, when);
            }
            writer.kill();
            for (long next = writer.readNumber(); next >= 0; next = writer.readNumber()) {
                note(next, told, acked, when);
            }
        }
        for (int number = 0; number < LOGS; number++) {
            acked[number] = Math.max(acked[number], told[number]);
        }
    }

    private static void note(long number, long[] told, long[] acked, String when) {
        assertThat(number).as(when).isNotNegative();
        int log = (int) (number / StagedCrashWriter.LOG_UNIT);
        long endOffset = number % StagedCrashWriter.LOG_UNIT;
        // A log begins where it has ended, and goes on without a hole.
        assertThat(endOffset).as("log %s, %s", log, when).isEqualTo(told[log] < 0 ? acked[log] : told[log] + 1);
        told[log] = endOffset;
    }

    /** Everything acknowledged is there, and at most one batch that was not; returns the end. */
    private long check(int number, int segmentBytes, long acked, String when) {
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(segmentBytes), StagedCrashWriter.idOf(number))) {
            long endOffset = open.log.endOffset();
            assertThat(endOffset).as("log %s, %s", number, when).isBetween(acked, acked + 1);
            assertThat(open.readAll())
                    .as("log %s, %s", number, when)
                    .isEqualTo(OpenLog.valuesBelow(endOffset, LARGE_BYTES));
            return open.appendUpTo(endOffset + 1, LARGE_BYTES).log.endOffset();
        }
    }
}
