package io.penstock.core.group;

import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a coordinator writes next, as one batch. Immutable. */
public sealed interface LogWrite {

    /** Records that count at once; null if there are none. */
    static @Nullable LogWrite of(List<EncodedRecord> records) {
        return records.isEmpty() ? null : new Records(records, null);
    }

    /**
     * Records.
     *
     * @param records one or more
     * @param transaction the transaction that all of them belong to; null for records that count at once
     */
    record Records(List<EncodedRecord> records, @Nullable TransactionProducer transaction) implements LogWrite {
        public Records {
            records = List.copyOf(records);
        }
    }

    /** The end of a transaction, a control batch. */
    record End(TransactionMarker marker) implements LogWrite {}
}
