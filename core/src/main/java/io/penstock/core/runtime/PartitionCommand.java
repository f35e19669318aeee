package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.protocol.Errors;

/**
 * A request on its way to a partition's verticle, with the way back inside.
 *
 * <p>Answered exactly once. Whoever wants to answer must have {@link #claim claimed} it: normally the verticle on receipt, or the
 * router if the verticle was gone before the message could reach it. After that the claimer alone touches it.
 */
abstract class PartitionCommand {
    private final PartitionId partition;
    private final Caller caller;
    private final AtomicBoolean claimed = new AtomicBoolean();
    private boolean answered;

    PartitionCommand(PartitionId partition, Caller caller) {
        this.partition = partition;
        this.caller = caller;
    }

    final PartitionId partition() {
        return partition;
    }

    /** Takes the right and the duty to answer; false if somebody else has them. Safe from any thread. */
    final boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Marks the one answer as given; false if it was given already. */
    final boolean startAnswer() {
        boolean first = !answered;
        answered = true;
        return first;
    }

    final boolean isAnswered() {
        return answered;
    }

    final void toCaller(Runnable delivery) {
        caller.execute(delivery);
    }

    /** Does what the command asks for. Called on the owner of the partition. */
    abstract void runOn(LivePartition target);

    /** Answers with an error, unless it has been answered. */
    abstract void refuse(Errors error, int leaderId, int leaderEpoch);

    final void refuse(Errors error) {
        refuse(error, -1, -1);
    }

    /** The error when too much waits for this partition; one that clients of this request retry. */
    Errors overloadError() {
        return Errors.REPLICA_NOT_AVAILABLE;
    }
}
