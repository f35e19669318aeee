package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The segments are Chronicle queues that anybody's Chronicle can read, and Chronicle leaves nothing behind elsewhere. */
class ChronicleFormatTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldBeReadableByAStockTailer() throws IOException {
        // given
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(5000))) {
            open.appendUpTo(100);
        }

        // when
        List<String> values = new ArrayList<>();
        LogFiles files = new LogFiles(OpenLog.directory(directory));
        for (int number : files.segmentNumbers()) {
            values.addAll(RecordBatches.values(tail(files.segment(number))));
        }

        // then
        assertThat(values).isEqualTo(OpenLog.valuesBelow(100));
    }

    private static List<ByteBuffer> tail(Path segment) {
        List<ByteBuffer> batches = new ArrayList<>();
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(segment)
                        .rollCycle(SegmentRollCycle.INSTANCE)
                        .build();
                ExcerptTailer tailer = queue.createTailer()) {
            while (true) {
                try (DocumentContext excerpt = tailer.readingDocument()) {
                    if (!excerpt.isPresent()) {
                        return batches;
                    }
                    Bytes<?> bytes = excerpt.wire().bytes();
                    byte[] batch = new byte[(int) bytes.readRemaining()];
                    bytes.read(batch);
                    batches.add(ByteBuffer.wrap(batch));
                }
            }
        }
    }

    @Test
    void shouldLeaveNothingInTheUsersHome() throws IOException {
        // given
        Path home = Path.of(System.getProperty("user.home"));
        List<Path> before = filesOf(home);

        // when
        try (OpenLog open = new OpenLog(directory, OpenLog.segmentsOf(5000))) {
            open.appendUpTo(100);
        }

        // then
        assertThat(filesOf(home)).isEqualTo(before);
        assertThat(before).noneMatch(path -> path.getFileName().toString().contains("chronicle"));
    }

    private static List<Path> filesOf(Path home) throws IOException {
        try (Stream<Path> files = Files.list(home)) {
            return files.sorted().toList();
        }
    }

    @Test
    void shouldFindTheJvmFlagsThatTheBuildGives() {
        // when, then
        assertThat(ChronicleRequirements.missingFlags()).isEmpty();
        ChronicleRequirements.check();
    }
}
