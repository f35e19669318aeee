package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
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
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @Test
    void shouldKeepWhatWasSyncedAndACleanPrefixOfTheRest() throws IOException {
        cutPower(3, 1 << 20);
    }

    @Test
    void shouldKeepWhatWasSyncedWhileSegmentsRollAllTheTime() throws IOException {
        cutPower(3, 20_000);
    }

    @Test
    @Tag("slow")
    void shouldKeepWhatWasSyncedInManyCuts() throws IOException {
        cutPower(50, 100_000);
    }

    private void cutPower(int rounds, int segmentBytes) throws IOException {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        Path image = directory.resolve("image");
        try (SmallDisk disk = SmallDisk.ext4(image, directory.resolve("mnt"), 96);
                OpenLog open = new OpenLog(disk.path().resolve("logs"), OpenLog.segmentsOf(segmentBytes))) {
            for (int round = 0; round < rounds; round++) {
                appendSome(open, random);
                long synced = open.threads.await(open.log.sync());
                appendSome(open, random);
                writeBackSomePages(disk.path(), random);
                checkAfterCut(image, synced, open.log.endOffset(), segmentBytes, seed);
            }
        }
    }

    private static void appendSome(OpenLog open, Random random) {
        long endOffset = open.log.endOffset() + random.nextInt(300);
        while (open.log.endOffset() < endOffset) {
            open.appendUpTo(open.log.endOffset() + 1);
            if (random.nextInt(4) == 0) {
                open.threads.runOne();
            }
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
        int bytes = (int) Math.min(Files.size(file), 1 << 20);
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            MappedByteBuffer mapped = opened.getChannel().map(MapMode.READ_WRITE, 0, bytes);
            for (int i = 0; i < 3; i++) {
                int from = random.nextInt(bytes) & -4096;
                mapped.force(from, Math.min(bytes - from, 4096 * (1 + random.nextInt(8))));
            }
        }
    }

    private void checkAfterCut(Path image, long synced, long appended, int segmentBytes, long seed) throws IOException {
        Path copy = directory.resolve("copy");
        Files.copy(image, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        try (SmallDisk disk = SmallDisk.mount(copy, directory.resolve("mnt-copy"));
                OpenLog open = new OpenLog(disk.path().resolve("logs"), OpenLog.segmentsOf(segmentBytes))) {
            assertThat(open.log.endOffset()).as("end, seed %s", seed).isBetween(synced, appended);
            assertThat(open.readAll()).as("seed %s", seed).isEqualTo(OpenLog.valuesBelow(open.log.endOffset()));
        }
    }
}
