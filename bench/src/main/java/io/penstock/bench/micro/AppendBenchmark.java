package io.penstock.bench.micro;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One batch from direct memory into the log: the one copy of the produce path. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
        })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class AppendBenchmark {
    @Param({"chronicle", "memory"})
    private String store = "";

    @Param({"100", "1000", "16000", "160000"})
    private int valueBytes;

    private LogUnderTest underTest;
    private ByteBuffer batch;

    /** A fresh log for each iteration, so that the disk does not fill. */
    @Setup(Level.Iteration)
    public void open() throws IOException, InterruptedException {
        underTest = LogUnderTest.open(store);
        batch = LogUnderTest.batch(valueBytes);
    }

    /** As the broker does before each append; what it waits for is not the append's time. */
    @Setup(Level.Invocation)
    public void awaitRoom() {
        underTest.awaitRoom(batch.remaining());
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException, InterruptedException {
        underTest.close();
    }

    @Benchmark
    public long append() {
        long offset = underTest.log().append(batch, 0);
        underTest.drain();
        return offset;
    }
}
