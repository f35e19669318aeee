package io.penstock.net.handler;

import io.penstock.core.ClusterAdmin;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers InitProducerId for idempotent producers: always a fresh id with epoch 0, whatever id the producer had. Stateless.
 *
 * <p>This broker has no transaction coordinator. A transactional id is refused with a code that producers take for fatal, so that
 * they fail at once instead of looking for a coordinator until they time out; most fail earlier, in {@link FindCoordinatorHandler}.
 */
final class InitProducerIdHandler implements ApiHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(InitProducerIdHandler.class);
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_PRODUCER_EPOCH = -1;

    private final ClusterAdmin admin;

    InitProducerIdHandler(ClusterAdmin admin) {
        this.admin = admin;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Errors refusal = refusal(request.data(InitProducerIdRequestData.class));
        if (refusal != Errors.NONE) {
            responder.send(answer(refusal, NO_PRODUCER_ID, NO_PRODUCER_EPOCH));
        } else {
            admin.nextProducerId()
                    .onComplete(next -> responder.send(
                            next.succeeded()
                                    ? answer(Errors.NONE, next.result(), (short) 0)
                                    : unavailable(next.cause())));
        }
    }

    /** Producers ask again, where an unforeseen error would end them. */
    private static InitProducerIdResponseData unavailable(Throwable cause) {
        LOGGER.warn("No producer id could be allocated", cause);
        return answer(Errors.COORDINATOR_LOAD_IN_PROGRESS, NO_PRODUCER_ID, NO_PRODUCER_EPOCH);
    }

    private static Errors refusal(InitProducerIdRequestData data) {
        boolean hasId = data.producerId() != NO_PRODUCER_ID;
        boolean hasEpoch = data.producerEpoch() != NO_PRODUCER_EPOCH;
        String transactionalId = data.transactionalId();
        if (hasId != hasEpoch || "".equals(transactionalId)) {
            return Errors.INVALID_REQUEST;
        }
        return transactionalId == null ? Errors.NONE : Errors.UNSUPPORTED_VERSION;
    }

    private static InitProducerIdResponseData answer(Errors error, long producerId, short epoch) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(producerId)
                .setProducerEpoch(epoch);
    }
}
