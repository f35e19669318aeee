package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import org.apache.kafka.common.protocol.Errors;

/** A visit of the retention to a partition whose log is closed: waits for the log as requests do. */
final class RetainCommand extends PartitionCommand {
    private final Runnable done;

    RetainCommand(PartitionId partition, Runnable done) {
        super(partition, Runnable::run);
        this.done = done;
    }

    @Override
    void runOn(LivePartition target) {
        if (target.openFor(this) != null) {
            target.retain(() -> {
                // What is compacted may have become due: the next look sees only open logs. Unused, it is closed like
                // any other.
                if (!target.logConfig().compaction().enabled()) {
                    target.askToClose();
                }
                answer();
            });
        }
    }

    private void answer() {
        if (startAnswer()) {
            done.run();
        }
    }

    @Override
    void refuse(Errors error, int leaderId, int leaderEpoch) {
        answer();
    }
}
