package io.penstock.bench.micro;

import io.vertx.core.Context;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.internal.ContextInternal;
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
 * A command over the event bus by reference, and its reply, with nothing done in between: the bare hand-off as the broker's router makes it
 * ({@code core.runtime.EventBusRouter}, whose codec and commands are its own, so this has its own of the same kind). {@link RouterBenchmark}
 * measures the router itself. One operation is a round trip, the next one leaves when the reply is there.
 */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH fills the fields in the set-up methods
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EventBusBenchmark {
    private static final String ADDRESS = "hand-off";
    private static final int TRIPS = 1_000;
    private static final DeliveryOptions DELIVERY =
            new DeliveryOptions().setCodecName(Command.Codec.NAME).setLocalOnly(true);

    @Param({"one", "two"})
    private String loops = "";

    private TwoLoops vertx;
    private Context caller;

    @Setup
    public void start() throws TimeoutException {
        vertx = TwoLoops.start();
        caller = vertx.first();
        Context owner = loops.equals("one") ? caller : vertx.second();
        EventBus bus = vertx.vertx().eventBus();
        bus.registerCodec(new Command.Codec());
        vertx.on(
                owner,
                () -> bus.<Command>localConsumer(ADDRESS, message -> answer(message.body()))
                        .completion());
    }

    @TearDown
    public void stop() throws TimeoutException {
        vertx.close();
    }

    @Benchmark
    @OperationsPerInvocation(TRIPS)
    public void roundTrip() throws TimeoutException {
        EventBus bus = vertx.vertx().eventBus();
        ContextInternal context = (ContextInternal) caller;
        vertx.runTrips(caller, TRIPS, done -> bus.send(ADDRESS, new Command(context, done), DELIVERY));
    }

    private static void answer(Command command) {
        command.caller().emit(command.reply(), Runnable::run);
    }
}
