package io.penstock.net.server;

/**
 * One connection's share of the memory for frames that are unfinished or not yet dispatched.
 *
 * <p>While all connections together stay below the limit, each may take more for its frame. Above it one connection at a time may,
 * its memory then outside the limit: otherwise connections could hold each other's memory for ever. The others stop reading when the
 * room they have is full. A frame that begins needs no permission, as most are small; at three times the limit the connection is given
 * up instead.
 *
 * <p>Owned by the connection's event loop.
 */
final class FrameMemory {
    private static final int GIVE_UP_FACTOR = 3;

    private final FrontendUsage usage;
    private final Runnable wake;
    private int heldBytes;

    /** Counted already for what the next read may add. */
    private int grantedBytes;

    private boolean hasOverdraft;
    private boolean isWaiting;

    /**
     * @param wake hops to the connection's event loop and from there calls {@link #onWoken}; called on any thread
     */
    FrameMemory(FrontendUsage usage, Runnable wake) {
        this.usage = usage;
        this.wake = wake;
    }

    /** The connection holds {@code bytes} now; false if that is a new frame for which there is no memory at all. */
    boolean update(int bytes) {
        boolean isNew = heldBytes == 0 && bytes > 0;
        usage.addUnfinished(bytes - heldBytes);
        if (!hasOverdraft) {
            usage.unfinished().add(bytes - heldBytes - grantedBytes);
        }
        heldBytes = bytes;
        grantedBytes = 0;
        if (bytes == 0) {
            endOverdraft();
        }
        return !isNew || !usage.unfinished().isOver(GIVE_UP_FACTOR);
    }

    /**
     * Whether the connection may read on if that can make its memory grow by {@code growthBytes}; if not, it will be woken when it should
     * ask again.
     */
    boolean mayRead(int growthBytes) {
        if (heldBytes == 0 || growthBytes == 0 || hasOverdraft) {
            return true;
        }
        if (usage.unfinished().isOpen()) {
            grantedBytes += growthBytes;
            usage.unfinished().add(growthBytes);
            return true;
        }
        if (tryOverdraft()) {
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
            usage.unfinished().add(-heldBytes - grantedBytes);
            grantedBytes = 0;
        }
        return hasOverdraft;
    }
}
