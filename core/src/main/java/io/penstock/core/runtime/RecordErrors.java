package io.penstock.core.runtime;

import io.penstock.core.api.RecordException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Kafka's error codes as embedding applications see them. Stateless. */
final class RecordErrors {
    private RecordErrors() {}

    static RecordException of(Errors error, @Nullable String message) {
        return new RecordException(
                error.name(),
                error.exception() instanceof RetriableException,
                message == null ? error.name() + ": " + error.message() : error.name() + ": " + message);
    }
}
