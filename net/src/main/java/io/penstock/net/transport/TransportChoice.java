package io.penstock.net.transport;

import io.vertx.core.transport.Transport;
import java.time.Duration;
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
     * The transport to create Vert.x with, whose event loops sleep as soon as they have nothing to do.
     *
     * @throws IllegalStateException the chosen one is not available on this machine
     */
    public Transport resolve() {
        return resolve(Duration.ZERO);
    }

    /**
     * As above, with event loops that look for work for so long before they sleep, as long as they mostly find some; only epoll can, and
     * only where there is more than one processor: the others do not.
     */
    public Transport resolve(Duration spin) {
        return switch (this) {
            case AUTO -> isAvailable(Transport.EPOLL) ? EPOLL.resolve(spin) : Transport.NIO;
            case NIO -> Transport.NIO;
            case EPOLL -> epoll(spin);
            case EPOLL_BUSY -> new EpollVariant("epoll_busy", require(Transport.EPOLL), new BusyEpoll());
            case IO_URING -> require(Transport.IO_URING);
        };
    }

    private Transport epoll(Duration spin) {
        Transport epoll = require(Transport.EPOLL);
        return spin.isZero() || Runtime.getRuntime().availableProcessors() == 1
                ? epoll
                : new EpollVariant("epoll", epoll, new SpinningEpoll(spin.toNanos()));
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
