package io.penstock.bench.micro;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchValidator;
import io.penstock.core.partition.BatchVerdict;
import io.penstock.core.partition.PartitionConfig;
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
import org.openjdk.jmh.annotations.Warmup;

/** Everything that is checked in a batch before it is appended, checksum included. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ValidationBenchmark {
    @Param({"100", "16000", "160000"})
    private int valueBytes;

    private final BatchValidator validator = new BatchValidator();
    private ByteBuffer batch;
    private long nowMs;

    @Setup
    public void make() {
        batch = LogUnderTest.batch(valueBytes);
        nowMs = System.currentTimeMillis();
    }

    @Benchmark
    public BatchVerdict validate() {
        return validator.validate(batch, Origin.CLIENT, PartitionConfig.DEFAULT, nowMs, BatchValidator.UNLIMITED_WORK);
    }
}
