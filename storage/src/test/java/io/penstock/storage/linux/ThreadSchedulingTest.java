package io.penstock.storage.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a thread asks for is its own: another one stays as it is. */
@EnabledOnOs(OS.LINUX)
class ThreadSchedulingTest {
    /** Kernels before 6.12 tell 0, and take no notice of what is asked for. */
    private final long usualSliceNs = ThreadScheduling.sliceNs();

    private final int usualNice = ThreadScheduling.nice();

    @Test
    void shouldGiveAThreadAShortSlice() throws Exception {
        long sliceNs = inItsOwnThread(() -> {
            assertThat(ThreadScheduling.runSoonWhenWoken()).isTrue();
            return ThreadScheduling.sliceNs();
        });
        assertThat(sliceNs).isEqualTo(usualSliceNs == 0 ? 0 : 100_000);
        assertThat(ThreadScheduling.sliceNs()).isEqualTo(usualSliceNs);
    }

    @Test
    void shouldLetAThreadStandBackButNoOther() throws Exception {
        int nice = inItsOwnThread(() -> {
            assertThat(ThreadScheduling.standBack()).isTrue();
            return ThreadScheduling.nice();
        });
        assertThat(nice).isEqualTo(Math.max(5, usualNice));
        assertThat(ThreadScheduling.nice()).isEqualTo(usualNice);
    }

    @Test
    void shouldKeepWhatAThreadHasAskedForBefore() throws Exception {
        int nice = inItsOwnThread(() -> {
            assertThat(ThreadScheduling.standBack()).isTrue();
            assertThat(ThreadScheduling.runSoonWhenWoken()).isTrue();
            return ThreadScheduling.nice();
        });
        assertThat(nice).isEqualTo(Math.max(5, usualNice));
    }

    private static <T> T inItsOwnThread(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task);
        thread.start();
        thread.join();
        return task.get();
    }
}
