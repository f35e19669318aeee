package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogContext;
import io.penstock.storage.fixture.ManualThreads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One thing after the other, whatever the executors do. */
class DiskLaneTest {

    @Test
    void shouldRunInTheOrderAskedFor() {
        // given
        ManualThreads threads = new ManualThreads();
        DiskLane lane = new DiskLane(threads.context());
        List<Integer> done = new ArrayList<>();

        // when
        for (int i = 0; i < 5; i++) {
            int number = i;
            lane.run(() -> done.add(number));
        }
        threads.runAll();

        // then
        assertThat(done).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void shouldGoOnAfterAFailure() {
        // given
        ManualThreads threads = new ManualThreads();
        DiskLane lane = new DiskLane(threads.context());

        // when
        var failed = lane.run(() -> {
            throw new IOException("broken");
        });
        var next = lane.run(() -> 7);

        // then
        assertThat(threads.await(next)).isEqualTo(7);
        assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void shouldGoOnWhenThereIsNoMemory() {
        // given
        ManualThreads threads = new ManualThreads();
        DiskLane lane = new DiskLane(threads.context());

        // when
        var failed = lane.run(() -> {
            throw new OutOfMemoryError("made by the test");
        });
        var next = lane.run(() -> 7);

        // then
        assertThat(threads.await(next)).isEqualTo(7);
        assertThat(failed.toCompletableFuture()).isCompletedExceptionally();
    }

    @Test
    void shouldRunWithExecutorsThatRunInTheCaller() {
        // given
        DiskLane lane = new DiskLane(new LogContext(Runnable::run, Runnable::run));

        // when
        var both = lane.run(() -> 1).thenCompose(one -> lane.run(() -> one + 1));

        // then
        assertThat(both.toCompletableFuture()).isCompletedWithValue(2);
    }

    @Test
    void shouldOfferAgainWhatAFullExecutorRefused() throws InterruptedException {
        // given
        LinkedBlockingQueue<Runnable> owner = new LinkedBlockingQueue<>();
        int[] refusals = {3};
        DiskLane lane = new DiskLane(new LogContext(owner::add, task -> {
            if (refusals[0]-- > 0) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        }));

        // when
        var done = lane.run(() -> 7).toCompletableFuture();

        // then
        while (!done.isDone()) {
            Runnable task = owner.poll(10, TimeUnit.SECONDS);
            assertThat(task).as("the next offer").isNotNull();
            task.run();
        }
        assertThat(done).isCompletedWithValue(7);
    }
}
