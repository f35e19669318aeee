package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadUseTest {
    @Test
    void shouldAddUpAndTakeTheDifference() {
        ThreadUse use = new ThreadUse(5, 3, 2);

        assertThat(ThreadUse.NONE.plus(use).plus(use)).isEqualTo(new ThreadUse(10, 6, 4));
        assertThat(new ThreadUse(10, 6, 4).since(use)).isEqualTo(use);
    }

    @Test
    void shouldCountTimeAndProcessorTime() throws IOException {
        // given
        ThreadUse before = ThreadUse.now();

        // when
        ThreadUse used = ThreadUse.now().since(before);
        while (used.cpuNs() < TimeUnit.MILLISECONDS.toNanos(5)) {
            used = ThreadUse.now().since(before);
        }

        // then
        assertThat(used.elapsedNs()).isGreaterThan(used.cpuNs() / 2);
    }

    @Test
    void shouldCountPageFaultsOfTheThread() throws IOException {
        ThreadUse before = ThreadUse.now();

        ByteBuffer touched = ByteBuffer.allocateDirect(8 << 20);

        assertThat(touched.get(4_096)).isZero();
        assertThat(ThreadUse.now().since(before).minorFaults()).isPositive();
    }
}
