package io.penstock.core.group.record;

/**
 * A transaction has ended, if the producer had one: what it wrote counts from here on, or never.
 *
 * @param isCommit whether it was committed rather than aborted
 */
public record TransactionEnd(long producerId, boolean isCommit) implements GroupLogEntry {}
