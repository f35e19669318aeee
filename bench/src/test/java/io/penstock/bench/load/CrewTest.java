package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class CrewTest {
    private final Crew crew = new Crew();
    private final CountDownLatch never = new CountDownLatch(1);

    @AfterEach
    void shouldLeaveNoInterruptionBehind() {
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void shouldWaitForAll() throws Exception {
        // given
        AtomicInteger done = new AtomicInteger();
        CountDownLatch ownIsDone = new CountDownLatch(1);
        for (int i = 0; i < 3; i++) {
            crew.start("other", () -> {
                ownIsDone.await();
                done.incrementAndGet();
            });
        }

        // when
        crew.finish(ownIsDone::countDown);

        // then
        assertThat(done).hasValue(3);
    }

    @Test
    void shouldEndTheMakersOwnTaskWhenAnotherFails() {
        crew.start("failing", () -> {
            throw new IllegalStateException("refused");
        });

        assertThatThrownBy(() -> crew.finish(never::await)).hasMessage("refused");
    }

    @Test
    void shouldEndTheOthersWhenOneFails() {
        // given
        AtomicBoolean ended = new AtomicBoolean();
        crew.start("waiting", () -> {
            try {
                never.await();
            } finally {
                ended.set(true);
            }
        });
        crew.start("failing", () -> {
            throw new EOFException("gone");
        });

        // then
        assertThatThrownBy(() -> crew.finish(() -> {})).isInstanceOf(EOFException.class);
        assertThat(ended).isTrue();
    }

    @Test
    void shouldEndTheOthersWhenItsMakerFails() {
        // given
        AtomicBoolean ended = new AtomicBoolean();
        crew.start("waiting", () -> {
            try {
                never.await();
            } finally {
                ended.set(true);
            }
        });

        // then
        assertThatThrownBy(() -> crew.finish(() -> {
                    throw new EOFException("gone");
                }))
                .hasMessage("gone");
        assertThat(ended).isTrue();
    }

    @Test
    void shouldTellOfAnErrorToo() {
        crew.start("failing", () -> {
            throw new AssertionError("broken");
        });

        assertThatThrownBy(() -> crew.finish(never::await)).isInstanceOf(AssertionError.class);
    }

    @Test
    void shouldTellOfAFailureThatCameLast() {
        // given
        CountDownLatch ownIsDone = new CountDownLatch(1);
        crew.start("failing", () -> {
            ownIsDone.await();
            throw new IllegalStateException("refused");
        });

        // then
        assertThatThrownBy(() -> crew.finish(ownIsDone::countDown)).hasMessage("refused");
    }
}
