package io.penstock.core.partition;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogSlices;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Records of one partition.
 *
 * @param records whole batches; empty on error; owned by the receiver
 * @param abortedTransactions null unless the fetch was read_committed
 * @param diverging where the client's log parts from ours; null if it does not
 * @param leaderId current leader if the error is about leadership, else -1
 */
public record FetchResult(
        Errors error,
        long highWatermark,
        long lastStableOffset,
        long logStartOffset,
        LogSlices records,
        @Nullable List<AbortedTransaction> abortedTransactions,
        @Nullable DivergingEpoch diverging,
        int leaderId,
        int leaderEpoch) {

    /** The largest epoch both logs have, and where it ends here. */
    public record DivergingEpoch(int epoch, long endOffset) {}

    /** A refusal without leader hint. */
    public static FetchResult refused(Errors error) {
        return new FetchResult(error, -1, -1, -1, LogSlices.EMPTY, null, null, -1, -1);
    }
}
