package io.penstock.core.runtime;

/** Runs tasks later on the owner's thread. */
interface Timers {
    /** Runs {@code task} once after {@code delayMs}, 1 or more. */
    Timer after(long delayMs, Runnable task);

    /** A task that has not run yet. */
    interface Timer {
        /** Nothing happens if the task has run. */
        void cancel();
    }
}
