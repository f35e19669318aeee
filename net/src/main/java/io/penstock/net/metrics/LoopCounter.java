package io.penstock.net.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A sum that one thread writes, its owner, and any thread reads. Costs a plain addition. */
final class LoopCounter {

    private static final VarHandle VALUE;

    static {
        try {
            VALUE = MethodHandles.lookup().findVarHandle(LoopCounter.class, "value", long.class);
        } catch (ReflectiveOperationException missing) {
            throw new ExceptionInInitializerError(missing);
        }
    }

    @SuppressWarnings("unused") // through VALUE
    private long value;

    /** Owner only. */
    void add(long amount) {
        VALUE.setOpaque(this, (long) VALUE.getOpaque(this) + amount);
    }

    /** Any thread; may miss the newest additions. */
    long value() {
        return (long) VALUE.getOpaque(this);
    }
}
