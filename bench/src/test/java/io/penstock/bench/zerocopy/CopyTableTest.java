package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.zerocopy.CopyFigure.Subject;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyTableTest {
    private static final Subject SENDFILE = new Subject("fetch", "sendfile", Touch.AGAIN, 16_000, 0, "");
    private static final Subject MAPPED =
            new Subject("append", "to mapping", Touch.FIRST, 1_000, 1, "direct buffer to mapped page");

    /** 10 MB in 5 ms, 2 ms of a processor, 50 page faults. */
    private static CopyFigure figure(Subject subject, long receiverCpuNs) {
        return new CopyFigure(subject, 10_000_000, new ThreadUse(5_000_000, 2_000_000, 50), receiverCpuNs);
    }

    @Test
    void shouldHaveARowForEachFigureAndALineForEachPath() {
        assertThat(CopyTable.of(List.of(figure(SENDFILE, 4_000_000), figure(MAPPED, 0), figure(MAPPED, 0)))
                        .lines())
                .containsExactly(
                        "| | batch B | path | pages | copies per byte | MB/s | CPU ns/KB | receiver's CPU ns/KB |"
                                + " faults/MB |",
                        "| --- | ---: | --- | --- | ---: | ---: | ---: | ---: | ---: |",
                        "| fetch | 16,000 | sendfile | again | 0 | 2000 | 200 | 400 | 5.0 |",
                        "| append | 1,000 | to mapping | first touch | 1 | 2000 | 200 |  | 5.0 |",
                        "| append | 1,000 | to mapping | first touch | 1 | 2000 | 200 |  | 5.0 |",
                        "",
                        "Copies, by path:",
                        "",
                        "* fetch, sendfile: none before the receiver's",
                        "* append, to mapping: direct buffer to mapped page");
    }

    @Test
    void shouldSayWhatIsMeasured() {
        assertThat(MAPPED).hasToString("append, to mapping, first touch, 1000 B");
    }
}
