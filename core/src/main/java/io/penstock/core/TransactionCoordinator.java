package io.penstock.core;

import io.vertx.core.Future;
import java.util.List;
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

/**
 * Transactional ids and their transactions, as far as this broker coordinates them. Takes and returns Kafka's version-free message
 * data; error codes are Kafka's newest. Safe from any thread: each question goes to the verticle that owns the transactional id.
 *
 * <p>Refusals are error codes inside the answers. An answer comes after what it tells has been written. Call it on a Vert.x context;
 * futures complete on that context, and fail only for bugs.
 */
public interface TransactionCoordinator {
    /** No broker can be named now: ask again. */
    int NO_NODE = -1;

    /** How a producer speaks of transactions. */
    enum Protocol {
        /** It adds partitions itself, and keeps its epoch. */
        V1,
        /** Its batches add partitions, and every end moves its epoch on (KIP-890). */
        V2
    }

    /**
     * The node that coordinates a transactional id, or {@link #NO_NODE}. The first question of all makes the topic in which
     * transactions are kept.
     */
    Future<Integer> coordinatorOf(String transactionalId);

    /** A producer begins under a transactional id, which the request must have, or goes on after an error. */
    Future<InitProducerIdResponseData> initProducerId(InitProducerIdRequestData request);

    /**
     * Partitions join a transaction, all or none; or, if the request says {@code verifyOnly}, are looked for in it. The partitions
     * must exist.
     */
    Future<AddPartitionsToTxnResult> addPartitions(AddPartitionsToTxnTransaction request, Protocol protocol);

    /** The partition that has a group's offsets joins a transaction of a producer that speaks {@link Protocol#V1}. */
    Future<AddOffsetsToTxnResponseData> addOffsets(AddOffsetsToTxnRequestData request);

    /** A producer ends its transaction. Markers are written after the answer. */
    Future<EndTxnResponseData> endTransaction(EndTxnRequestData request, Protocol protocol);

    /** Transactional ids with their transactions, in the order asked for. */
    Future<List<DescribeTransactionsResponseData.TransactionState>> describe(List<String> transactionalIds);

    /** The transactional ids that this broker coordinates. */
    Future<ListTransactionsResponseData> list(ListTransactionsRequestData request);
}
