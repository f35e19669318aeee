package io.penstock.net.handler;

import io.penstock.core.TransactionCoordinator;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;

/** Remembers what it is asked and gives the answers that a test has laid ready, in order. */
public final class FakeTransactions implements TransactionCoordinator {
    public final Deque<Object> asked = new ArrayDeque<>();
    /** The protocols named with the questions, in order. */
    public final List<Protocol> protocols = new ArrayList<>();

    public final Queue<Object> answers = new ArrayDeque<>();
    /** What {@link #coordinatorOf} answers. */
    public int node = FakeCluster.NODE;

    private <T> Future<T> answer(Class<T> type, Object question) {
        asked.add(question);
        return Future.succeededFuture(type.cast(answers.remove()));
    }

    @Override
    public Future<Integer> coordinatorOf(String transactionalId) {
        asked.add(transactionalId);
        return Future.succeededFuture(node);
    }

    @Override
    public Future<InitProducerIdResponseData> initProducerId(InitProducerIdRequestData request) {
        return answer(InitProducerIdResponseData.class, request);
    }

    @Override
    public Future<AddPartitionsToTxnResult> addPartitions(AddPartitionsToTxnTransaction request, Protocol protocol) {
        protocols.add(protocol);
        return answer(AddPartitionsToTxnResult.class, request);
    }

    @Override
    public Future<AddOffsetsToTxnResponseData> addOffsets(AddOffsetsToTxnRequestData request) {
        return answer(AddOffsetsToTxnResponseData.class, request);
    }

    @Override
    public Future<EndTxnResponseData> endTransaction(EndTxnRequestData request, Protocol protocol) {
        protocols.add(protocol);
        return answer(EndTxnResponseData.class, request);
    }

    @Override
    public Future<List<DescribeTransactionsResponseData.TransactionState>> describe(List<String> transactionalIds) {
        asked.add(transactionalIds);
        return Future.succeededFuture(
                List.of(DescribeTransactionsResponseData.TransactionState.class.cast(answers.remove())));
    }

    @Override
    public Future<ListTransactionsResponseData> list(ListTransactionsRequestData request) {
        return answer(ListTransactionsResponseData.class, request);
    }
}
