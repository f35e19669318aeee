package io.penstock.core.dedup;

/**
 * A transaction whose records have ids in the window. All its entries share one of these, so that its end costs one write however many
 * there are. Changed by the window's owner; others may read it at any time and see it open for a little longer.
 */
final class OpenTransaction {
    /** How it stands. */
    enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    private final long producerId;
    private volatile State state = State.OPEN;

    OpenTransaction(long producerId) {
        this.producerId = producerId;
    }

    long producerId() {
        return producerId;
    }

    State state() {
        return state;
    }

    void end(boolean isAbort) {
        state = isAbort ? State.ABORTED : State.COMMITTED;
    }
}
