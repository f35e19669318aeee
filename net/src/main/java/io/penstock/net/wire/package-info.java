/**
 * Bytes to messages and back: frames, headers and the generated Kafka messages, read from and written to Netty buffers.
 *
 * <p>Owns no state beyond the frame in hand and knows nothing of connections or handlers. May use Netty buffers,
 * kafka-clients' generated messages and the storage module's {@link io.penstock.storage.LogSlices}. Start with
 * {@link io.penstock.net.wire.RequestDecoder}, {@link io.penstock.net.wire.ResponseEncoder} and
 * {@link io.penstock.net.wire.FrameDecoder}.
 */
@NullMarked
package io.penstock.net.wire;

import org.jspecify.annotations.NullMarked;
