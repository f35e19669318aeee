package io.penstock.net.handler.transaction;

import io.penstock.core.ClusterAdmin;
import io.penstock.core.TransactionCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.vertx.core.Future;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers InitProducerId: to producers without a transactional id always a fresh id with epoch 0, whatever id they had; to others
 * what the transaction coordinator says. Stateless.
 */
final class InitProducerIdHandler implements ApiHandler {
    private static final Logger LOGGER = LoggerFactory.getLogger(InitProducerIdHandler.class);
    private static final short FIRST_FENCED = 4;
    private static final long NO_PRODUCER_ID = -1;
    private static final short NO_PRODUCER_EPOCH = -1;

    private final ClusterAdmin admin;
    private final TransactionCoordinator transactions;

    InitProducerIdHandler(ClusterAdmin admin, TransactionCoordinator transactions) {
        this.admin = admin;
        this.transactions = transactions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        InitProducerIdRequestData data = request.data(InitProducerIdRequestData.class);
        boolean hasId = data.producerId() != NO_PRODUCER_ID;
        boolean hasEpoch = data.producerEpoch() != NO_PRODUCER_EPOCH;
        if (hasId != hasEpoch) {
            responder.send(answer(Errors.INVALID_REQUEST, NO_PRODUCER_ID, NO_PRODUCER_EPOCH));
        } else if (data.transactionalId() == null) {
            Delegated.answer(freshId(), responder);
        } else {
            Delegated.answer(
                    transactions
                            .initProducerId(data)
                            .map(answer -> answer.setErrorCode(
                                    FencingCodes.inVersion(answer.errorCode(), request.version(), FIRST_FENCED))),
                    responder);
        }
    }

    private Future<InitProducerIdResponseData> freshId() {
        return admin.nextProducerId()
                .map(id -> answer(Errors.NONE, id, (short) 0))
                .otherwise(InitProducerIdHandler::unavailable);
    }

    /** Producers ask again, where an unforeseen error would end them. */
    private static InitProducerIdResponseData unavailable(Throwable cause) {
        LOGGER.warn("No producer id could be allocated", cause);
        return answer(Errors.COORDINATOR_LOAD_IN_PROGRESS, NO_PRODUCER_ID, NO_PRODUCER_EPOCH);
    }

    private static InitProducerIdResponseData answer(Errors error, long producerId, short epoch) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(producerId)
                .setProducerEpoch(epoch);
    }
}
