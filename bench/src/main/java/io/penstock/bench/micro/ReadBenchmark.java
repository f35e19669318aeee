package io.penstock.bench.micro;

import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The newest batch back out of the log as slices, without a copy: what a waiting fetch gets. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
        })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReadBenchmark {
    private static final int BATCHES = 100;
    private static final int MAX_BYTES = 1 << 20;

    @Param({"chronicle", "memory"})
    private String store = "";

    @Param({"100", "16000"})
    private int valueBytes;

    private LogUnderTest underTest;

    @Setup
    public void fill() throws IOException, InterruptedException {
        underTest = LogUnderTest.open(store);
        ByteBuffer batch = LogUnderTest.batch(valueBytes);
        for (int i = 0; i < BATCHES; i++) {
            underTest.log().append(batch, 0);
            underTest.drain();
        }
    }

    @TearDown
    public void close() throws IOException, InterruptedException {
        underTest.close();
    }

    @Benchmark
    public int readNewest() {
        PartitionLog log = underTest.log();
        LogSlices slices = log.readHot(log.endOffset() - 1, log.endOffset(), MAX_BYTES, true);
        if (slices == null) {
            throw new IllegalStateException("the newest batch is not hot");
        }
        int bytes = slices.sizeBytes();
        slices.release();
        return bytes;
    }
}
