package io.penstock.core.partition;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Records to append to one partition.
 *
 * @param records position to limit is exactly one v2 record batch as the client sent it (framing and magic already checked);
 *     stays valid and unchanged until the reply
 * @param acks 0, 1 or -1
 * @param timeoutMs how long to wait for the acks after the append
 * @param origin who appends; clients may not write control batches
 * @param transaction what the producer says about its transaction; null if it names none
 * @param markerVersion version of the transactions that a marker ends, which its batch does not tell: 2 if its epoch must be above
 *     that of the transaction (KIP-890), else 1; 0 if the records are no marker
 */
public record AppendRequest(
        ByteBuffer records,
        short acks,
        int timeoutMs,
        Origin origin,
        @Nullable TransactionClaim transaction,
        int markerVersion) {

    /** Records that are no marker. */
    public AppendRequest(
            ByteBuffer records, short acks, int timeoutMs, Origin origin, @Nullable TransactionClaim transaction) {
        this(records, acks, timeoutMs, origin, transaction, 0);
    }

    /** Records of no client's transaction. */
    public AppendRequest(ByteBuffer records, short acks, int timeoutMs, Origin origin) {
        this(records, acks, timeoutMs, origin, null);
    }

    /**
     * The end of a transaction, from its coordinator; acknowledged by all in-sync replicas.
     *
     * @param controlBatch one control batch with one marker
     * @param markerVersion transaction version of the marker
     */
    public static AppendRequest marker(ByteBuffer controlBatch, int markerVersion, int timeoutMs) {
        return new AppendRequest(controlBatch, (short) -1, timeoutMs, Origin.COORDINATOR, null, markerVersion);
    }

    /** Who appends. */
    public enum Origin {
        CLIENT,
        COORDINATOR,
        REPLICATION
    }
}
