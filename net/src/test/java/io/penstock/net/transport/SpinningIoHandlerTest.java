package io.penstock.net.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

final class SpinningIoHandlerTest {
    private static final long WINDOW_NS = 2_000_000;
    private static final long LOOK_NS = 10_000;

    private long nowNs;
    private final Script script = new Script();
    private final Loop loop = new Loop();
    private final SpinningIoHandler handler = new SpinningIoHandler(script, new SpinForecast(WINDOW_NS), () -> nowNs);

    /** What epoll does, as far as it is seen from here. */
    private final class Script implements IoHandler {
        ToIntFunction<IoHandlerContext> next = context -> 0;
        int looks;
        int sleeps;

        @Override
        public int run(IoHandlerContext context) {
            nowNs += LOOK_NS;
            if (context.canBlock()) {
                sleeps++;
            } else {
                looks++;
            }
            return next.applyAsInt(context);
        }

        @Override
        public IoRegistration register(IoHandle handle) {
            throw new AssertionError("nothing to be registered here");
        }

        @Override
        public void wakeup() {}

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return true;
        }
    }

    private static final class Loop implements IoHandlerContext {
        boolean hasTasks;

        @Override
        public boolean canBlock() {
            return !hasTasks;
        }

        @Override
        public long delayNanos(long currentTimeNanos) {
            return Long.MAX_VALUE;
        }

        @Override
        public long deadlineNanos() {
            return -1;
        }
    }

    @Test
    void shouldSleepAtOnceWhenNothingIsExpected() {
        handler.run(loop);
        assertThat(script.sleeps).isOne();
        assertThat(script.looks).isZero();
    }

    @Test
    void shouldLookUntilSomethingComes() {
        expectWorkSoon();
        script.next = context -> script.looks == 3 ? 7 : 0;

        // when
        int handled = handler.run(loop);

        // then
        assertThat(handled).isEqualTo(7);
        assertThat(script.looks).isEqualTo(3);
        assertThat(script.sleeps).isZero();
    }

    @Test
    void shouldLookUntilThereIsATask() {
        expectWorkSoon();
        script.next = context -> {
            loop.hasTasks = script.looks == 3;
            return 0;
        };

        // when
        handler.run(loop);

        // then
        assertThat(script.looks).isEqualTo(3);
        assertThat(script.sleeps).isZero();
    }

    @Test
    void shouldSleepWhenItHasLookedLongEnough() {
        expectWorkSoon();
        script.next = context -> context.canBlock() ? 1 : 0;

        // when
        int handled = handler.run(loop);

        // then
        assertThat(handled).isOne();
        assertThat(script.looks).isEqualTo((int) (WINDOW_NS / LOOK_NS));
        assertThat(script.sleeps).isOne();
    }

    @Test
    void shouldNotSleepWhileThereAreTasks() {
        loop.hasTasks = true;
        handler.run(loop);
        assertThat(script.looks).isOne();
        assertThat(script.sleeps).isZero();
    }

    @Test
    void shouldNotTakeTheTimeForWhatCameForTimeWithoutWork() {
        script.next = context -> {
            nowNs += 3 * WINDOW_NS;
            context.reportActiveIoTime(3 * WINDOW_NS);
            return 1;
        };
        handler.run(loop);
        script.sleeps = 0;

        // when
        handler.run(loop);

        // then
        assertThat(script.sleeps).isZero();
    }

    /** A wait that was over at once. */
    private void expectWorkSoon() {
        handler.run(loop);
        script.looks = 0;
        script.sleeps = 0;
    }
}
