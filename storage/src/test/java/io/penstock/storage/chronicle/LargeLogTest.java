package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogId;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sizes at which carelessness shows. */
@Tag("slow")
class LargeLogTest {
    private static final int BATCH_BYTES = 4000;
    private static final LogContext INLINE = new LogContext(Runnable::run, Runnable::run);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    /** Appends a GiB and then dies. */
    static final class GibibyteWriter {
        private GibibyteWriter() {}

        public static void main(String[] arguments) {
            ChronicleLogStore store = new ChronicleLogStore(Path.of(arguments[0]));
            PartitionLog log = store.open(OpenLog.ID, LogConfig.DEFAULT, INLINE)
                    .toCompletableFuture()
                    .join();
            ByteBuffer batch = RecordBatches.ofValueBytes(BATCH_BYTES, RecordBatches.TIMESTAMP_MS);
            while (log.sizeBytes() < 1L << 30) {
                log.append(batch, 0);
            }
            System.out.println(log.endOffset());
            Runtime.getRuntime().halt(9);
        }
    }

    @Test
    void shouldOpenAGibibyteWithinThreeSecondsOfAKill() throws Exception {
        // given
        long endOffset;
        try (ChildJvm writer = new ChildJvm(GibibyteWriter.class, directory.toString())) {
            endOffset = writer.readNumber();
        }
        ChronicleWarmUp.run();

        // when
        long startNs = System.nanoTime();
        try (OpenLog open = new OpenLog(directory, LogConfig.DEFAULT)) {
            long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;

            // then
            assertThat(open.log.endOffset()).isEqualTo(endOffset);
            assertThat(elapsedMs).isLessThan(3000);
        }
    }

    @Test
    void shouldHoldThousandsOfOpenLogsInLittleMemory() throws IOException {
        // given
        int logs = 2000;
        ByteBuffer batch = RecordBatches.of("value");
        try (ChronicleLogStore store = new ChronicleLogStore(directory)) {
            ChronicleWarmUp.run();
            long residentBefore = residentKiB();

            // when
            List<PartitionLog> open = new ArrayList<>();
            for (int i = 0; i < logs; i++) {
                PartitionLog log = store.open(LogId.of("topic", Integer.toString(i)), LogConfig.DEFAULT, INLINE)
                        .toCompletableFuture()
                        .join();
                log.append(batch, 0);
                open.add(log);
            }

            // then
            assertThat((residentKiB() - residentBefore) / logs)
                    .as("KiB for each")
                    .isLessThan(150);
            assertThat(mappings()).isLessThanOrEqualTo(2L * logs);
            open.forEach(log -> log.close().toCompletableFuture().join());
            assertThat(mappings()).isZero();
        }
    }

    private static long residentKiB() throws IOException {
        System.gc();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IllegalStateException("no VmRSS in /proc/self/status");
    }

    private long mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(directory.toString()))
                .count();
    }
}
