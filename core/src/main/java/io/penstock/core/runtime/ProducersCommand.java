package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.ProducersResult;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A DescribeProducers question on its way. */
final class ProducersCommand extends PartitionCommand {
    private final Consumer<ProducersResult> reply;

    ProducersCommand(PartitionId partition, Caller caller, Consumer<ProducersResult> reply) {
        super(partition, caller);
        this.reply = reply;
    }

    @Override
    void runOn(LivePartition target) {
        target.producers(this);
    }

    void answer(ProducersResult result) {
        if (startAnswer()) {
            toCaller(() -> reply.accept(result));
        }
    }

    /** Clients look for the leader anew and ask again. */
    @Override
    Errors overloadError() {
        return Errors.NOT_LEADER_OR_FOLLOWER;
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer(new ProducersResult(error, List.of()));
    }
}
