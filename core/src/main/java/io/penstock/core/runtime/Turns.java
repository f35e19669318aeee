package io.penstock.core.runtime;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Starts work on many items, a few in each turn of an event loop, so that other work of the loop is never held up for long. Owned
 * by that event loop.
 */
final class Turns<T> {
    private static final int ITEMS_PER_TURN = 100;

    private final Context owner;
    private final List<T> items;
    private final Function<T, Future<Void>> work;
    private final List<Future<Void>> started;
    private final Promise<Void> done = Promise.promise();
    private int next;

    Turns(Context owner, List<T> items, Function<T, Future<Void>> work) {
        this.owner = owner;
        this.items = items;
        this.work = work;
        this.started = new ArrayList<>(items.size());
    }

    /** Completes on the owner when the work on every item has ended; fails with the first failure, after all have ended. */
    Future<Void> run() {
        if (items.isEmpty()) {
            return Future.succeededFuture();
        }
        turn();
        return done.future();
    }

    private void turn() {
        int end = Math.min(items.size(), next + ITEMS_PER_TURN);
        while (next < end) {
            started.add(work.apply(items.get(next++)));
        }
        if (next < items.size()) {
            owner.runOnContext(again -> turn());
        } else {
            Future.join(started).<Void>mapEmpty().onComplete(all -> owner.runOnContext(turn -> done.handle(all)));
        }
    }
}
