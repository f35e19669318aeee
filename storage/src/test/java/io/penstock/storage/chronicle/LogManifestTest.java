package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.fixture.Damage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The manifest comes back as it was written, or not at all. */
class LogManifestTest {
    private static final LogManifest CLOSED = new LogManifest(
            5,
            12,
            List.of(facts(3, 0, 10), facts(7, 10, 25)),
            9,
            25,
            new byte[] {1, 2, 3},
            new LogManifest.ClosedLog(8192, 5000, new byte[] {4}, new byte[] {5, 6}));

    @Test
    void shouldComeBackAsItWas() throws IOException {
        // when
        LogManifest read = LogManifest.fromBytes(CLOSED.toBytes(), "manifest");

        // then
        assertThat(read).usingRecursiveComparison().isEqualTo(CLOSED);
    }

    @Test
    void shouldComeBackOpen() throws IOException {
        // given
        LogManifest open = new LogManifest(0, 0, List.of(), 1, 0, new byte[0], null);

        // when, then
        assertThat(LogManifest.fromBytes(open.toBytes(), "manifest"))
                .usingRecursiveComparison()
                .isEqualTo(open);
    }

    @Test
    void shouldNoticeEveryDamage() throws Exception {
        Damage.Check isNoticed = (damaged, what) -> assertThatThrownBy(() -> LogManifest.fromBytes(damaged, "manifest"))
                .as(what)
                .isInstanceOf(CorruptFileException.class);
        Damage.flipEveryBit(CLOSED.toBytes(), isNoticed);
        Damage.cutEverywhere(CLOSED.toBytes(), isNoticed);
    }

    @Test
    void shouldRefuseSegmentsWithAGap() {
        // given
        LogManifest gap = new LogManifest(0, 0, List.of(facts(1, 0, 10), facts(2, 11, 20)), 3, 20, new byte[0], null);

        // when, then
        assertThatThrownBy(() -> LogManifest.fromBytes(gap.toBytes(), "manifest"))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("without gaps");
    }

    private static SegmentFacts facts(int number, long baseOffset, long endOffset) {
        return new SegmentFacts(number, baseOffset, endOffset, 4000, 3000, 17, 18, 19, 2, false, true);
    }
}
