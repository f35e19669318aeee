package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FrameMemoryTest {
    private final FrontendUsage usage = new FrontendUsage(Limits.with(new MemoryLimits(100, 1_000)));
    private final Connection first = new Connection();
    private final Connection second = new Connection();
    private final Connection third = new Connection();

    private final class Connection {
        private final AtomicInteger wakes = new AtomicInteger();
        private final FrameMemory memory = new FrameMemory(usage, wakes::incrementAndGet);
    }

    @Test
    void shouldLetEveryoneReadBelowTheLimit() {
        // when
        assertThat(first.memory.update(60)).isTrue();
        assertThat(second.memory.update(39)).isTrue();

        // then
        assertThat(first.memory.mayRead()).isTrue();
        assertThat(second.memory.mayRead()).isTrue();
        assertThat(usage.unfinishedBytes()).isEqualTo(99);
    }

    @Test
    void shouldLetOneConnectionGoOnAboveTheLimit() {
        // given
        first.memory.update(60);
        second.memory.update(60);
        third.memory.update(60);

        // when
        boolean mayFirst = first.memory.mayRead();

        // then
        assertThat(mayFirst).isTrue();
        assertThat(second.memory.mayRead()).isFalse();
        assertThat(third.memory.mayRead()).isFalse();
        assertThat(first.memory.update(5_000)).isTrue();
        assertThat(first.memory.mayRead()).isTrue();
    }

    @Test
    void shouldLetConnectionsWithoutFrameReadAboveTheLimit() {
        // given
        first.memory.update(60);
        second.memory.update(60);

        // then
        assertThat(third.memory.mayRead()).isTrue();
    }

    @Test
    void shouldPassTheOverdraftOnWhenTheFrameIsDone() {
        // given
        first.memory.update(110);
        assertThat(first.memory.mayRead()).isTrue();
        second.memory.update(60);
        third.memory.update(60);
        assertThat(second.memory.mayRead()).isFalse();
        assertThat(third.memory.mayRead()).isFalse();

        // when
        first.memory.update(0);

        // then
        assertThat(second.wakes).hasValue(1);
        assertThat(third.wakes).hasValue(1);
        second.memory.onWoken();
        third.memory.onWoken();
        assertThat(second.memory.mayRead()).isTrue();
        assertThat(third.memory.mayRead())
                .as("60 bytes are left below the limit")
                .isTrue();
    }

    @Test
    void shouldPassTheOverdraftOnWhenItsHolderCannotUseIt() {
        // given
        first.memory.update(110);
        assertThat(first.memory.mayRead()).isTrue();
        second.memory.update(110);
        assertThat(second.memory.mayRead()).isFalse();

        // when
        first.memory.endOverdraft();

        // then
        assertThat(second.wakes).hasValue(1);
        second.memory.onWoken();
        assertThat(second.memory.mayRead()).isTrue();
        assertThat(first.memory.mayRead()).isFalse();
    }

    @Test
    void shouldGiveUpConnectionThatBringsMoreAtTwiceTheLimit() {
        // given
        first.memory.update(110);
        assertThat(first.memory.mayRead()).isTrue();
        second.memory.update(199);

        // when
        boolean isRoom = third.memory.update(10);

        // then
        assertThat(isRoom).isFalse();
        assertThat(first.memory.update(500))
                .as("the overdraft is outside the limit")
                .isTrue();
        assertThat(second.memory.update(150))
                .as("less than before is always fine")
                .isTrue();
    }

    @Test
    void shouldCountNothingInTheEnd() {
        // given
        first.memory.update(110);
        first.memory.mayRead();
        second.memory.update(50);

        // when
        first.memory.update(0);
        second.memory.update(0);

        // then
        assertThat(usage.unfinishedBytes()).isZero();
        assertThat(usage.unfinished().usedBytes()).isZero();
    }
}
