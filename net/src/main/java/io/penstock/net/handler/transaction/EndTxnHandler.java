package io.penstock.net.handler.transaction;

import io.penstock.core.TransactionCoordinator;
import io.penstock.core.TransactionCoordinator.Protocol;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Answers EndTxn. The request's version tells which transactions the client speaks, whatever {@code transaction.version} is: clients look
 * at that before they choose. Stateless.
 */
final class EndTxnHandler implements ApiHandler {
    private static final short FIRST_FENCED = 2;
    private static final short FIRST_BUMPED = 5;

    private final TransactionCoordinator transactions;

    EndTxnHandler(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.END_TXN;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Protocol protocol = request.version() < FIRST_BUMPED ? Protocol.V1 : Protocol.V2;
        Delegated.answer(
                transactions
                        .endTransaction(request.data(EndTxnRequestData.class), protocol)
                        .map(answer -> answer.setErrorCode(
                                FencingCodes.inVersion(answer.errorCode(), request.version(), FIRST_FENCED))),
                responder);
    }
}
