package io.penstock.net.handler;

/**
 * Counts replies that are still to come and completes after the last one. Owned by one event loop.
 *
 * <p>{@link #expect} before each question, {@link #arrived} with each reply, {@link #allAsked} once at the end; the completion runs
 * in whichever call comes last, never before {@link #allAsked}.
 */
final class Outstanding {
    private final Runnable whenAll;
    private int missing = 1;

    Outstanding(Runnable whenAll) {
        this.whenAll = whenAll;
    }

    void expect() {
        missing++;
    }

    void arrived() {
        missing--;
        if (missing == 0) {
            whenAll.run();
        }
    }

    void allAsked() {
        arrived();
    }
}
