package io.penstock.bench.embedded;

import io.penstock.core.api.Broker;
import io.penstock.core.api.BrokerOptions;
import io.penstock.core.api.NewRecord;
import io.penstock.core.api.ReadFrom;
import io.penstock.core.api.RecordReader;
import io.penstock.core.api.RecordWriter;
import io.penstock.core.api.StoredRecord;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * Writes on a fixed schedule and times each record from the moment at which it was due until its reader has it, so a stall is charged to
 * every record that it delayed. The writer's event loop looks at the clock without pause: it is the load that shares the processors.
 */
final class EmbeddedRun {
    private static final String TOPIC = "embedded";
    private static final int EVENT_LOOPS = 2;
    private static final int MAX_RECORDS_PER_TURN = 64;
    private static final long LONGEST_NS = 60_000_000_000L;

    private final EmbeddedPlan plan;
    private final Histogram latencyNs = new Histogram(LONGEST_NS, 3);
    private final Promise<Void> allRead = Promise.promise();
    private long beginNs;

    EmbeddedRun(EmbeddedPlan plan) {
        this.plan = plan;
    }

    /** Latencies in nanoseconds of all records after the warm-up. */
    Histogram run() throws TimeoutException {
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS))
                .withTransport(plan.transport().resolve(plan.spin()))
                .build();
        Broker broker = await(Broker.create(vertx, options()).start());
        try {
            await(broker.ensureTopic(TOPIC, 1));
            ContextInternal writing = (ContextInternal) vertx.getOrCreateContext();
            Context reading = plan.sameLoop() ? writing : otherThan(writing, vertx);
            RecordReader reader = await(on(reading, () -> broker.reader(TOPIC, 0, ReadFrom.LATEST)));
            RecordWriter writer = await(on(writing, () -> broker.writer(TOPIC, 0)));
            beginNs = System.nanoTime();
            reading.runOnContext(turn -> reader.handler(this::onRecord));
            writing.runOnContext(begun -> new Writing(writing, writer).run());
            await(allRead.future());
            return latencyNs;
        } finally {
            await(broker.stop());
            await(vertx.close());
        }
    }

    private BrokerOptions options() {
        Path directory = plan.directory();
        return directory == null ? BrokerOptions.inMemory() : BrokerOptions.inDirectory(directory);
    }

    /** Contexts take turns on the event loops; a verticle of the broker may have taken one meanwhile. */
    private static Context otherThan(Context context, Vertx vertx) {
        for (int i = 0; i < EVENT_LOOPS * 4; i++) {
            Context other = ((VertxInternal) vertx).createEventLoopContext();
            if (((ContextInternal) other).nettyEventLoop() != ((ContextInternal) context).nettyEventLoop()) {
                return other;
            }
        }
        throw new IllegalStateException("there is no second event loop");
    }

    /** Looks at the clock turn after turn, and makes no object in a turn in which nothing is due. */
    private final class Writing implements Runnable {
        private final ContextInternal context;
        private final RecordWriter writer;
        private final Runnable turn;
        private long written;

        Writing(ContextInternal context, RecordWriter writer) {
            this.context = context;
            this.writer = writer;
            this.turn = () -> context.dispatch(this);
        }

        @Override
        public void run() {
            long now = System.nanoTime() - beginNs;
            for (int i = 0; i < MAX_RECORDS_PER_TURN && isDue(now); i++) {
                Buffer value = Buffer.buffer(new byte[plan.valueBytes()]).setLong(0, written++);
                writer.send(NewRecord.of(value)).onFailure(allRead::tryFail);
            }
            if (written < plan.count()) {
                context.nettyEventLoop().execute(turn);
            }
        }

        private boolean isDue(long now) {
            return written < plan.count() && plan.scheduledNs(written) <= now;
        }
    }

    private void onRecord(StoredRecord record) {
        long index = Objects.requireNonNull(record.value()).getLong(0);
        if (index >= plan.warmUpCount()) {
            long latency = System.nanoTime() - beginNs - plan.scheduledNs(index);
            latencyNs.recordValue(Math.min(Math.max(0, latency), LONGEST_NS));
        }
        if (index == plan.count() - 1) {
            allRead.tryComplete();
        }
    }

    private static <T> Future<T> on(Context context, Supplier<Future<T>> task) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(turn -> task.get().onComplete(promise));
        return promise.future();
    }

    private <T> T await(Future<T> future) throws TimeoutException {
        return future.await(plan.warmUpSeconds() + plan.seconds() + 60L, TimeUnit.SECONDS);
    }
}
