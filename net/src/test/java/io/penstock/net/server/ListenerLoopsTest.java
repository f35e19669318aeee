package io.penstock.net.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.server.ListenerLoops.ServingLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ListenerLoopsTest {
    private static final long PERIOD_NS = 500_000_000;

    private final ListenerLoops<Loop> loops = new ListenerLoops<>();

    private static final class Loop implements ServingLoop {
        final Thread thread = new Thread();
        private final LoopLoad load = new LoopLoad(thread);
        int connections;

        @Override
        public LoopLoad load() {
            return load;
        }

        @Override
        public int connectionCount() {
            return connections;
        }

        /** Used this part of a processor between two samples. */
        void use(double busy) {
            load.onSample(0, 0);
            load.onSample(PERIOD_NS, Math.round(busy * PERIOD_NS));
        }
    }

    private Loop loop(int connections) {
        Loop loop = new Loop();
        loop.connections = connections;
        loops.add(loop.thread, loop);
        return loop;
    }

    private boolean isBetter(Loop here, Loop there) {
        Loop better = loops.betterThan(here, there.thread);
        assertThat(better).isIn(null, there);
        return better != null;
    }

    private @Nullable Loop chosen(Loop here, @Nullable Thread wanted) {
        return loops.betterThan(here, wanted);
    }

    @Test
    void shouldChooseTheLoopThatIsCheapest() {
        // given
        Loop here = loop(1);
        Loop there = loop(1);
        loop(1);

        // then
        assertThat(chosen(here, there.thread)).isSameAs(there);
    }

    @Test
    void shouldStayWhereNoOtherLoopOfTheListenerIsWanted() {
        // given
        Loop here = loop(1);
        loop(1);

        // then
        assertThat(chosen(here, null)).isNull();
        assertThat(chosen(here, here.thread)).isNull();
        assertThat(chosen(here, new Thread())).isNull();
    }

    @Test
    void shouldNotGoToALoopThatUsesMoreThanSixTenthsOfAProcessor() {
        // given
        Loop here = loop(1);
        Loop there = loop(1);

        // then
        there.use(0.60);
        assertThat(isBetter(here, there)).isTrue();
        there.use(0.61);
        assertThat(isBetter(here, there)).isFalse();
    }

    @Test
    void shouldGoToALoopThatIsNoLongerBusy() {
        // given
        Loop here = loop(1);
        Loop there = loop(1);
        there.use(1.0);

        // when
        there.use(0.1);

        // then
        assertThat(isBetter(here, there)).isTrue();
    }

    @Test
    void shouldTakeNoLoopForBusyOfWhichLittleIsKnown() {
        // given
        Loop here = loop(1);
        Loop sampledOnce = loop(1);
        Loop withoutCpuTime = loop(1);

        // when
        sampledOnce.load().onSample(PERIOD_NS, 100 * PERIOD_NS);
        withoutCpuTime.load().onSample(0, -1);
        withoutCpuTime.load().onSample(PERIOD_NS, -1);

        // then
        assertThat(isBetter(here, sampledOnce)).isTrue();
        assertThat(isBetter(here, withoutCpuTime)).isTrue();
    }

    @Test
    void shouldLetALoopHaveTwoMoreThanTwiceItsShare() {
        // given: 40 connections on four loops, a share of ten
        Loop here = loop(9);
        Loop there = loop(21);
        loop(10);
        loop(0);

        // then
        assertThat(isBetter(here, there)).isTrue();
        there.connections = 22;
        here.connections = 8;
        assertThat(isBetter(here, there)).isFalse();
    }

    @Test
    void shouldLetALoopHaveAFewWhateverItsShare() {
        // given: the only connections of eight loops
        Loop here = loop(1);
        Loop there = loop(1);
        for (int others = 0; others < 6; others++) {
            loop(0);
        }

        // then
        assertThat(isBetter(here, there)).isTrue();
        there.connections = 2;
        assertThat(isBetter(here, there)).isFalse();
    }

    @Test
    void shouldNeverFindOneOfTwoLoopsCrowded() {
        // given
        Loop here = loop(1);
        Loop there = loop(100_000);

        // then
        assertThat(isBetter(here, there)).isTrue();
    }
}
