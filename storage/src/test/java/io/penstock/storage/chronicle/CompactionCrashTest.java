package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crash in a compaction, at every step and at random moments: the newest record of each key is there, at its offset. */
class CompactionCrashTest {
    private static final int KILLS = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private int copies;

    @Test
    void shouldBeTheOldLogOrTheNewOneWhateverStepIsTheLast() throws Exception {
        // given
        Path original = directory.resolve("original");
        try (CompactedLog log = new CompactedLog(original)) {
            log.appendUpTo(60);
            log.compact();
            log.appendUpTo(100);
            int[] batches = {0};

            // when: the files are as a crash would leave them, in the middle of the work and between any two steps
            CompletableFuture<CompactionReport> run = log.compact(bytes -> {
                        if (batches[0]++ % 50 == 0) {
                            checkCopy(original, 100);
                        }
                    })
                    .toCompletableFuture();
            while (log.open.threads.runOne()) {
                checkCopy(original, 100);
            }

            // then
            assertThat(run.join().outcome()).isEqualTo(Outcome.DONE);
            log.checkNewest("in the end");
            assertThat(copies).isGreaterThan(8);
        }
    }

    /** Opens a copy of the files, goes on with it, and compacts it. */
    private void checkCopy(Path original, long endOffset) {
        Path copy = directory.resolve("copy-" + copies++);
        copy(original, copy);
        String when = "copy " + copies;
        try (CompactedLog log = new CompactedLog(copy)) {
            assertThat(log.open.log.endOffset()).as(when).isEqualTo(endOffset);
            log.checkNewest(when);
            log.append();
            log.compact();
            log.checkNewest(when + ", compacted");
        }
        FileTrees.deleteQuietly(copy);
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                try {
                    Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
                } catch (NoSuchFileException gone) {
                    // Deleted between the listing and the copy, as it may be before a crash.
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void shouldLoseNothingInKillsAtRandomMoments() throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        long acked = 0;
        for (int round = 0; round < KILLS; round++) {
            try (ChildJvm writer = new ChildJvm(CompactionCrashWriter.class, directory.toString())) {
                long read = writer.readNumber();
                assertThat(read).isEqualTo(acked);
                long stopAt = acked + 50 + random.nextInt(200);
                while (read < stopAt) {
                    read = writer.readNumber();
                    assertThat(read).isPositive();
                }
                acked = writer.kill(read);
            }
            try (CompactedLog log = new CompactedLog(directory)) {
                assertThat(log.open.log.endOffset())
                        .as("round %s of seed %s", round, seed)
                        .isBetween(acked, acked + 1);
                log.checkNewest("round " + round + " of seed " + seed);
                acked = log.open.log.endOffset();
            }
        }
    }
}
