package io.penstock.storage.compact;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.ControlMarker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells, along one pass over a log below its last stable offset, which batches belong to aborted transactions and which markers have
 * nothing left to end. Every batch of the pass must be shown to it, in offset order. Owned by one run.
 */
public final class TransactionTrace {
    /** By first offset. */
    private final List<AbortedTransaction> aborted;

    private int next;
    /** By producer id: aborted transactions that have begun and whose marker has not come. */
    private final Map<Long, Open> openAborted = new HashMap<>();
    /** Producers of other transactions of which a batch was there and whose marker has not come. */
    private final Set<Long> openOthers = new HashSet<>();
    /** Aborted transactions of which something is left, since the last {@link #takeRetained}. */
    private List<AbortedTransaction> retained = new ArrayList<>();

    private static final class Open {
        final AbortedTransaction transaction;
        boolean hasBatches;

        Open(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    /** @param aborted every aborted transaction that has batches in what is passed over, be its marker beyond */
    public TransactionTrace(List<AbortedTransaction> aborted) {
        this.aborted = aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset))
                .toList();
    }

    /** Takes in a batch of records. Returns whether it belongs to an aborted transaction. */
    public boolean isAborted(ByteBuffer batch) {
        int at = batch.position();
        if (!BatchHeader.isTransactional(batch, at)) {
            return false;
        }
        beginUpTo(BatchHeader.lastOffset(batch, at));
        long producerId = BatchHeader.producerId(batch, at);
        Open open = openAborted.get(producerId);
        // Where the pass began behind a marker, its transaction is not over by that.
        if (open != null && open.transaction.lastOffset() >= BatchHeader.baseOffset(batch, at)) {
            open.hasBatches = true;
            return true;
        }
        openOthers.add(producerId);
        return false;
    }

    private void beginUpTo(long lastOffset) {
        while (next < aborted.size() && aborted.get(next).firstOffset() <= lastOffset) {
            AbortedTransaction begun = aborted.get(next);
            openAborted.put(begun.producerId(), new Open(begun));
            next++;
        }
    }

    /**
     * Takes in a marker.
     *
     * @return whether anything is left of the transaction that it ends: then it must stay
     */
    public boolean isNeeded(ByteBuffer controlBatch, ControlMarker marker) {
        int at = controlBatch.position();
        beginUpTo(BatchHeader.lastOffset(controlBatch, at));
        long producerId = BatchHeader.producerId(controlBatch, at);
        // A transaction that the list of aborted ones does not name must not stay open because its marker is taken for
        // void.
        boolean isNeeded = openOthers.remove(producerId);
        Open open = marker.isAbort() ? openAborted.remove(producerId) : null;
        if (open != null && open.hasBatches) {
            retained.add(open.transaction);
            return true;
        }
        return isNeeded;
    }

    /** Whether a batch was there of a transaction of that producer whose marker has not come. */
    public boolean hasBatchesOf(long producerId) {
        Open open = openAborted.get(producerId);
        return openOthers.contains(producerId) || (open != null && open.hasBatches);
    }

    /** The aborted transactions whose markers came since the last call and which readers must still be told of. */
    public List<AbortedTransaction> takeRetained() {
        List<AbortedTransaction> taken = retained;
        retained = new ArrayList<>();
        return taken;
    }
}
