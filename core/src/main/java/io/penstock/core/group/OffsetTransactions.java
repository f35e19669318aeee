package io.penstock.core.group;

import io.penstock.core.group.WriteQueue.UnwrittenEnd;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/** Which transactions may write offsets to a shard, and how they end. Owned by one {@link CoordinatorShard}. */
public final class OffsetTransactions {
    private final CoordinatorShard shard;
    private final PendingOffsets pending;
    private final WriteQueue queue;
    private final int maxWaitingEnds;
    private final RecentEnds recentEnds = new RecentEnds();

    OffsetTransactions(CoordinatorShard shard, PendingOffsets pending, WriteQueue queue, int maxWaitingEnds) {
        this.shard = shard;
        this.pending = pending;
        this.queue = queue;
        this.maxWaitingEnds = maxWaitingEnds;
    }

    /** Leave to write offsets in a transaction, if its coordinator has nothing against it. Ask for it before asking there. */
    public OffsetAdmission admission(TransactionProducer producer) {
        boolean isOpen = pending.isOpen(producer) && !queue.isEnding(producer.id());
        return new OffsetAdmission(shard, producer, recentEnds.count(), isOpen);
    }

    /** Why an admission is void; {@link Errors#NONE} if it is not. */
    Errors refusal(OffsetAdmission admission) {
        if (recentEnds.hasEndedSince(admission.producer(), admission.endCount())) {
            return Errors.INVALID_TXN_STATE;
        }
        boolean isUnknown = admission.shard() != shard || recentEnds.isTooLongAgo(admission.endCount());
        return isUnknown ? Errors.COORDINATOR_LOAD_IN_PROGRESS : Errors.NONE;
    }

    /**
     * Ends a transaction: what it has written becomes committed, or is forgotten. Without any it changes nothing, so a marker may come
     * twice. Its epochs are for the log to judge.
     *
     * @param reply called once, after {@link CoordinatorShard#onWritten} or with the error
     */
    public void end(TransactionMarker marker, Consumer<Errors> reply) {
        if (queue.endCount() >= maxWaitingEnds) {
            reply.accept(Errors.COORDINATOR_LOAD_IN_PROGRESS);
            return;
        }
        recentEnds.add(marker);
        queue.add(new UnwrittenEnd(marker, reply));
    }
}
