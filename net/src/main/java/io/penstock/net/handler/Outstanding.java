package io.penstock.net.handler;

/**
 * Counts replies that are still to come and completes after the last one. Owned by one event loop.
 *
 * <p>{@link #expect} before each question, {@link #arrived} with each reply, {@link #allAsked} once at the end; the completion runs
 * in whichever call comes last, never before {@link #allAsked}.
 */
public final class Outstanding {
    private final Runnable whenAll;
    private int missing = 1;

    public Outstanding(Runnable whenAll) {
        this.whenAll = whenAll;
    }

    public void expect() {
        missing++;
    }

    public void arrived() {
        missing--;
        if (missing == 0) {
            whenAll.run();
        }
    }

    public void allAsked() {
        arrived();
    }
}
