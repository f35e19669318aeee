package io.penstock.core.runtime;

import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionId;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A ListOffsets question on its way. */
final class OffsetCommand extends PartitionCommand {
    private final OffsetQuery query;
    private final Consumer<OffsetResult> reply;

    OffsetCommand(PartitionId partition, Caller caller, OffsetQuery query, Consumer<OffsetResult> reply) {
        super(partition, caller);
        this.query = query;
        this.reply = reply;
    }

    OffsetQuery query() {
        return query;
    }

    @Override
    void runOn(LivePartition target) {
        target.listOffset(this);
    }

    void answer(OffsetResult result) {
        if (startAnswer()) {
            toCaller(() -> reply.accept(result));
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer(new OffsetResult(error, -1, -1, -1));
    }
}
