package io.penstock.core.runtime;

/** Time. Safe from any thread. */
public interface Clock {
    /** The machine's own. */
    Clock SYSTEM = new Clock() {
        @Override
        public long wallMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long monotonicNs() {
            return System.nanoTime();
        }
    };

    /** Milliseconds since 1970; may jump. */
    long wallMs();

    /** Nanoseconds since some moment; never jumps. */
    long monotonicNs();

    /** Milliseconds since some moment; never jumps. */
    default long monotonicMs() {
        return monotonicNs() / 1_000_000;
    }
}
