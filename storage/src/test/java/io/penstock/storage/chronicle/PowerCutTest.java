package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Power cuts without a power switch: the image of a mounted file system is copied as it is, and the log opened on the copy. What was
 * synced is there; of the rest a clean prefix.
 */
class PowerCutTest {
    private static final int LARGE_BYTES = 1 << 20;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldKeepWhatWasSyncedAndACleanPrefixOfTheRest() throws IOException {
        cutPower(3, 1 << 20, 0);
    }

    @Test
    void shouldKeepWhatWasSyncedWhileSegmentsRollAllTheTime() throws IOException {
        cutPower(3, 20_000, 0);
    }

    @Test
    void shouldKeepWhatWasSyncedOfSmallAndStagedBatches() throws IOException {
        cutPower(3, 8 << 20, LARGE_BYTES);
    }

    @Test
    void shouldKeepWhatWasSyncedOfStagedBatchesWhileSegmentsRollAllTheTime() throws IOException {
        cutPower(3, 1 << 20, LARGE_BYTES);
    }

    @Test
    @Tag("slow")
    void shouldKeepWhatWasSyncedInManyCuts() throws IOException {
        cutPower(50, 100_000, 0);
    }

    @Test
    @Tag("slow")
    void shouldKeepWhatWasSyncedOfStagedBatchesInManyCuts() throws IOException {
        for (int i = 0; i < 8; i++) {
            cutPower(4, 2 << 20, LARGE_BYTES);
        }
    }

    @Test
    void shouldKeepWhatWasSyncedAfterAKill() throws IOException {
        Path image = directory.resolve("image");
        try (SmallDisk disk = SmallDisk.ext4(image, directory.resolve("mnt"), 96)) {
            // given a process that dies: it neither syncs nor closes, and its segments are only in the kernel's memory
            Path root = disk.path().resolve("logs");
            OpenLog dead = new OpenLog(root, OpenLog.segmentsOf(20_000));
            dead.appendUpTo(500);

            // when
            try (OpenLog open = new OpenLog(root, OpenLog.segmentsOf(20_000))) {
                long synced = open.threads.await(open.log.sync());

                // then
                assertThat(synced).isEqualTo(500);
                checkAfterCut(image, synced, 500, 20_000, 0, 0);
            }
        }
    }

    private void cutPower(int rounds, int segmentBytes, int largeBytes) throws IOException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        Path image = directory.resolve("image");
        try (SmallDisk disk = SmallDisk.ext4(image, directory.resolve("mnt"), largeBytes == 0 ? 96 : 256);
                OpenLog open = new OpenLog(disk.path().resolve("logs"), OpenLog.segmentsOf(segmentBytes))) {
            for (int round = 0; round < rounds; round++) {
                appendSome(open, random, largeBytes);
                long synced = open.threads.await(open.log.sync());
                appendSome(open, random, largeBytes);
                writeBackSomePages(disk.path(), random);
                checkAfterCut(image, synced, open.log.endOffset(), segmentBytes, largeBytes, seed);
            }
        }
    }

    /** Ends, now and then, while a batch is in its place that nothing was appended of. */
    private static void appendSome(OpenLog open, Random random, int largeBytes) {
        long endOffset = open.log.endOffset() + random.nextInt(largeBytes == 0 ? 300 : 40);
        while (open.log.endOffset() < endOffset) {
            ByteBuffer batch = RecordBatches.of(OpenLog.value(open.log.endOffset(), largeBytes));
            if (largeBytes > 0) {
                open.makeReady(batch);
                if (random.nextInt(20) == 0) {
                    open.log.unstage();
                }
            }
            open.log.append(batch, 0);
            if (random.nextInt(4) == 0) {
                open.threads.runOne();
            }
        }
        if (largeBytes > 0 && random.nextBoolean()) {
            open.makeReady(RecordBatches.of("z".repeat(largeBytes)));
        }
    }

    /** What the kernel does now and then: some pages, in any order. */
    private static void writeBackSomePages(Path root, Random random) throws IOException {
        try (var paths = Files.walk(root)) {
            for (Path file :
                    paths.filter(path -> path.toString().endsWith(".cq4")).toList()) {
                if (random.nextBoolean()) {
                    writeBack(file, random);
                }
            }
        }
    }

    private static void writeBack(Path file, Random random) throws IOException {
        int bytes = (int) Math.min(Files.size(file), 8 << 20);
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            MappedByteBuffer mapped = opened.getChannel().map(MapMode.READ_WRITE, 0, bytes);
            for (int i = 0; i < 3; i++) {
                int from = random.nextInt(bytes) & -4096;
                mapped.force(from, Math.min(bytes - from, 4096 * (1 + random.nextInt(8))));
            }
        }
    }

    private void checkAfterCut(Path image, long synced, long appended, int segmentBytes, int largeBytes, long seed)
            throws IOException {
        Path copy = directory.resolve("copy");
        Files.copy(image, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (SmallDisk disk = SmallDisk.mount(copy, directory.resolve("mnt-copy"));
                OpenLog open = new OpenLog(disk.path().resolve("logs"), OpenLog.segmentsOf(segmentBytes))) {
            assertThat(open.log.endOffset()).as("end, seed %s", seed).isBetween(synced, appended);
            assertThat(open.readAll())
                    .as("seed %s", seed)
                    .isEqualTo(OpenLog.valuesBelow(open.log.endOffset(), largeBytes));
            appendSome(open, new Random(seed), largeBytes);
            assertThat(open.readAll())
                    .as("gone on, seed %s", seed)
                    .isEqualTo(OpenLog.valuesBelow(open.log.endOffset(), largeBytes));
        }
    }
}
