package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.linux.ThreadScheduling;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Event loops first, compactions last; what is asserted is what the kernel says of the threads. */
@EnabledOnOs(OS.LINUX)
class LoopsFirstTest {
    private static final long LIMIT_S = 10;

    @Test
    void shouldGiveEveryEventLoopAShorterSliceThanOtherThreadsHave() throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        try {
            CompletableFuture<Void> asked = new CompletableFuture<>();
            LoopsFirst.ask(
                    vertx,
                    work -> {
                        work.run();
                        asked.complete(null);
                    },
                    1);
            asked.get(LIMIT_S, TimeUnit.SECONDS);
            for (var loop : ((VertxInternal) vertx).nettyEventLoopGroup()) {
                long usualNs = ThreadScheduling.sliceNs();
                long sliceNs = loop.submit(ThreadScheduling::sliceNs).get(LIMIT_S, TimeUnit.SECONDS);
                // Kernels before 6.12 tell 0 of all.
                assertThat(sliceNs).isLessThan(Math.max(1, usualNs));
            }
        } finally {
            vertx.close().await(LIMIT_S, TimeUnit.SECONDS);
        }
    }

    @Test
    void shouldRunWorkInTheBackgroundAtALowerPriority() throws Exception {
        CompletableFuture<Integer> nice = new CompletableFuture<>();
        try (DiskWorkers workers = DiskWorkers.inBackground("background", 1)) {
            workers.execute(() -> nice.complete(ThreadScheduling.nice()));
            assertThat(nice.get(LIMIT_S, TimeUnit.SECONDS)).isEqualTo(Math.max(5, ThreadScheduling.nice()));
        }
    }
}
