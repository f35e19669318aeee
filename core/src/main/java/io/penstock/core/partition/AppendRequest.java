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
 */
public record AppendRequest(
        ByteBuffer records,
        short acks,
        int timeoutMs,
        Origin origin,
        @Nullable TransactionClaim transaction) {

    /** Records of no client's transaction. */
    public AppendRequest(ByteBuffer records, short acks, int timeoutMs, Origin origin) {
        this(records, acks, timeoutMs, origin, null);
    }

    /** Who appends. */
    public enum Origin {
        CLIENT,
        COORDINATOR,
        REPLICATION
    }
}
