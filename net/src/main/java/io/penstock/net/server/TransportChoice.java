package io.penstock.net.server;

import io.vertx.core.transport.Transport;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The operating system interface under all sockets; chosen when Vert.x is created. */
public enum TransportChoice {
    /** Epoll where it is available, else the JDK's. */
    AUTO,
    NIO,
    EPOLL,
    /** Epoll that asks again and again in place of sleeping. */
    EPOLL_BUSY,
    IO_URING;

    /**
     * Reads the setting's text: {@code auto}, {@code nio}, {@code epoll}, {@code epoll_busy} or {@code io_uring}.
     *
     * @throws IllegalArgumentException any other text
     */
    public static TransportChoice parse(String text) {
        for (TransportChoice choice : values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("transport must be auto, nio, epoll, epoll_busy or io_uring, found " + text);
    }

    /**
     * The transport to create Vert.x with.
     *
     * @throws IllegalStateException the chosen one is not available on this machine
     */
    public Transport resolve() {
        return switch (this) {
            case AUTO -> isAvailable(Transport.EPOLL) ? Transport.EPOLL : Transport.NIO;
            case NIO -> Transport.NIO;
            case EPOLL -> require(Transport.EPOLL);
            case EPOLL_BUSY -> new BusyEpoll(require(Transport.EPOLL));
            case IO_URING -> require(Transport.IO_URING);
        };
    }

    private static boolean isAvailable(@Nullable Transport transport) {
        return transport != null && transport.available();
    }

    private Transport require(@Nullable Transport transport) {
        if (transport == null) {
            throw new IllegalStateException("transport " + this + ": its library is not on the class path");
        }
        if (!transport.available()) {
            throw new IllegalStateException(
                    "transport " + this + " is not available on this machine", transport.unavailabilityCause());
        }
        return transport;
    }
}
