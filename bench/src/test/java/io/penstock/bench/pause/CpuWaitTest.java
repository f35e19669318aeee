package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CpuWaitTest {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);

    private void spin() {
        while (!stopped.get()) {
            Thread.onSpinWait();
        }
    }

    /** One thread more than there are processors wants to run, so each of them has to wait for its turn. */
    @Test
    void shouldGrowWhileThereAreTooFewProcessors() throws Exception {
        // given
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread other = new Thread(this::spin);
            others.add(other);
            other.start();
        }

        // when
        try (CpuWait wait = new CpuWait()) {
            long before = wait.totalNs();
            while (wait.totalNs() == before && System.nanoTime() < deadlineNs) {
                Thread.onSpinWait();
            }

            // then
            assertThat(wait.totalNs()).isGreaterThan(before);
        } finally {
            stopped.set(true);
            for (Thread other : others) {
                other.join();
            }
        }
    }

    /** A thread that has ended has no count any more, so it is seen whose count was read. */
    @Test
    void shouldBeOfTheThreadThatMadeItWhoeverAsks() throws Exception {
        // given
        CompletableFuture<CpuWait> made = new CompletableFuture<>();
        Thread maker = new Thread(() -> {
            try {
                made.complete(new CpuWait());
            } catch (IOException e) {
                made.completeExceptionally(e);
            }
            spin();
        });
        maker.start();

        // when
        try (CpuWait makers = made.get()) {
            assertThat(makers.totalNs()).isNotNegative();
            stopped.set(true);
            maker.join();

            // then
            assertThatThrownBy(() -> {
                        while (System.nanoTime() < deadlineNs) {
                            makers.totalNs();
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }
}
