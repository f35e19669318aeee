/**
 * One handler for each Kafka API: turns a decoded request into a call of the broker, and its outcome into the answer and the
 * error codes that a Kafka client expects in that version.
 *
 * <p>Handlers own no state of the broker and never block. Start with {@link io.penstock.net.handler.ApiVersionsHandler}.
 */
@NullMarked
package io.penstock.net.handler;

import org.jspecify.annotations.NullMarked;
