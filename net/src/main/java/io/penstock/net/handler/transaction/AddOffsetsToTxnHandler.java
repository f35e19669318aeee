package io.penstock.net.handler.transaction;

import io.penstock.core.TransactionCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers AddOffsetsToTxn. The group need not exist. Stateless. */
final class AddOffsetsToTxnHandler implements ApiHandler {
    private static final short FIRST_FENCED = 2;

    private final TransactionCoordinator transactions;

    AddOffsetsToTxnHandler(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(
                transactions
                        .addOffsets(request.data(AddOffsetsToTxnRequestData.class))
                        .map(answer -> answer.setErrorCode(
                                FencingCodes.inVersion(answer.errorCode(), request.version(), FIRST_FENCED))),
                responder);
    }
}
