package io.penstock.bench.pause;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LoopThreadsTest {
    private static final int PAGES = 2_000;
    private static final int PAGE_BYTES = 4_096;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void onLoop(Runnable task) throws Exception {
        CompletableFuture<Void> done = new CompletableFuture<>();
        vertx.runOnContext(turn -> {
            task.run();
            done.complete(null);
        });
        done.get(30, TimeUnit.SECONDS);
    }

    @Test
    void shouldCountPageFaultsOfEventLoops() throws Exception {
        // given
        onLoop(() -> {});
        LoopThreads before = LoopThreads.now();

        // when: the JDK fills new memory with zeros
        onLoop(() -> ByteBuffer.allocateDirect(PAGES * PAGE_BYTES));

        // then
        assertThat(LoopThreads.now().since(before).minorFaults()).isPositive();
    }

    @Test
    void shouldTellWhatHasComeSince() {
        LoopThreads now = new LoopThreads(5, 3, 100);

        assertThat(now.since(new LoopThreads(2, 1, 10))).isEqualTo(new LoopThreads(3, 2, 90));
    }
}
