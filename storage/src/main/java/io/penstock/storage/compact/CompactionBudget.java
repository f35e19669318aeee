package io.penstock.storage.compact;

import java.util.concurrent.Executor;

/**
 * What a run of the compaction may use. Immutable.
 *
 * @param worker runs the work of the run, which may take minutes; may refuse with
 *     {@link java.util.concurrent.RejectedExecutionException}
 * @param tableBytes bound for the memory of the table of keys
 * @param tableLoad share of the table that may be filled
 * @param throttle told of every byte that is read or written
 */
public record CompactionBudget(Executor worker, long tableBytes, double tableLoad, IoThrottle throttle) {

    /** Slows a run down. Called on its worker, which may wait in it. */
    public interface IoThrottle {
        /** Never waits. */
        IoThrottle NONE = bytes -> {};

        /** So many bytes were read or written. */
        void onBytes(long bytes);
    }
}
