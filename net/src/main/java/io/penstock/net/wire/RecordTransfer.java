package io.penstock.net.wire;

/** How records get from the log to a connection's socket. */
public enum RecordTransfer {
    /** Where the log offers it, the system sends them from the log's files; the process never sees them. Else as {@link #MEMORY}. */
    FILES,
    /** As slices of the log's memory. For connections on which something has to see the bytes, such as TLS. */
    MEMORY
}
