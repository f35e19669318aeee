package io.penstock.bench.micro;

import io.penstock.storage.index.IndexMark;
import io.penstock.storage.index.SegmentIndex;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.index.SegmentLookup;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Where in a segment an offset or a timestamp is, from the index in memory; offsets come in random order. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexBenchmark {
    private static final int BATCH_BYTES = 4_097;
    private static final int INTERVAL_BYTES = 4_096;
    private static final int LOOK_UPS = 4_096;
    private static final long FIRST_TIMESTAMP_MS = 1_700_000_000_000L;
    private static final long SEED = 42;

    /** Batches of one record, each with an entry: the most that an index holds, and few. */
    @Param({"100", "8000"})
    private int batches;

    private SegmentIndexBuilder growing;
    private SegmentIndex sealed;
    private long[] offsets;
    private int next;

    @Setup
    public void fill() {
        growing = new SegmentIndexBuilder(INTERVAL_BYTES);
        for (int i = 0; i < batches; i++) {
            growing.onBatch(i, i, FIRST_TIMESTAMP_MS + i, i, BATCH_BYTES, (long) i * BATCH_BYTES);
        }
        sealed = growing.seal();
        offsets = new Random(SEED).longs(LOOK_UPS, 0, batches).toArray();
    }

    @Benchmark
    public long positionInSealed() {
        return position(sealed);
    }

    @Benchmark
    public long positionInGrowing() {
        return position(growing);
    }

    @Benchmark
    public IndexMark startForTimestamp() {
        return sealed.startForTimestamp(FIRST_TIMESTAMP_MS + nextOffset());
    }

    private long position(SegmentLookup index) {
        return index.positionFor(nextOffset());
    }

    private long nextOffset() {
        next = (next + 1) % LOOK_UPS;
        return offsets[next];
    }
}
