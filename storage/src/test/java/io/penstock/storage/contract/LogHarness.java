package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.LogSlices;
import io.penstock.storage.LogStore;
import io.penstock.storage.OffsetOutOfRangeException;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.ManualThreads;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One log under test, its threads and its store. The test is the log's owner. Owned by one test. */
public final class LogHarness {
    private static final LogId ID = LogId.of("topic", "0");
    /** Small segments and dense indexes, so that a few batches meet every boundary; nothing expires by itself. */
    public static final LogConfig CONFIG = new LogConfig(1 << 20, 1L << 40, 0, -1, -1, true, 0, 256, 1 << 20, 1L << 40);

    private final ManualThreads threads = new ManualThreads();
    private final UnaryOperator<LogStore> restart;
    private LogStore store;
    private LogConfig config = CONFIG;
    private @Nullable PartitionLog log;

    LogHarness(LogStore store, UnaryOperator<LogStore> restart) {
        this.store = store;
        this.restart = restart;
    }

    /** Segments of so many bytes. */
    static LogConfig segmentsOf(int segmentBytes) {
        return retaining(segmentBytes, -1, -1);
    }

    static LogConfig retaining(int segmentBytes, long retentionBytes, long retentionMs) {
        return new LogConfig(
                segmentBytes,
                CONFIG.segmentMs(),
                0,
                retentionBytes,
                retentionMs,
                true,
                0,
                CONFIG.indexIntervalBytes(),
                CONFIG.maxBatchBytes(),
                CONFIG.producerIdExpirationMs());
    }

    ManualThreads threads() {
        return threads;
    }

    LogStore store() {
        return store;
    }

    /** The log, opened with {@link #CONFIG} at first use. */
    PartitionLog log() {
        return log == null ? open(CONFIG) : log;
    }

    /** Opens the log, which must not be open. */
    PartitionLog open(LogConfig with) {
        config = with;
        PartitionLog opened = await(store.open(ID, with, threads.context()));
        log = opened;
        return opened;
    }

    /** Closes the log and opens it again from what the store kept. */
    PartitionLog reopen() {
        close();
        store = restart.apply(store);
        return open(config);
    }

    void close() {
        if (log != null) {
            await(log.close());
            threads.runAll();
            log = null;
        }
    }

    /** Deletes the log, which must be open. */
    void delete() {
        await(log().delete());
        threads.runAll();
        log = null;
    }

    void closeAll() {
        close();
        store.close();
    }

    <T extends @Nullable Object> T await(CompletionStage<T> stage) {
        return threads.await(stage);
    }

    /** Appends with leader epoch 0 and returns the base offset. */
    long append(ByteBuffer batch) {
        return log().append(batch, 0);
    }

    /** Appends {@code count} batches of one record each; returns the bytes of one. */
    int appendSingles(int count) {
        int bytes = 0;
        for (int i = 0; i < count; i++) {
            ByteBuffer batch = RecordBatches.of("v-" + log().endOffset() % 10);
            bytes = batch.remaining();
            append(batch);
        }
        return bytes;
    }

    /** Reads as a caller does: hot if possible, else cold. The caller releases. */
    LogSlices read(long offset, long endOffset, int maxBytes, boolean atLeastOne) {
        LogSlices hot = log().readHot(offset, endOffset, maxBytes, atLeastOne);
        return hot != null ? hot : await(log().readCold(offset, endOffset, maxBytes, atLeastOne));
    }

    /** Copies of all batches from the one that holds {@code offset} up to the bound, by as many reads as it takes. */
    List<ByteBuffer> readAll(long offset, long endOffset) {
        List<ByteBuffer> all = new ArrayList<>();
        for (long next = offset; next < endOffset; ) {
            LogSlices slices = read(next, endOffset, 1 << 20, true);
            RecordBatches.batches(slices).forEach(batch -> all.add(copy(batch)));
            assertThat(slices.sizeBytes())
                    .isEqualTo(slices.buffers().stream()
                            .mapToInt(ByteBuffer::remaining)
                            .sum());
            long after = slices.nextOffset();
            slices.release();
            if (after < 0) {
                return all;
            }
            assertThat(after).as("offset behind the read at %s", next).isGreaterThan(next);
            next = after;
        }
        return all;
    }

    /** Everything in the log. */
    List<ByteBuffer> readAll() {
        return readAll(log().startOffset(), log().endOffset());
    }

    /** Values of all records in the log. */
    List<String> values() {
        return RecordBatches.values(readAll());
    }

    static ByteBuffer copy(ByteBuffer buffer) {
        return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
    }

    /** The refusal may be thrown at once or come in the stage. */
    void assertOutOfRange(Supplier<CompletionStage<?>> call) {
        assertThatThrownBy(() -> await(call.get())).isInstanceOf(OffsetOutOfRangeException.class);
    }
}
