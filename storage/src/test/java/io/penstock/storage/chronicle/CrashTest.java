package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer is killed at random moments, again and again on the same log: nothing that it has appended is ever lost. */
class CrashTest {
    private static final int LARGE_BYTES = 200_000;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldLoseNothingInKillsAtRandomMoments() throws Exception {
        killAgainAndAgain(4, 1 << 20, 0);
    }

    @Test
    void shouldLoseNothingInKillsWhileSegmentsRollAllTheTime() throws Exception {
        killAgainAndAgain(4, 3000, 0);
    }

    @Test
    void shouldLoseNothingInKillsBetweenSmallAndStagedBatches() throws Exception {
        killAgainAndAgain(4, 4 << 20, LARGE_BYTES);
    }

    @Test
    @Tag("slow")
    void shouldLoseNothingInManyKillsBetweenSmallAndStagedBatches() throws Exception {
        killAgainAndAgain(100, 4 << 20, LARGE_BYTES);
    }

    @Test
    @Tag("slow")
    void shouldLoseNothingInManyKills() throws Exception {
        killAgainAndAgain(150, 200_000, 0);
    }

    private void killAgainAndAgain(int rounds, int segmentBytes, int largeBytes) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        long acked = 0;
        for (int round = 0; round < rounds; round++) {
            acked = writeAndKill(segmentBytes, largeBytes, random, acked);
            try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(segmentBytes))) {
                assertThat(open.log.endOffset())
                        .as("end after round %s of seed %s", round, seed)
                        .isBetween(acked, acked + 1);
                acked = open.log.endOffset();
                assertThat(open.readAll()).as("seed %s", seed).isEqualTo(OpenLog.valuesBelow(acked, largeBytes));
                assertThat(open.log.leaderEpochs().latestEpoch()).isEqualTo((int) ((acked - 1) / 1000));
            }
        }
    }

    /** Lets a writer run for a while and kills it; returns what it had said it appended. */
    private long writeAndKill(int segmentBytes, int largeBytes, Random random, long endOffset)
            throws IOException, InterruptedException {
        boolean backgroundWork = random.nextInt(3) > 0;
        try (ChildJvm writer = new ChildJvm(
                CrashWriter.class,
                directory.toString(),
                Integer.toString(segmentBytes),
                Boolean.toString(backgroundWork),
                Integer.toString(largeBytes))) {
            long read = writer.readNumber();
            assertThat(read).isEqualTo(endOffset);
            long stopAt = endOffset + 1 + random.nextInt(largeBytes == 0 ? 3000 : 300);
            while (read < stopAt) {
                read = writer.readNumber();
                assertThat(read).isPositive();
            }
            return writer.kill(read);
        }
    }
}
