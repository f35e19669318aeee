package io.penstock.core.partition;

import java.nio.ByteBuffer;

/**
 * Records to append to one partition.
 *
 * @param records position to limit is exactly one v2 record batch as the client sent it (framing and magic already checked);
 *     stays valid and unchanged until the reply
 * @param acks 0, 1 or -1
 * @param timeoutMs how long to wait for the acks after the append
 * @param origin who appends; clients may not write control batches
 */
public record AppendRequest(ByteBuffer records, short acks, int timeoutMs, Origin origin) {
    /** Who appends. */
    public enum Origin {
        CLIENT,
        COORDINATOR,
        REPLICATION
    }
}
