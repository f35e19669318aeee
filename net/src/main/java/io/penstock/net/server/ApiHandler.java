package io.penstock.net.server;

import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

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
     * The thread of the event loop on which most of what such a request asks for lives, so that a connection that sends more of them is
     * served with the fewest hops there. Asked now and then; safe from any thread.
     *
     * @param request of this API, in that version
     * @return null if there is none
     */
    default @Nullable Thread cheapestLoop(ApiMessage request, short version) {
        return null;
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
