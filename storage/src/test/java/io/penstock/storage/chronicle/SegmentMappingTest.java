package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentMappingTest {
    private static final int ROUNDS = 500;
    private static final int WINDOW_US = 200;

    @TempDir
    Path directory;

    /** Two opens of one file are behind it, and retention may come between them. */
    @Test
    void shouldSayThatThereIsNoSuchFileWhereverItsDeletionFallsInBetween() throws Exception {
        ExecutorService deleter = Executors.newSingleThreadExecutor();
        Random random = new Random(1);
        int refusals = 0;
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Path file = Files.write(directory.resolve("segment-" + round), new byte[64]);
                CyclicBarrier start = new CyclicBarrier(2);
                long delayNs = TimeUnit.MICROSECONDS.toNanos(random.nextInt(WINDOW_US));
                Future<?> deletion = deleter.submit(() -> {
                    start.await();
                    spin(delayNs);
                    Files.delete(file);
                    return null;
                });

                // when
                start.await();
                IOException refusal = refusal(file);
                deletion.get();

                // then
                refusals += refusal == null ? 0 : 1;
                assertThat(refusal)
                        .satisfiesAnyOf(
                                found -> assertThat(found).isNull(),
                                found -> assertThat(found).isInstanceOf(NoSuchFileException.class));
            }
        } finally {
            deleter.shutdownNow();
        }
        assertThat(refusals).isBetween(1, ROUNDS - 1);
    }

    private static void spin(long durationNs) {
        long endNs = System.nanoTime() + durationNs;
        while (System.nanoTime() - endNs < 0) {
            Thread.onSpinWait();
        }
    }

    private static @Nullable IOException refusal(Path file) {
        try {
            SegmentMapping.readOnly(file, Runnable::run).release();
            return null;
        } catch (IOException e) {
            return e;
        }
    }
}
