/**
 * One handler for each Kafka API: turns a decoded request into calls of the broker, and their outcome into the answer and the
 * error codes that a Kafka client expects in that version.
 *
 * <p>Handlers own no state of the broker and never block. They may use {@code core}, {@code net.server} and the records of
 * {@code net.wire}. Start with {@link io.penstock.net.handler.Handlers}, {@link io.penstock.net.handler.ProduceHandler} and
 * {@link io.penstock.net.handler.ListOffsetsHandler}; Fetch has a package of its own.
 */
@NullMarked
package io.penstock.net.handler;

import org.jspecify.annotations.NullMarked;
