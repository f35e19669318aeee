package io.penstock.config;

/** What {@code penstock.transport} may say. */
public enum Transport {
    /** The best one that this machine offers. */
    AUTO,
    /** The JDK's own sockets, everywhere. */
    NIO,
    /** Linux. */
    EPOLL,
    /** Epoll by event loops that never sleep. */
    EPOLL_BUSY,
    /** Linux with a recent kernel. */
    IO_URING
}
