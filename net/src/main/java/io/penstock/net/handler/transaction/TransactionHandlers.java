package io.penstock.net.handler.transaction;

import io.penstock.core.BrokerKernel;
import io.penstock.core.TransactionCoordinator;
import io.penstock.net.server.ApiHandler;
import java.util.List;

/** Makes the handlers of all APIs that a transaction coordinator answers, FindCoordinator excepted, which groups need too. Stateless. */
public final class TransactionHandlers {
    private TransactionHandlers() {}

    /** One handler for each API. */
    public static List<ApiHandler> of(BrokerKernel kernel) {
        TransactionCoordinator transactions = kernel.transactions();
        return List.of(
                new InitProducerIdHandler(kernel.admin(), transactions),
                new AddPartitionsToTxnHandler(kernel),
                new AddOffsetsToTxnHandler(transactions),
                new EndTxnHandler(transactions),
                new DescribeTransactionsHandler(transactions),
                new ListTransactionsHandler(transactions));
    }
}
