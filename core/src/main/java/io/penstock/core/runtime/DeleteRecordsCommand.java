package io.penstock.core.runtime;

import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.PartitionId;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** A wish to move the log start on its way. */
final class DeleteRecordsCommand extends PartitionCommand {
    private final long offset;
    private final Consumer<DeleteRecordsResult> reply;

    DeleteRecordsCommand(PartitionId partition, Caller caller, long offset, Consumer<DeleteRecordsResult> reply) {
        super(partition, caller);
        this.offset = offset;
        this.reply = reply;
    }

    /** New log start, -1 for the high watermark. */
    long offset() {
        return offset;
    }

    @Override
    void runOn(LivePartition target) {
        target.deleteRecords(this);
    }

    void answer(DeleteRecordsResult result) {
        if (startAnswer()) {
            toCaller(() -> reply.accept(result));
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer(new DeleteRecordsResult(error, -1));
    }
}
