package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;

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

    void open() {
        isOpen = true;
    }

    void close() {
        isOpen = false;
    }
}
