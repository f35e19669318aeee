package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.ManualThreads;
import io.penstock.storage.fixture.RecordBatches;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A log on Chronicle with its threads, opened for one test. Closing it closes the log in order. */
final class OpenLog implements AutoCloseable {
    static final LogId ID = LogId.of("topic", "0");

    final ManualThreads threads = new ManualThreads();
    final ChronicleLogStore store;
    final PartitionLog log;

    OpenLog(Path root, LogConfig config) {
        this(root, config, ID);
    }

    OpenLog(Path root, LogConfig config, LogId id) {
        store = new ChronicleLogStore(root);
        log = threads.await(store.open(id, config, threads.context()));
    }

    /** Where the log's files are. */
    static Path directory(Path root) {
        return root.resolve("topic").resolve("0@");
    }

    /** Kafka's defaults with segments of so many bytes. */
    static LogConfig segmentsOf(int segmentBytes) {
        LogConfig c = LogConfig.DEFAULT;
        return new LogConfig(segmentBytes, c.segmentMs(), 0, -1, -1, true, 0, 256, 1 << 20, c.producerIdExpirationMs());
    }

    /** The record with this offset, in these tests: its size varies with the offset. */
    static String value(long offset) {
        return "record-" + offset + "-" + "x".repeat((int) (offset * 31 % 700));
    }

    /** As {@link #value(long)}, but every fourth is staged and has up to {@code largeBytes} bytes, if that is not 0. */
    static String value(long offset, int largeBytes) {
        String value = value(offset);
        if (largeBytes == 0 || offset % 4 != 3) {
            return value;
        }
        int more = Staging.MIN_BATCH_BYTES + (int) (offset * 7919 % (largeBytes - Staging.MIN_BATCH_BYTES));
        return value + "x".repeat(more - value.length());
    }

    /** Has everything ready for an append, as the owner of a partition does: asks for room, stages if that is wanted, and asks again. */
    void makeReady(ByteBuffer batch) {
        while (true) {
            if (!log.hasRoomFor(batch.remaining())) {
                threads.await(log.whenRoomFor(batch.remaining()));
            } else if (log.wantsStaging(batch)) {
                threads.await(log.stage(batch));
            } else {
                return;
            }
        }
    }

    /** Appends batches of one record until the log ends at {@code endOffset}. */
    OpenLog appendUpTo(long endOffset) {
        while (log.endOffset() < endOffset) {
            log.append(RecordBatches.of(value(log.endOffset())), 0);
        }
        return this;
    }

    /** As {@link #appendUpTo(long)} with values of {@link #value(long, int)}, each when everything is ready. */
    OpenLog appendUpTo(long endOffset, int largeBytes) {
        while (log.endOffset() < endOffset) {
            ByteBuffer batch = RecordBatches.of(value(log.endOffset(), largeBytes));
            makeReady(batch);
            log.append(batch, 0);
        }
        return this;
    }

    /** Values of all records, read cold. */
    List<String> readAll() {
        List<ByteBuffer> batches = new ArrayList<>();
        for (long next = log.startOffset(); next < log.endOffset(); ) {
            LogSlices slices = threads.await(log.readCold(next, log.endOffset(), 1 << 20, true));
            for (ByteBuffer batch : RecordBatches.batches(slices)) {
                batches.add(ByteBuffer.wrap(RecordBatches.bytes(batch)));
            }
            next = slices.nextOffset();
            slices.release();
        }
        return RecordBatches.values(batches);
    }

    /** What {@link #readAll} must give for a log of these tests. */
    static List<String> valuesBelow(long endOffset) {
        return valuesBelow(endOffset, 0);
    }

    /** As {@link #valuesBelow(long)}, with some of {@code largeBytes} bytes. */
    static List<String> valuesBelow(long endOffset, int largeBytes) {
        List<String> values = new ArrayList<>();
        for (long offset = 0; offset < endOffset; offset++) {
            values.add(value(offset, largeBytes));
        }
        return values;
    }

    /** Copies what a process that dies now leaves: all that it wrote, through the mapping or not. */
    static void copyFiles(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Override
    public void close() {
        threads.await(log.close());
        threads.runAll();
        store.close();
    }
}
