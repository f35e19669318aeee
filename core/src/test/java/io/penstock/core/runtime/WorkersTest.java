package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Workers, turnstiles: what bounds the work of all partitions together. */
class WorkersTest {
    @Test
    void shouldRefuseTasksBeyondTheBoundInsteadOfRunningThemInTheCaller() throws Exception {
        // given one busy worker and one task that waits
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch busy = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        try (DiskWorkers workers = new DiskWorkers("test", 1, 1)) {
            workers.execute(() -> {
                busy.countDown();
                awaitQuietly(release);
                done.incrementAndGet();
            });
            assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
            workers.execute(done::incrementAndGet);

            // when, then
            assertThatThrownBy(() -> workers.execute(done::incrementAndGet))
                    .isInstanceOf(RejectedExecutionException.class);
            assertThat(workers.waiting()).isOne();
            release.countDown();
        }
        assertThat(done).as("accepted tasks are finished before close returns").hasValue(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("not released");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldLetSoManyThroughAndTheOthersInOrder() {
        // given
        Turnstile turnstile = new Turnstile(2);
        List<Integer> entered = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            turnstile.enter(() -> entered.add(number));
        }
        assertThat(entered).containsExactly(0, 1);

        // when, then
        turnstile.leave();
        assertThat(entered).containsExactly(0, 1, 2);
        turnstile.leave();
        turnstile.leave();
        assertThat(entered).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void shouldNeverLetMoreThroughNorForgetAnybodyWhenManyThreadsComeAndGo() throws Exception {
        // given
        Turnstile turnstile = new Turnstile(3);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        int tasks = 20_000;
        CountDownLatch all = new CountDownLatch(tasks);

        // when
        try (DiskWorkers threads = new DiskWorkers("test", 4, 2 * tasks)) {
            for (int i = 0; i < tasks; i++) {
                threads.execute(() -> turnstile.enter(() -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    threads.execute(() -> {
                        inside.decrementAndGet();
                        turnstile.leave();
                        all.countDown();
                    });
                }));
            }
            assertThat(all.await(20, TimeUnit.SECONDS)).as("all came through").isTrue();
        }

        // then
        assertThat(most.get()).isBetween(1, 3);
        assertThat(inside).hasValue(0);
    }
}
