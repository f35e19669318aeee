package io.penstock.net.server;

import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.jspecify.annotations.Nullable;

/** Builds the answer to a request whose handler failed unexpectedly. Stateless; slow, as only bugs need it. */
final class ErrorAnswers {
    private ErrorAnswers() {}

    /**
     * UNKNOWN_SERVER_ERROR wherever this API has room for an error code; null if the request gets no answer at all, as a Produce with
     * {@code acks=0}.
     */
    static @Nullable ApiMessage unknownServerError(KafkaRequest request) {
        // kafka-clients makes error answers only from its request classes, and those only from bytes.
        AbstractRequest parsed = AbstractRequest.parseRequest(
                        request.api(),
                        request.version(),
                        MessageUtil.toByteBufferAccessor(request.data(), request.version()))
                .request;
        AbstractResponse answer =
                parsed.getErrorResponse(new UnknownServerException("the server failed to handle this request"));
        return answer == null ? null : answer.data();
    }
}
