package io.penstock.net.server;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * What the listeners report about themselves. Called on event loops, so implementations must be safe from any thread, must not block
 * and should not allocate.
 */
public interface FrontendMetrics {
    /** Keeps nothing. */
    FrontendMetrics NONE = new FrontendMetrics() {};

    /** A connection was accepted. */
    default void onConnectionOpened(String listenerName) {}

    /** An accepted connection has ended, for whatever reason. */
    default void onConnectionClosed(String listenerName) {}

    /** A connection was closed at once because there are too many. */
    default void onConnectionRefused(String listenerName) {}

    /** A connection is being closed because of what the client sent or failed to send. */
    default void onConnectionFault(String listenerName) {}

    /** A request was decoded and is about to be dispatched; {@code bytes} on the wire, length field included. */
    default void onRequest(ApiKeys api, short version, int bytes) {}

    /**
     * A request is done. {@code bytes} on the wire, length field included, 0 if there is no answer; {@code elapsedNs} from the arrival of
     * its last byte until its answer was handed to the socket, waiting for earlier answers included.
     */
    default void onAnswer(ApiKeys api, short version, int bytes, long elapsedNs) {}

    /** A handler failed in a way it did not foresee. */
    default void onHandlerFailure(ApiKeys api) {}
}
