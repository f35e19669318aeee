package io.penstock.core.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WindowCopyTest {
    private static final DedupConfig CONFIG = new DedupConfig("id", 1_000, 100);
    private static final long WALL_MS = 1_700_000_000_000L;

    private final MessageIdWindow window = new MessageIdWindow(CONFIG);

    @Test
    void shouldLetTimeGoOnWhileNobodyRan() {
        // given an id of 200 ms
        window.replayAppended(Ids.of(1), null, 0, -1, 300);
        byte[] bytes = window.copy(500).toBytes(1, WALL_MS);

        // when, then: it is forgotten 800 ms later by the wall clock
        assertThat(restored(bytes, CONFIG, WALL_MS + 799).hasDuplicates()).isTrue();
        assertThat(restored(bytes, CONFIG, WALL_MS + 800).hasDuplicates()).isFalse();
    }

    @Test
    void shouldNotMakeIdsYoungerWhenTheWallClockWentBack() {
        window.replayAppended(Ids.of(1), null, 0, -1, 300);
        byte[] bytes = window.copy(500).toBytes(1, WALL_MS);

        assertThat(restored(bytes, CONFIG, WALL_MS - 1_000_000).hasDuplicates()).isTrue();
    }

    @Test
    void shouldLeaveOutWhatIsAtOrAboveTheEnd() {
        window.replayAppended(Ids.of(2, 1), null, 0, -1, 300);
        byte[] bytes = window.copy(500).toBytes(1, WALL_MS);

        assertThat(restored(bytes, CONFIG, WALL_MS).hasDuplicates()).isFalse();
    }

    @Test
    void shouldPassOverWhatALogDoesNotHaveAnyMore() {
        window.replayAppended(Ids.of(2, 1), null, 0, -1, 300);
        byte[] bytes = window.copy(500).toBytes(2, WALL_MS);
        MessageIdWindow shorter = new MessageIdWindow(CONFIG);

        long endOffset = WindowCopy.restore(bytes, shorter, 1, 10_000, WALL_MS);

        assertThat(endOffset).isEqualTo(1);
        assertThat(shorter.screen(Ids.of(1), -1, 10_000, 1).hasDuplicates()).isFalse();
        assertThat(shorter.screen(Ids.of(2), -1, 10_000, 1).hasDuplicates()).isTrue();
    }

    @Test
    void shouldPassOverIdsOfAnotherHeader() {
        window.replayAppended(Ids.of(1), null, 0, -1, 300);
        byte[] bytes = window.copy(500).toBytes(1, WALL_MS);

        assertThat(restored(bytes, new DedupConfig("other", 1_000, 100), WALL_MS)
                        .hasDuplicates())
                .isFalse();
    }

    @Test
    void shouldRefuseWhatItDidNotWrite() {
        window.replayAppended(Ids.of(1, 2), null, 0, -1, 300);
        byte[] bytes = window.copy(500).toBytes(2, WALL_MS);

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> restored(cut, CONFIG, WALL_MS)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static Screening restored(byte @Nullable [] bytes, DedupConfig config, long wallMs) {
        MessageIdWindow other = new MessageIdWindow(config);
        WindowCopy.restore(bytes, other, 100, 10_000, wallMs);
        return other.screen(Ids.of(1), -1, 10_000, 10);
    }
}
