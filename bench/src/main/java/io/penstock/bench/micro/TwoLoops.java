package io.penstock.bench.micro;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A Vert.x of two event loops with a context on each. Made, used and closed by the benchmark's thread, which only waits. */
final class TwoLoops implements AutoCloseable {
    private static final int EVENT_LOOPS = 2;
    private static final long LIMIT_S = 60;

    private final Vertx vertx;
    private final Context first;
    private final Context second;

    private TwoLoops(Vertx vertx, Context first, Context second) {
        this.vertx = vertx;
        this.first = first;
        this.second = second;
    }

    static TwoLoops start() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        VertxInternal internal = (VertxInternal) vertx;
        ContextInternal first = internal.createEventLoopContext();
        for (int i = 0; i < EVENT_LOOPS; i++) {
            ContextInternal second = internal.createEventLoopContext();
            if (second.nettyEventLoop() != first.nettyEventLoop()) {
                return new TwoLoops(vertx, first, second);
            }
        }
        throw new IllegalStateException("there is no second event loop");
    }

    Vertx vertx() {
        return vertx;
    }

    Context first() {
        return first;
    }

    /** Of the other event loop. */
    Context second() {
        return second;
    }

    /** Of the two, the one whose event loop this context has. */
    Context like(ContextInternal context) {
        return ((ContextInternal) first).nettyEventLoop() == context.nettyEventLoop() ? first : second;
    }

    /** Does something on a context and waits for its result. */
    <T> T on(Context context, Supplier<Future<T>> task) throws TimeoutException {
        Promise<T> promise = Promise.promise();
        context.runOnContext(turn -> task.get().onComplete(promise));
        return await(promise.future());
    }

    static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(LIMIT_S, TimeUnit.SECONDS);
    }

    /** Something that ends later. */
    interface Trip {
        /**
         * Begins.
         *
         * @param done to be called on the context on which this was called, and not before this returns
         */
        void start(Runnable done);
    }

    /** Makes one trip after another on {@code context}, and waits for the last. */
    void runTrips(Context context, int count, Trip trip) throws TimeoutException {
        Promise<Void> all = Promise.promise();
        context.runOnContext(turn -> new Journey(count, trip, all).run());
        await(all.future());
    }

    /** The trips that are left. Owned by their context. */
    private static final class Journey implements Runnable {
        private int left;
        private final Trip trip;
        private final Promise<Void> all;

        Journey(int count, Trip trip, Promise<Void> all) {
            this.left = count;
            this.trip = trip;
            this.all = all;
        }

        @Override
        public void run() {
            if (left-- == 0) {
                all.complete();
                return;
            }
            try {
                trip.start(this);
            } catch (RuntimeException e) {
                all.tryFail(e);
            }
        }
    }

    @Override
    public void close() throws TimeoutException {
        await(vertx.close());
    }
}
