package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import org.jspecify.annotations.Nullable;

/**
 * A partition's place in this process: its address, and whether messages to it are answered by its verticle.
 *
 * <p>Safe from any thread. {@link #open} comes after the address is registered on the event bus. {@link #close} comes before the
 * verticle's last turns are queued: so whoever sends first and then sees the slot open knows that its message is in the queue
 * before them, and whoever sees it closed must answer itself, if it can still {@link PartitionCommand#claim} the command.
 */
final class PartitionSlot {
    private final PartitionId id;
    private final String address;
    private volatile @Nullable Thread thread;
    private volatile boolean isOpen;

    PartitionSlot(PartitionId id, String address) {
        this.id = id;
        this.address = address;
    }

    PartitionId id() {
        return id;
    }

    String address() {
        return address;
    }

    boolean isOpen() {
        return isOpen;
    }

    /** The thread of the verticle's event loop; null before it was first open. */
    @Nullable
    Thread thread() {
        return thread;
    }

    /** To be called on the verticle's event loop. */
    void open() {
        thread = Thread.currentThread();
        isOpen = true;
    }

    void close() {
        isOpen = false;
    }
}
