package io.penstock.core.runtime;

import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.PartitionId;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** An OffsetForLeaderEpoch question on its way. */
final class EpochEndCommand extends PartitionCommand {
    private final int currentLeaderEpoch;
    private final int leaderEpoch;
    private final Consumer<EpochEndResult> reply;

    EpochEndCommand(
            PartitionId partition,
            Caller caller,
            int currentLeaderEpoch,
            int leaderEpoch,
            Consumer<EpochEndResult> reply) {
        super(partition, caller);
        this.currentLeaderEpoch = currentLeaderEpoch;
        this.leaderEpoch = leaderEpoch;
        this.reply = reply;
    }

    int currentLeaderEpoch() {
        return currentLeaderEpoch;
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    void runOn(LivePartition target) {
        target.epochEnd(this);
    }

    void answer(EpochEndResult result) {
        if (startAnswer()) {
            toCaller(() -> reply.accept(result));
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int epochOfLeader) {
        answer(new EpochEndResult(error, -1, -1));
    }
}
