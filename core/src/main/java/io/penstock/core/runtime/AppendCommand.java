package io.penstock.core.runtime;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** An append on its way. */
final class AppendCommand extends PartitionCommand {
    private final AppendRequest request;
    private final Consumer<AppendResult> reply;

    AppendCommand(PartitionId partition, Caller caller, AppendRequest request, Consumer<AppendResult> reply) {
        super(partition, caller);
        this.request = request;
        this.reply = reply;
    }

    AppendRequest request() {
        return request;
    }

    @Override
    void runOn(LivePartition target) {
        target.append(this);
    }

    void answer(AppendResult result) {
        if (startAnswer()) {
            toCaller(() -> reply.accept(result));
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer(new AppendResult(error, -1, -1, -1, -1, List.of(), null, leaderId, leaderEpoch));
    }

    @Override
    Errors overloadError() {
        return Errors.REQUEST_TIMED_OUT;
    }
}
