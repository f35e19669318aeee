package io.penstock.core.api;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A name and a value that travel with a record. Immutable as long as the buffer is left alone.
 *
 * @param value null if the header is its name alone
 */
public record RecordHeader(String name, @Nullable Buffer value) {}
