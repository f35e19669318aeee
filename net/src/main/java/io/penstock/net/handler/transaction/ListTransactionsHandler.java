package io.penstock.net.handler.transaction;

import io.penstock.core.TransactionCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers ListTransactions. Stateless. */
final class ListTransactionsHandler implements ApiHandler {
    private final TransactionCoordinator transactions;

    ListTransactionsHandler(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.LIST_TRANSACTIONS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        Delegated.answer(transactions.list(request.data(ListTransactionsRequestData.class)), responder);
    }
}
