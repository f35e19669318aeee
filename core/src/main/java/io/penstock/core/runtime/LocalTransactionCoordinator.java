package io.penstock.core.runtime;

import io.penstock.core.TransactionCoordinator;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.transaction.ProducerGrant;
import io.penstock.core.transaction.TransactionCommand;
import io.penstock.core.transaction.TransactionCommands;
import io.penstock.core.transaction.TransactionListing;
import io.penstock.core.transaction.TransactionListing.Filter;
import io.penstock.core.transaction.TransactionSettings;
import io.penstock.core.transaction.TransactionShard;
import io.penstock.core.transaction.TransactionState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
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
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/** Sends questions about transactions to the coordinators of this broker and brings the answers back. Safe from any thread. */
final class LocalTransactionCoordinator implements TransactionCoordinator {
    private final Vertx vertx;
    private final TransactionFleet fleet;
    private final InternalTopic topic;
    private final CoordinatorTopic transactions;
    private final GroupTopic groups;
    private final Clock clock;
    private final TransactionSettings settings;

    /**
     * Knows where groups are.
     *
     * @param coordinatorOf makes the topic of groups if there is none; completes with the group's node
     */
    private record GroupTopic(Function<String, Future<Integer>> coordinatorOf, CoordinatorTopic partitions) {}

    /** @param coordinatorOfGroup makes the topic of groups if there is none; completes with the group's node */
    LocalTransactionCoordinator(
            Vertx vertx,
            TransactionFleet fleet,
            InternalTopic topic,
            Supplier<MetadataImage> metadata,
            Function<String, Future<Integer>> coordinatorOfGroup,
            Clock clock,
            TransactionSettings settings) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.topic = topic;
        this.transactions = new CoordinatorTopic(metadata, Topic.TRANSACTION_STATE_TOPIC_NAME);
        this.groups =
                new GroupTopic(coordinatorOfGroup, new CoordinatorTopic(metadata, Topic.GROUP_METADATA_TOPIC_NAME));
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public Future<Integer> coordinatorOf(String transactionalId) {
        if (transactions.exists()) {
            return Future.succeededFuture(transactions.leaderOf(transactionalId, NO_NODE));
        }
        return inCallerContext(
                topic.create().map(exists -> exists ? transactions.leaderOf(transactionalId, NO_NODE) : NO_NODE));
    }

    // ---- producers

    @Override
    public Future<InitProducerIdResponseData> initProducerId(InitProducerIdRequestData request) {
        Promise<InitProducerIdResponseData> answer = callerContext().promise();
        TransactionCommand command = TransactionCommands.initProducerId(
                request.transactionalId(),
                request.transactionTimeoutMs(),
                request.producerId(),
                request.producerEpoch(),
                grant -> answer.complete(initialized(grant)));
        ask(command, refusal(request));
        return answer.future();
    }

    private Errors refusal(InitProducerIdRequestData request) {
        if (request.transactionalId().isEmpty()) {
            return Errors.INVALID_REQUEST;
        }
        boolean isAllowed =
                request.transactionTimeoutMs() > 0 && request.transactionTimeoutMs() <= settings.maxTimeoutMs();
        return isAllowed ? Errors.NONE : Errors.INVALID_TRANSACTION_TIMEOUT;
    }

    private static InitProducerIdResponseData initialized(ProducerGrant grant) {
        return new InitProducerIdResponseData()
                .setErrorCode(grant.error().code())
                .setProducerId(grant.producerId())
                .setProducerEpoch(grant.producerEpoch());
    }

    @Override
    public Future<AddPartitionsToTxnResult> addPartitions(AddPartitionsToTxnTransaction request, Protocol protocol) {
        Set<TopicPartition> partitions = new HashSet<>();
        request.topics()
                .forEach(added ->
                        added.partitions().forEach(index -> partitions.add(new TopicPartition(added.name(), index))));
        Promise<AddPartitionsToTxnResult> answer = callerContext().promise();
        String transactionalId = request.transactionalId();
        TransactionCommand command = request.verifyOnly()
                ? TransactionCommands.verifyPartitions(
                        transactionalId,
                        request.producerId(),
                        request.producerEpoch(),
                        partitions,
                        0,
                        errors -> answer.complete(
                                AddPartitionsToTxnResponse.resultForTransaction(transactionalId, errors)))
                : TransactionCommands.addPartitions(
                        transactionalId,
                        request.producerId(),
                        request.producerEpoch(),
                        partitions,
                        version(protocol),
                        0,
                        error -> answer.complete(AddPartitionsToTxnResponse.resultForTransaction(
                                transactionalId, allWith(partitions, error))));
        ask(command, ifEmpty(transactionalId));
        return answer.future();
    }

    private static Map<TopicPartition, Errors> allWith(Set<TopicPartition> partitions, Errors error) {
        Map<TopicPartition, Errors> errors = new HashMap<>();
        partitions.forEach(partition -> errors.put(partition, error));
        return errors;
    }

    private static short version(Protocol protocol) {
        return protocol == Protocol.V2 ? TransactionState.VERSION_2 : TransactionState.VERSION_1;
    }

    @Override
    public Future<AddOffsetsToTxnResponseData> addOffsets(AddOffsetsToTxnRequestData request) {
        if (groups.partitions().exists()) {
            return inCallerContext(addOffsetsNow(request));
        }
        return inCallerContext(groups.coordinatorOf().apply(request.groupId()).compose(node -> addOffsetsNow(request)));
    }

    private Future<AddOffsetsToTxnResponseData> addOffsetsNow(AddOffsetsToTxnRequestData request) {
        Promise<AddOffsetsToTxnResponseData> answer = Promise.promise();
        int partition = groups.partitions().partitionOf(request.groupId());
        TransactionCommand command = TransactionCommands.addPartitions(
                request.transactionalId(),
                request.producerId(),
                request.producerEpoch(),
                Set.of(new TopicPartition(Topic.GROUP_METADATA_TOPIC_NAME, Math.max(0, partition))),
                TransactionState.VERSION_1,
                0,
                error -> answer.complete(new AddOffsetsToTxnResponseData().setErrorCode(error.code())));
        Errors refusal = ifEmpty(request.transactionalId());
        if (refusal == Errors.NONE && partition == CoordinatorTopic.NO_PARTITION) {
            refusal = Errors.COORDINATOR_NOT_AVAILABLE;
        }
        ask(command, refusal);
        return answer.future();
    }

    @Override
    public Future<EndTxnResponseData> endTransaction(EndTxnRequestData request, Protocol protocol) {
        Promise<EndTxnResponseData> answer = callerContext().promise();
        TransactionCommand command = TransactionCommands.endTransaction(
                request.transactionalId(),
                request.producerId(),
                request.producerEpoch(),
                request.committed(),
                version(protocol),
                grant -> answer.complete(new EndTxnResponseData()
                        .setErrorCode(grant.error().code())
                        .setProducerId(grant.producerId())
                        .setProducerEpoch(grant.producerEpoch())));
        ask(command, ifEmpty(request.transactionalId()));
        return answer.future();
    }

    // ---- administration

    @Override
    public Future<List<DescribeTransactionsResponseData.TransactionState>> describe(List<String> transactionalIds) {
        List<Future<DescribeTransactionsResponseData.TransactionState>> answers =
                transactionalIds.stream().map(this::describe).toList();
        return inCallerContext(
                Future.join(answers).map(done -> done.<DescribeTransactionsResponseData.TransactionState>list()));
    }

    private Future<DescribeTransactionsResponseData.TransactionState> describe(String transactionalId) {
        Errors refusal = ifEmpty(transactionalId);
        if (refusal == Errors.NONE && !transactions.exists()) {
            refusal = Errors.NOT_COORDINATOR;
        }
        return refusal == Errors.NONE
                ? askShard(
                        transactions.partitionOf(transactionalId),
                        shard -> TransactionListing.describe(shard, transactionalId),
                        error -> notDescribed(transactionalId, error))
                : Future.succeededFuture(notDescribed(transactionalId, refusal));
    }

    private static DescribeTransactionsResponseData.TransactionState notDescribed(
            String transactionalId, Errors error) {
        return new DescribeTransactionsResponseData.TransactionState()
                .setTransactionalId(transactionalId)
                .setErrorCode(error.code());
    }

    @Override
    public Future<ListTransactionsResponseData> list(ListTransactionsRequestData request) {
        if (Filter.flaw(request) != null) {
            return Future.succeededFuture(
                    new ListTransactionsResponseData().setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code()));
        }
        Filter filter = Filter.of(request);
        List<Future<Listed>> all = new ArrayList<>();
        for (int partition : fleet.partitions()) {
            all.add(askShard(
                    partition,
                    shard -> new Listed(Errors.NONE, TransactionListing.list(shard, filter, clock.wallMs())),
                    error -> new Listed(error, List.of())));
        }
        return inCallerContext(Future.join(all).map(done -> listed(filter, done.<Listed>list())));
    }

    /** One coordinator's ids. */
    private record Listed(Errors error, List<ListTransactionsResponseData.TransactionState> states) {}

    private static ListTransactionsResponseData listed(Filter filter, List<Listed> all) {
        ListTransactionsResponseData response =
                new ListTransactionsResponseData().setUnknownStateFilters(filter.unknownStatuses());
        for (Listed listed : all) {
            // A partition that has just moved away is the other broker's to tell about.
            if (listed.error() != Errors.NONE && listed.error() != Errors.NOT_COORDINATOR) {
                return new ListTransactionsResponseData()
                        .setErrorCode(listed.error().code());
            }
            response.transactionStates().addAll(listed.states());
        }
        return response;
    }

    // ---- the way there and back

    private static Errors ifEmpty(String transactionalId) {
        return transactionalId.isEmpty() ? Errors.INVALID_REQUEST : Errors.NONE;
    }

    /** Asks the id's coordinator, unless the question is refused at once. */
    private void ask(TransactionCommand command, Errors refusal) {
        if (refusal == Errors.NONE) {
            ask(fleet, transactions, command);
        } else {
            command.refuse(refusal);
        }
    }

    /** Asks the id's coordinator. */
    static void ask(TransactionFleet fleet, CoordinatorTopic transactions, TransactionCommand command) {
        int partition = transactions.partitionOf(command.transactionalId());
        if (partition == CoordinatorTopic.NO_PARTITION) {
            command.refuse(Errors.NOT_COORDINATOR);
        } else {
            fleet.send(partition, new CoordinatorCall<>((shard, now) -> shard.submit(command, now), command::refuse));
        }
    }

    private <T> Future<T> askShard(int partition, Function<TransactionShard, T> question, Function<Errors, T> refusal) {
        Promise<T> answer = callerContext().promise();
        fleet.send(
                partition,
                new CoordinatorCall<>(
                        (shard, now) -> answer.complete(question.apply(shard)),
                        error -> answer.complete(refusal.apply(error))));
        return answer.future();
    }

    private ContextInternal callerContext() {
        return (ContextInternal) vertx.getOrCreateContext();
    }

    private <T> Future<T> inCallerContext(Future<T> future) {
        Promise<T> answer = callerContext().promise();
        future.onComplete(answer);
        return answer.future();
    }
}
