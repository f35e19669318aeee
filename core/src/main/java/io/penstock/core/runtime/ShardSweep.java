package io.penstock.core.runtime;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Does something for each of many keys of a shard, a few in each turn of an event loop, so that other work is never held up for
 * long. Owned by that event loop.
 */
final class ShardSweep {
    private static final int KEYS_PER_TURN = 200;

    private final Executor owner;
    private final List<String> keys;
    private final Consumer<String> work;
    private final BooleanSupplier isWanted;
    private final Runnable afterTurn;
    private int next;

    /**
     * @param isWanted whether to go on with another turn
     * @param afterTurn runs after each turn
     */
    ShardSweep(Executor owner, List<String> keys, Consumer<String> work, BooleanSupplier isWanted, Runnable afterTurn) {
        this.owner = owner;
        this.keys = keys;
        this.work = work;
        this.isWanted = isWanted;
        this.afterTurn = afterTurn;
    }

    void run() {
        if (!isWanted.getAsBoolean()) {
            return;
        }
        int end = Math.min(keys.size(), next + KEYS_PER_TURN);
        while (next < end) {
            work.accept(keys.get(next++));
        }
        afterTurn.run();
        if (next < keys.size()) {
            owner.execute(this::run);
        }
    }
}
