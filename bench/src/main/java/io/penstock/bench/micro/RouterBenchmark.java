package io.penstock.bench.micro;

import io.penstock.core.PartitionRouter;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.vertx.core.Context;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.protocol.Errors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A command to a partition's verticle and its answer, through the router that the network edge uses: a question that needs no work, and an
 * append in memory. The caller is on the event loop of the partition, or on the other one. One operation is a round trip, the next one leaves
 * when the answer is there.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class RouterBenchmark {
    private static final int TRIPS = 1_000;
    private static final int VALUE_BYTES = 100;
    private static final int TIMEOUT_MS = 30_000;

    @Param({"one", "two"})
    private String loops = "";

    private EmbeddedBroker embedded;
    private PartitionRouter router;
    private Context caller;
    private AppendRequest append;

    @Setup
    public void start() throws IOException, TimeoutException {
        embedded = EmbeddedBroker.start("memory");
        append = new AppendRequest(LogUnderTest.batch(VALUE_BYTES), (short) 1, TIMEOUT_MS, Origin.CLIENT);
        router = embedded.broker().kernel().partitions();
        caller = loops.equals("one") ? embedded.owner() : embedded.stranger();
    }

    @TearDown
    public void stop() throws IOException, TimeoutException {
        embedded.close();
    }

    @Benchmark
    @OperationsPerInvocation(TRIPS)
    public void question() throws TimeoutException {
        embedded.loops().runTrips(caller, TRIPS, this::ask);
    }

    @Benchmark
    @OperationsPerInvocation(TRIPS)
    public void append() throws TimeoutException {
        embedded.loops().runTrips(caller, TRIPS, this::append);
    }

    private void ask(Runnable done) {
        embedded.ask(result -> goOn(result.error(), done));
    }

    private void append(Runnable done) {
        router.append(embedded.partition(), append, result -> goOn(result.error(), done));
    }

    private static void goOn(Errors error, Runnable done) {
        if (error != Errors.NONE) {
            throw new IllegalStateException("expected an answer without error, found " + error);
        }
        done.run();
    }
}
