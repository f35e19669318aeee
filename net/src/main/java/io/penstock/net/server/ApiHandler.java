package io.penstock.net.server;

import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Answers one Kafka API. One instance serves all connections of all event loops, so it is either stateless or safe from any
 * thread.
 */
public interface ApiHandler {
    /** The API that this handler answers; an {@link ApiRegistry} holds at most one handler for each. */
    ApiKeys api();

    /**
     * The versions that {@link #handle} may be given and that ApiVersions advertises: by default all stable ones. A narrower range
     * must lie within that.
     */
    default VersionRange versions() {
        return VersionRange.stable(api());
    }

    /**
     * Answers one request. Called on the connection's event loop, inside its Vert.x context, in the arrival order of that
     * connection's requests; the next one is dispatched without waiting for this one's answer. Must never block.
     *
     * <p>Uses exactly one of the responder's answers, now or later, on any thread. An exception thrown from here is a bug and counts
     * as {@link Responder#fail}.
     */
    void handle(KafkaRequest request, Responder responder);
}
