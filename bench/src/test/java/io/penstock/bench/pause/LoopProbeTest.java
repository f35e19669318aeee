package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** There is one event loop, so the probe is on the one that is held up. */
@Timeout(60)
final class LoopProbeTest {
    private static final long HELD_UP_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** What is surely seen of it: the loop may be held up just after a tick, whose next is due a millisecond later. */
    private static final long SEEN_NS = TimeUnit.MILLISECONDS.toNanos(195);

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context loop = vertx.getOrCreateContext();

    @AfterEach
    void stop() {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private void onLoop(Runnable task) {
        Promise<Void> done = Promise.promise();
        loop.runOnContext(turn -> {
            task.run();
            done.complete();
        });
        await(done.future());
    }

    private void awaitTicks(int count) {
        Promise<Void> ticked = Promise.promise();
        int[] left = {count};
        vertx.setPeriodic(1, id -> {
            if (--left[0] == 0) {
                vertx.cancelTimer(id);
                ticked.complete();
            }
        });
        await(ticked.future());
    }

    private LoopDelays delaysWhile(Runnable holdUp) {
        LoopProbe probe = new LoopProbe();
        String deployment = await(vertx.deployVerticle(probe));
        awaitTicks(5);
        probe.count();
        onLoop(holdUp);
        awaitTicks(5);
        await(vertx.undeploy(deployment));
        LoopDelays delays = LoopDelays.none();
        probe.addTo(delays);
        return delays;
    }

    private static void sleep() {
        long untilNs = System.nanoTime() + HELD_UP_NS;
        for (long leftNs = HELD_UP_NS; leftNs > 0; leftNs = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    private static void work() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long untilNs = threads.getCurrentThreadCpuTime() + HELD_UP_NS;
        while (threads.getCurrentThreadCpuTime() < untilNs) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldSeeThatALoopWaited() {
        LoopDelays delays = delaysWhile(LoopProbeTest::sleep);

        assertThat(delays.lateNs().getMaxValue()).isGreaterThanOrEqualTo(SEEN_NS);
        assertThat(delays.heldUpNs().getMaxValue()).isGreaterThanOrEqualTo(SEEN_NS);
        assertThat(delays.blockedNs().getMaxValue()).isGreaterThanOrEqualTo(SEEN_NS);
    }

    @Test
    void shouldSeeThatALoopWorkedAndDidNotWait() {
        LoopDelays delays = delaysWhile(LoopProbeTest::work);

        assertThat(delays.heldUpNs().getMaxValue()).isGreaterThanOrEqualTo(SEEN_NS);
        assertThat(delays.blockedNs().getMaxValue())
                .isLessThanOrEqualTo(delays.lateNs().getMaxValue() - SEEN_NS / 2);
    }

    /** So many ticks could not come meanwhile. */
    @Test
    void shouldChargeADelayToEveryTickThatItDelayed() {
        LoopDelays delays = delaysWhile(LoopProbeTest::sleep);

        assertThat(delays.lateNs().getTotalCount()).isGreaterThanOrEqualTo(190);
        assertThat(delays.lateNs().getCountBetweenValues(HELD_UP_NS / 2, Long.MAX_VALUE))
                .isGreaterThanOrEqualTo(90);
    }

    @Test
    void shouldRecordNothingBeforeItIsToldTo() {
        LoopProbe probe = new LoopProbe();
        await(vertx.deployVerticle(probe));
        awaitTicks(5);
        await(vertx.undeploy(vertx.deploymentIDs().iterator().next()));

        LoopDelays delays = LoopDelays.none();
        probe.addTo(delays);
        assertThat(delays.lateNs().getTotalCount()).isZero();
    }
}
