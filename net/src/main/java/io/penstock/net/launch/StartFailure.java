package io.penstock.net.launch;

/** A server did not start, and holds nothing any more. */
final class StartFailure extends Exception {

    private final Throwable reason;

    StartFailure(Throwable reason) {
        super(reason);
        this.reason = reason;
    }

    /** What the start failed with. */
    Throwable reason() {
        return reason;
    }
}
