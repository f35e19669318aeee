package io.penstock.storage.chronicle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.ManualThreads;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files are damaged in seeded places, one at a time, of a log that was closed in order and of one that was not. Whatever is read
 * afterwards is what was written: the end may be cut, the log may be offline, but no wrong byte comes out.
 */
class DamageTest {
    private static final int END_OFFSET = 150;
    private static final int TAIL_BYTES = 4096;
    private static final int TAIL_STEP = 101;
    private static final LogConfig CONFIG = OpenLog.segmentsOf(12_000);

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private interface Harm {
        String doTo(Path file, Random random) throws IOException;
    }

    @Test
    void shouldNeverReadAWrongByteAfterABitFlipInAClosedLog() throws Exception {
        damage(closedLog(), 30, DamageTest::flipBit);
    }

    @Test
    void shouldNeverReadAWrongByteAfterABitFlipInACrashedLog() throws Exception {
        damage(crashedLog(), 30, DamageTest::flipBit);
    }

    @Test
    void shouldNeverReadAWrongByteAfterACutInAClosedLog() throws Exception {
        damage(closedLog(), 20, DamageTest::cut);
    }

    @Test
    void shouldNeverReadAWrongByteAfterACutInACrashedLog() throws Exception {
        damage(crashedLog(), 20, DamageTest::cut);
    }

    @Test
    void shouldNeverReadAWrongByteWhereAPageWasOverwritten() throws Exception {
        damage(crashedLog(), 20, DamageTest::overwritePage);
    }

    @Test
    void shouldNeverReadAWrongByteWhenAFileIsMissing() throws Exception {
        damage(crashedLog(), 15, DamageTest::delete);
    }

    /** The bytes that no checksum covers: the framing, the base offset, the length; and all others of a header. */
    @ParameterizedTest
    @ValueSource(ints = {0, 7, 149})
    void shouldNeverReadAWrongByteAfterAnyByteOfABatchHeaderChanged(int offset) throws Exception {
        Path log = closedLog();
        Path copy = directory.resolve("damaged");
        for (int at = -Excerpts.HEADER_BYTES; at < BatchHeader.HEADER_BYTES; at++) {
            int bit = (at + offset & 3) * 2;
            copyTree(log, copy);
            flipInBatch(copy, offset, at, bit);
            check(copy, "offset " + offset + ": bit " + bit + " of byte " + at + " of the header flipped");
            FileTrees.delete(copy);
        }
    }

    /** A power cut leaves such tails. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldNeverReadAWrongByteAfterACutInTheTail(boolean zerosBehind) throws Exception {
        int first = new Random(System.nanoTime()).nextInt(TAIL_STEP);
        cutTail(crashedLog(), first, TAIL_STEP, zerosBehind);
    }

    @Test
    @Tag("slow")
    void shouldNeverReadAWrongByteAfterACutAtAnyByteOfTheTail() throws Exception {
        cutTail(crashedLog(), 0, 1, true);
    }

    @Test
    @Tag("slow")
    void shouldNeverReadAWrongByteInManyDamages() throws Exception {
        damage(closedLog(), 1000, DamageTest::flipBit);
        damage(crashedLog(), 1000, DamageTest::flipBit);
        damage(closedLog(), 500, DamageTest::cut);
        damage(crashedLog(), 500, DamageTest::overwritePage);
    }

    private Path closedLog() {
        Path root = directory.resolve("closed");
        try (OpenLog open = new OpenLog(root, CONFIG)) {
            open.appendUpTo(END_OFFSET);
            open.threads.runAll();
        }
        return root;
    }

    /** A copy of the files of a log that is open. */
    private Path crashedLog() throws IOException {
        Path root = directory.resolve("open");
        Path copy = directory.resolve("crashed");
        try (OpenLog open = new OpenLog(root, CONFIG)) {
            open.appendUpTo(END_OFFSET / 2);
            open.threads.runAll();
            open.appendUpTo(END_OFFSET);
            copyTree(root, copy);
        }
        return copy;
    }

    /** Cuts the file that was written last at every {@code step}th byte of its last 4 KiB, if there are so many. */
    private void cutTail(Path log, int first, int step, boolean zerosBehind) throws Exception {
        Path copy = directory.resolve("damaged");
        Path written = filesOf(log).stream()
                .filter(path -> path.toString().endsWith(".cq4"))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        long end = dataBytes(written);
        long length = Files.size(written);
        for (int back = first; back < Math.min(TAIL_BYTES, end); back += step) {
            copyTree(log, copy);
            Path file = copy.resolve(log.relativize(written));
            long at = end - back;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(at);
                if (zerosBehind) {
                    channel.write(ByteBuffer.allocate(1), length - 1);
                }
            }
            check(copy, copy.relativize(file) + " cut at byte " + at + ", " + back + " before its end");
            FileTrees.delete(copy);
        }
    }

    private void damage(Path log, int rounds, Harm harm) throws Exception {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        Path copy = directory.resolve("damaged");
        for (int round = 0; round < rounds; round++) {
            copyTree(log, copy);
            List<Path> files = filesOf(copy);
            Path file = files.get(random.nextInt(files.size()));
            String what = harm.doTo(file, random);
            check(copy, "round " + round + " of seed " + seed + ": " + copy.relativize(file) + " " + what);
            FileTrees.delete(copy);
        }
    }

    private static void check(Path root, String what) {
        ManualThreads threads = new ManualThreads();
        ChronicleLogStore store = new ChronicleLogStore(root);
        try {
            var log = threads.await(store.open(OpenLog.ID, CONFIG, threads.context()));
            assertThat(log.endOffset()).as(what).isBetween(log.startOffset(), (long) END_OFFSET);
            List<String> found = new ArrayList<>();
            long start = log.startOffset();
            try {
                for (long next = start; next < log.endOffset(); ) {
                    LogSlices slices = threads.await(log.readCold(next, log.endOffset(), 5000, true));
                    expectOffsets(slices, next, what);
                    found.addAll(valuesOf(slices));
                    next = slices.nextOffset();
                    slices.release();
                }
                log.append(RecordBatches.of("next"), 0);
                threads.await(log.sync());
            } catch (LogOfflineException refused) {
                // Damage in the middle of what was synced: better nothing than something wrong.
                assertTrue(found.size() < END_OFFSET, what);
            }
            assertThat(found)
                    .as(what)
                    .isEqualTo(OpenLog.valuesBelow(END_OFFSET).subList((int) start, (int) start + found.size()));
            threads.await(log.close());
            threads.runAll();
        } catch (LogOfflineException refused) {
            // Refused to open.
        }
        store.close();
    }

    /** Records are one to a batch here, so each read goes on where the one before ended, without a gap. */
    private static void expectOffsets(LogSlices slices, long from, String what) {
        long expected = from;
        for (ByteBuffer batch : RecordBatches.batches(slices)) {
            assertThat(BatchHeader.baseOffset(batch, 0)).as(what).isEqualTo(expected);
            expected++;
        }
        assertThat(slices.nextOffset()).as(what).isEqualTo(expected).isGreaterThan(from);
    }

    private static List<String> valuesOf(LogSlices slices) {
        List<ByteBuffer> batches = new ArrayList<>();
        for (ByteBuffer batch : RecordBatches.batches(slices)) {
            batches.add(ByteBuffer.wrap(RecordBatches.bytes(batch)));
        }
        return RecordBatches.values(batches);
    }

    private static String flipBit(Path file, Random random) throws IOException {
        long bytes = dataBytes(file);
        if (bytes == 0) {
            return "is empty";
        }
        long at = (long) (random.nextDouble() * bytes);
        int bit = random.nextInt(8);
        flip(file, at, bit);
        return "bit " + bit + " of byte " + at + " flipped";
    }

    private static void flip(Path file, long at, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << bit)).flip();
            channel.write(one, at);
        }
    }

    /** @param at counted from the batch's first byte; its excerpt begins at a negative one */
    private static void flipInBatch(Path root, int offset, int at, int bit) throws IOException {
        for (Path file : filesOf(root)) {
            if (file.toString().endsWith(".cq4")) {
                SegmentMapping mapping = SegmentMapping.readOnly(file, Runnable::run);
                try {
                    BatchCursor cursor = new BatchCursor(mapping, 0, mapping.lengthBytes());
                    while (cursor.advance()) {
                        if (cursor.baseOffset() == offset) {
                            flip(file, cursor.position() + Excerpts.HEADER_BYTES + at, bit);
                            return;
                        }
                    }
                } finally {
                    mapping.release();
                }
            }
        }
        throw new AssertionError("no batch at offset " + offset);
    }

    private static String cut(Path file, Random random) throws IOException {
        long length = (long) (random.nextDouble() * dataBytes(file));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
        return "cut to " + length + " bytes";
    }

    private static String overwritePage(Path file, Random random) throws IOException {
        long at = (long) (random.nextDouble() * dataBytes(file)) & -512L;
        byte[] rubbish = new byte[512];
        if (random.nextBoolean()) {
            random.nextBytes(rubbish);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(rubbish), at);
        }
        return "512 bytes from " + at + " overwritten";
    }

    private static String delete(Path file, Random random) throws IOException {
        Files.delete(file);
        return "deleted";
    }

    /** Where a file's content ends: Chronicle's are longer than that. */
    private static long dataBytes(Path file) throws IOException {
        return FileTraces.bytesBehind(file, 0);
    }

    private static List<Path> filesOf(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        FileTrees.delete(to);
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    copySparse(path, target);
                }
            }
        }
    }

    /** Only as much as there is, and then as long as it was. */
    private static void copySparse(Path from, Path to) throws IOException {
        long length = Files.size(from);
        long bytes = FileTraces.bytesBehind(from, 0);
        Files.deleteIfExists(to);
        try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            in.transferTo(0, bytes, out);
            if (length > bytes) {
                out.write(ByteBuffer.allocate(1), length - 1);
            }
        }
    }
}
