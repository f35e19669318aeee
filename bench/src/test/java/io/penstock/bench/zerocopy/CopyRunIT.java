package io.penstock.bench.zerocopy;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.bench.zerocopy.CopyFigure.Subject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CopyRunIT {
    private static final int SEGMENT_BYTES = 1 << 20;
    private static final List<Integer> SIZES = List.of(1_000, 16_000, 160_000);

    private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

    @TempDir
    private Path directory;

    private List<CopyFigure> run() throws Exception {
        CopyPlan plan = new CopyPlan(directory, SEGMENT_BYTES, SIZES, Duration.ofNanos(1));
        return new CopyRun(plan, new PrintStream(progress, true, StandardCharsets.UTF_8)).run();
    }

    private static Stream<String> expected(int batchBytes, String direction) {
        return direction.equals("fetch")
                ? Stream.of(FetchPath.values())
                        .flatMap(path ->
                                touches(path.isMapped()).map(touch -> text(direction, path.label(), touch, batchBytes)))
                : Stream.of(StorePath.values())
                        .flatMap(path -> touches(true).map(touch -> text(direction, path.label(), touch, batchBytes)));
    }

    private static Stream<Touch> touches(boolean both) {
        return both ? Stream.of(Touch.values()) : Stream.of(Touch.AGAIN);
    }

    private static String text(String direction, String path, Touch touch, int batchBytes) {
        return direction + ", " + path + ", " + touch.label() + ", " + batchBytes + " B";
    }

    @Test
    void shouldMeasureEveryPathOfEverySizeFetchesFirst() throws Exception {
        // when
        List<CopyFigure> figures = run();

        // then
        List<String> all = Stream.concat(
                        SIZES.stream().flatMap(bytes -> expected(bytes, "fetch")),
                        SIZES.stream().flatMap(bytes -> expected(bytes, "append")))
                .toList();
        assertThat(figures).extracting(figure -> figure.subject().toString()).containsExactlyElementsOf(all);
        assertThat(progress.toString(StandardCharsets.UTF_8).lines()).containsExactlyElementsOf(all);
        assertThat(CopyTable.of(figures).lines()).hasSizeGreaterThan(all.size());
    }

    @Test
    void shouldMoveWholeSegmentsOnEveryPath() throws Exception {
        assertThat(run()).allSatisfy(figure -> {
            Subject subject = figure.subject();
            long segmentPayload =
                    SegmentLayout.filling(SEGMENT_BYTES, subject.batchBytes()).payloadBytes();
            assertThat(figure.payloadBytes()).isPositive().isEqualTo(segmentPayload);
            assertThat(figure.sender().elapsedNs()).isPositive();
            assertThat(figure.sender().cpuNs()).isPositive();
        });
    }

    /** Whose processor time it is that over loopback a receiver needs: a fetch has one, an append has none. */
    @Test
    void shouldHaveAReceiverOfFetchesOnly() throws Exception {
        assertThat(run()).allSatisfy(figure -> {
            if (figure.subject().direction().equals("append")) {
                assertThat(figure.receiverCpuNs()).isZero();
            } else {
                assertThat(figure.receiverCpuNs()).isPositive();
            }
        });
    }

    @Test
    void shouldFaultInThePagesOfANewMappingOrFile() throws Exception {
        assertThat(run())
                .filteredOn(figure -> figure.subject().touch() == Touch.FIRST)
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(figure.sender().minorFaults()).isPositive());
    }

    @Test
    void shouldLeaveNoSegmentBehind() throws Exception {
        run();

        assertThat(directory).isEmptyDirectory();
    }
}
