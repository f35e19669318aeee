package io.penstock.core.partition;

/** Hears how a fetch goes. Called on the context that asked. */
public interface FetchListener {
    /**
     * The fetch waits because fewer than its {@code minBytes} are there, or it waits on and more have come. Not called after
     * {@link #onResult}.
     *
     * @param availableBytes bytes that could be read now
     */
    void onWaiting(int availableBytes);

    /** Whether {@link #onWaiting} is to be called at all, which costs a task on the context that asked. Safe from any thread. */
    default boolean followsWaiting() {
        return true;
    }

    /** The one result. The receiver owns the slices in it and must release them. */
    void onResult(FetchResult result);
}
