package io.penstock.bench.micro;

import io.penstock.core.api.Broker;
import io.penstock.core.api.NewRecord;
import io.penstock.core.api.ReadFrom;
import io.penstock.core.api.RecordReader;
import io.penstock.core.api.RecordWriter;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
 * Records from a {@link RecordWriter} to a waiting {@link RecordReader} of the same process. {@code oneByOne} sends the next record when the
 * last one was read, so with two loops it has the way back to the writer's loop in it; {@code together} sends a thousand in one turn, which
 * become few batches, and waits until the last one was read. The writer is on the event loop of the partition's verticle.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED"
        })
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 1)
public class ProduceToConsumeBenchmark {
    private static final int RECORDS = 1_000;

    @Param({"memory", "chronicle"})
    private String store = "";

    /** Whether the reader is on that event loop, too, or on the other one. */
    @Param({"one", "two"})
    private String loops = "";

    @Param({"100", "1000"})
    private int valueBytes;

    private EmbeddedBroker embedded;
    private Context writing;
    private RecordWriter writer;
    private NewRecord record;
    /** What to do when a record was read. Set by the writer's loop before it writes, called by the reader's. */
    private volatile Runnable onRead = () -> {};

    @Setup
    public void start() throws IOException, TimeoutException {
        embedded = EmbeddedBroker.start(store);
        record = NewRecord.of(Buffer.buffer(new byte[valueBytes]));
        TwoLoops two = embedded.loops();
        Broker broker = embedded.broker();
        writing = embedded.owner();
        Context reading = loops.equals("one") ? writing : embedded.stranger();
        writer = two.on(writing, () -> broker.writer(EmbeddedBroker.TOPIC, 0));
        RecordReader reader = two.on(reading, () -> broker.reader(EmbeddedBroker.TOPIC, 0, ReadFrom.LATEST));
        reading.runOnContext(turn -> reader.handler(read -> onRead.run()));
    }

    @TearDown
    public void stop() throws IOException, TimeoutException {
        embedded.close();
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void oneByOne() throws TimeoutException {
        embedded.loops().runTrips(writing, RECORDS, done -> {
            onRead = () -> writing.runOnContext(turn -> done.run());
            writer.send(record);
        });
    }

    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void together() throws TimeoutException {
        embedded.loops().runTrips(writing, 1, done -> {
            Countdown left = new Countdown(RECORDS, () -> writing.runOnContext(turn -> done.run()));
            onRead = left::step;
            for (int i = 0; i < RECORDS; i++) {
                writer.send(record);
            }
        });
    }

    /** Owned by the reader's loop. */
    private static final class Countdown {
        private final Runnable atZero;
        private int left;

        Countdown(int count, Runnable atZero) {
            this.left = count;
            this.atZero = atZero;
        }

        void step() {
            if (--left == 0) {
                atZero.run();
            }
        }
    }
}
