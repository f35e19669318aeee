package io.penstock.net.server;

/**
 * One connection's share of the memory for frames that are unfinished or not yet dispatched.
 *
 * <p>While all connections together stay below the limit each may read. Above it one connection at a time may go on, its memory then
 * outside the limit: otherwise connections could hold each other's memory for ever. The others stop reading as soon as they hold
 * something, which costs up to one read each; at twice the limit the connection that brings more is given up.
 *
 * <p>Owned by the connection's event loop.
 */
final class FrameMemory {
    private static final int GIVE_UP_FACTOR = 2;

    private final FrontendUsage usage;
    private final Runnable wake;
    private int heldBytes;
    private boolean hasOverdraft;
    private boolean isWaiting;

    /**
     * @param wake hops to the connection's event loop and from there calls {@link #onWoken}; called on any thread
     */
    FrameMemory(FrontendUsage usage, Runnable wake) {
        this.usage = usage;
        this.wake = wake;
    }

    /** The connection holds {@code bytes} now; false if that is more than there is room for. */
    boolean update(int bytes) {
        int delta = bytes - heldBytes;
        heldBytes = bytes;
        usage.addUnfinished(delta);
        if (!hasOverdraft) {
            usage.unfinished().add(delta);
        }
        if (bytes == 0) {
            endOverdraft();
        }
        return delta <= 0 || hasOverdraft || !usage.unfinished().isOver(GIVE_UP_FACTOR) || tryOverdraft();
    }

    /** Whether the connection may read on; if not, it will be woken when it should ask again. */
    boolean mayRead() {
        if (heldBytes == 0 || hasOverdraft || usage.unfinished().isOpen() || tryOverdraft()) {
            return true;
        }
        if (!isWaiting) {
            isWaiting = true;
            usage.unfinished().awaitOpen(wake);
        }
        // Who had the overdraft may have ended it after our question above and before we got in line.
        return tryOverdraft();
    }

    /** The connection cannot read on for reasons of its own, and must not keep the others from it. */
    void endOverdraft() {
        if (hasOverdraft) {
            hasOverdraft = false;
            usage.unfinished().add(heldBytes);
            usage.endOverdraft();
        }
    }

    /** The wait that {@link #mayRead} began is over. */
    void onWoken() {
        isWaiting = false;
    }

    private boolean tryOverdraft() {
        if (usage.tryOverdraft()) {
            hasOverdraft = true;
            usage.unfinished().add(-heldBytes);
        }
        return hasOverdraft;
    }
}
