package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.PartitionStatus;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A question for a partition's figures on its way. */
final class StatusCommand extends PartitionCommand {
    private final Consumer<PartitionStatus> reply;

    StatusCommand(PartitionId partition, Caller caller, Consumer<PartitionStatus> reply) {
        super(partition, caller);
        this.reply = reply;
    }

    @Override
    void runOn(LivePartition target) {
        target.status(this);
    }

    void answer(PartitionStatus status) {
        if (startAnswer()) {
            toCaller(() -> reply.accept(status));
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer(new PartitionStatus(error, -1, -1, -1, -1, -1, List.of()));
    }
}
