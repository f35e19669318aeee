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
        assertThat(second.memory.update(29)).isTrue();

        // then
        assertThat(first.memory.mayRead(10)).isTrue();
        assertThat(second.memory.mayRead(10)).isTrue();
        assertThat(usage.unfinishedBytes()).isEqualTo(89);
    }

    @Test
    void shouldLetOneConnectionGoOnAboveTheLimit() {
        // given
        first.memory.update(60);
        second.memory.update(60);
        third.memory.update(60);

        // when
        boolean mayFirst = first.memory.mayRead(10);

        // then
        assertThat(mayFirst).isTrue();
        assertThat(second.memory.mayRead(10)).isFalse();
        assertThat(third.memory.mayRead(10)).isFalse();
        assertThat(first.memory.update(5_000)).isTrue();
        assertThat(first.memory.mayRead(10)).isTrue();
    }

    @Test
    void shouldLetConnectionsWithoutFrameReadAboveTheLimit() {
        // given
        first.memory.update(60);
        second.memory.update(60);

        // then
        assertThat(third.memory.mayRead(10)).isTrue();
    }

    @Test
    void shouldPassTheOverdraftOnWhenTheFrameIsDone() {
        // given
        first.memory.update(110);
        assertThat(first.memory.mayRead(10)).isTrue();
        second.memory.update(60);
        third.memory.update(60);
        assertThat(second.memory.mayRead(10)).isFalse();
        assertThat(third.memory.mayRead(10)).isFalse();

        // when
        first.memory.update(0);

        // then
        assertThat(second.wakes).hasValue(1);
        assertThat(third.wakes).hasValue(1);
        second.memory.onWoken();
        third.memory.onWoken();
        assertThat(second.memory.mayRead(10)).isTrue();
        assertThat(third.memory.mayRead(10))
                .as("60 bytes are left below the limit")
                .isTrue();
    }

    @Test
    void shouldPassTheOverdraftOnWhenItsHolderCannotUseIt() {
        // given
        first.memory.update(110);
        assertThat(first.memory.mayRead(10)).isTrue();
        second.memory.update(110);
        assertThat(second.memory.mayRead(10)).isFalse();

        // when
        first.memory.endOverdraft();

        // then
        assertThat(second.wakes).hasValue(1);
        second.memory.onWoken();
        assertThat(second.memory.mayRead(10)).isTrue();
        assertThat(first.memory.mayRead(10)).isFalse();
    }

    @Test
    void shouldCountWhatOneReadMayAddBeforeTheNextConnectionAsks() {
        // given
        first.memory.update(50);
        second.memory.update(40);

        // when
        boolean mayFirst = first.memory.mayRead(50);
        boolean mayThird = second.memory.mayRead(40);

        // then the second got the overdraft, and nobody gets more
        assertThat(mayFirst).isTrue();
        assertThat(mayThird).isTrue();
        third.memory.update(30);
        assertThat(third.memory.mayRead(30)).isFalse();
        assertThat(usage.unfinished().usedBytes()).isEqualTo(50 + 50 + 30);
        first.memory.update(60);
        assertThat(usage.unfinished().usedBytes()).isEqualTo(60 + 30);
    }

    @Test
    void shouldLetFrameUseTheRoomItHas() {
        // given
        first.memory.update(200);
        second.memory.update(50);
        assertThat(first.memory.mayRead(10)).isTrue();

        // then
        assertThat(second.memory.mayRead(0)).isTrue();
    }

    @Test
    void shouldGiveUpConnectionThatBeginsFrameAtThreeTimesTheLimit() {
        // given
        first.memory.update(110);
        assertThat(first.memory.mayRead(10)).isTrue();
        second.memory.update(299);

        // when
        boolean isRoom = third.memory.update(10);

        // then
        assertThat(isRoom).isFalse();
        assertThat(first.memory.update(500))
                .as("the overdraft is outside the limit")
                .isTrue();
        assertThat(second.memory.update(400))
                .as("a frame that has begun is not given up")
                .isTrue();
    }

    @Test
    void shouldCountNothingInTheEnd() {
        // given
        first.memory.update(110);
        first.memory.mayRead(10);
        second.memory.update(50);

        // when
        first.memory.update(0);
        second.memory.update(0);

        // then
        assertThat(usage.unfinishedBytes()).isZero();
        assertThat(usage.unfinished().usedBytes()).isZero();
    }
}
