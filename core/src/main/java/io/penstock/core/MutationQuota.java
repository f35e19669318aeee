package io.penstock.core;

/**
 * How many partitions a client may still create and delete. Asked by the metadata's owner while it decides a request; safe from any
 * thread.
 */
@FunctionalInterface
public interface MutationQuota {
    /** No limit. */
    MutationQuota UNLIMITED = partitions -> true;

    /**
     * Counts {@code partitions} to be created or deleted, or refuses them without counting.
     *
     * @return whether they may be
     */
    boolean tryTake(int partitions);
}
