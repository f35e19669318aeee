package io.penstock.bench.micro;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchValidator;
import io.penstock.core.partition.BatchVerdict;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.batch.BatchHeader;
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
    /** Records in the batch and bytes in each one's value. */
    @Param({"1x100", "1x16000", "1x160000", "1000x150"})
    private String records;

    private final BatchValidator validator = new BatchValidator();
    private ByteBuffer batch;
    private long nowMs;

    @Setup
    public void make() {
        String[] shape = records.split("x", -1);
        batch = LogUnderTest.batch(Integer.parseInt(shape[0]), Integer.parseInt(shape[1]));
        nowMs = System.currentTimeMillis();
    }

    @Benchmark
    public BatchVerdict validate() {
        return validator.validate(batch, Origin.CLIENT, PartitionConfig.DEFAULT, nowMs, BatchValidator.UNLIMITED_WORK);
    }

    /** The part of it that is the checksum. */
    @Benchmark
    public boolean checksum() {
        return BatchHeader.crcMatches(batch, 0);
    }
}
