package io.penstock.core.runtime;

import io.penstock.core.transaction.TransactionMarker;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Makes control batches. Stateless. */
public final class MarkerBatch {
    private MarkerBatch() {}

    /** One batch with one record, in memory of its own. */
    public static ByteBuffer of(TransactionMarker marker, long timeMs) {
        ControlRecordType type = marker.isCommit() ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
        return MemoryRecords.withEndTransactionMarker(
                        0,
                        timeMs,
                        -1,
                        marker.producerId(),
                        marker.producerEpoch(),
                        new EndTransactionMarker(type, marker.coordinatorEpoch()))
                .buffer();
    }
}
