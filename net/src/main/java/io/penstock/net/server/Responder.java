package io.penstock.net.server;

import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Takes the one answer to one request. Safe from any thread: hops to the connection's event loop where needed. Answers leave in
 * request order, so an early answer waits for those in front of it.
 *
 * <p>Exactly one of {@link #send}, {@link #sendNothing}, {@link #close} and {@link #fail} counts, the first. Later ones are a bug:
 * logged, and what they carry is released.
 *
 * <p>Every request must be answered in the end, also when the connection died meanwhile: the memory of its frame is held until then,
 * because another thread may still be reading it. Such an answer only releases.
 */
public interface Responder {
    /**
     * Answers with a message of the request's API and version. Takes over the references of any
     * {@link io.penstock.net.wire.SlicedRecords} in it; the message must not be changed afterwards.
     */
    void send(ApiMessage response);

    /** Completes the request without a single byte on the wire; for Produce with {@code acks=0}. */
    void sendNothing();

    /**
     * Closes this connection, after the answers to earlier requests were written. For the cases where Kafka itself says nothing
     * more: a failed {@code acks=0} produce, a refused authentication.
     *
     * @param reason for the log, a fixed phrase without client data
     */
    void close(String reason);

    /**
     * A bug or an unforeseen failure: logged with api, version and connection, answered with UNKNOWN_SERVER_ERROR in the form of that
     * API. Other requests of the connection are not affected. Expected refusals belong into {@link #send}.
     */
    void fail(Throwable bug);

    /**
     * Registers what to do when the connection dies before an answer was given, such as cancelling a long poll. At most one, a later
     * one replaces it. Runs on the connection's event loop; at once if the connection is already dead; never after an answer. The
     * request must still be answered.
     */
    void onAbandoned(Runnable cleanup);
}
