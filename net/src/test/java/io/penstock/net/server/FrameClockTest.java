package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FrameClockTest {
    private static final long START_NS = -5;

    private final FrameClock clock = new FrameClock(new ConnectionLimits(1, 1, 1, 10_000, 1_000, 1));

    @Test
    void shouldAllowTheGracePlusTimeForWhatArrived() {
        // given
        clock.run(true, START_NS);

        // then
        assertThat(clock.isOverdue(0, at(10))).isFalse();
        assertThat(clock.isOverdue(0, at(11))).isTrue();
        assertThat(clock.isOverdue(5_000, at(15))).isFalse();
        assertThat(clock.isOverdue(5_000, at(16))).isTrue();
    }

    @Test
    void shouldRunOnWhileTheSameFrameArrives() {
        // given
        clock.run(true, START_NS);

        // when
        clock.run(false, at(9));

        // then
        assertThat(clock.isOverdue(0, at(11))).isTrue();
    }

    @Test
    void shouldBeginAgainWithEachFrame() {
        // given
        clock.run(true, START_NS);

        // when
        clock.run(true, at(9));

        // then
        assertThat(clock.isOverdue(0, at(11))).isFalse();
        assertThat(clock.isOverdue(0, at(20))).isTrue();
    }

    @Test
    void shouldNotCountTimeInWhichWeRefusedToRead() {
        // given
        clock.run(true, START_NS);
        clock.pause(at(5));

        // when
        clock.resume(at(25));

        // then
        assertThat(clock.isOverdue(0, at(29))).isFalse();
        assertThat(clock.isOverdue(0, at(31))).isTrue();
    }

    @Test
    void shouldBePatientForBoundedTimeWhileWeRefuseToRead() {
        // given
        clock.run(true, START_NS);

        // when
        clock.pause(at(1));

        // then
        assertThat(clock.isOverdue(0, at(39))).isFalse();
        assertThat(clock.isOverdue(0, at(41))).isTrue();
    }

    @Test
    void shouldNeverBeOverdueBetweenFrames() {
        // given
        clock.run(true, START_NS);

        // when
        clock.stop();

        // then
        assertThat(clock.isOverdue(0, at(1_000))).isFalse();
    }

    private static long at(long seconds) {
        return START_NS + TimeUnit.SECONDS.toNanos(seconds);
    }
}
