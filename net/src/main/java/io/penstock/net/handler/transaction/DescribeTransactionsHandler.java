package io.penstock.net.handler.transaction;

import io.penstock.core.TransactionCoordinator;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/** Answers DescribeTransactions. Stateless. */
final class DescribeTransactionsHandler implements ApiHandler {
    private final TransactionCoordinator transactions;

    DescribeTransactionsHandler(TransactionCoordinator transactions) {
        this.transactions = transactions;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_TRANSACTIONS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DescribeTransactionsRequestData data = request.data(DescribeTransactionsRequestData.class);
        Delegated.answer(
                transactions
                        .describe(data.transactionalIds())
                        .map(states -> new DescribeTransactionsResponseData().setTransactionStates(states)),
                responder);
    }
}
