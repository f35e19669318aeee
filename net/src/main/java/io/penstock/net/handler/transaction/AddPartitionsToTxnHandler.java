package io.penstock.net.handler.transaction;

import io.penstock.core.BrokerKernel;
import io.penstock.core.TransactionCoordinator.Protocol;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResultCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;

/**
 * Answers AddPartitionsToTxn: clients add the partitions of one transaction in versions up to 3, brokers add or verify those of many in
 * newer ones. One partition that may not join keeps all of its transaction's out. Stateless.
 */
final class AddPartitionsToTxnHandler implements ApiHandler {
    private static final short FIRST_FENCED = 2;
    private static final short FIRST_BATCHED = 4;

    private final BrokerKernel kernel;

    AddPartitionsToTxnHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        AddPartitionsToTxnRequestData data = request.data(AddPartitionsToTxnRequestData.class);
        if (request.version() < FIRST_BATCHED) {
            Delegated.answer(add(single(data), request.version()).map(AddPartitionsToTxnHandler::single), responder);
            return;
        }
        List<Future<AddPartitionsToTxnResult>> results = data.transactions().stream()
                .map(transaction -> add(transaction, request.version()))
                .toList();
        Delegated.answer(Future.join(results).map(all -> batched(all.list())), responder);
    }

    private static AddPartitionsToTxnTransaction single(AddPartitionsToTxnRequestData data) {
        return new AddPartitionsToTxnTransaction()
                .setTransactionalId(data.v3AndBelowTransactionalId())
                .setProducerId(data.v3AndBelowProducerId())
                .setProducerEpoch(data.v3AndBelowProducerEpoch())
                .setTopics(data.v3AndBelowTopics());
    }

    private static AddPartitionsToTxnResponseData single(AddPartitionsToTxnResult result) {
        AddPartitionsToTxnResponseData response = new AddPartitionsToTxnResponseData();
        return response.setResultsByTopicV3AndBelow(result.topicResults());
    }

    private static AddPartitionsToTxnResponseData batched(List<AddPartitionsToTxnResult> results) {
        AddPartitionsToTxnResultCollection collection = new AddPartitionsToTxnResultCollection();
        collection.addAll(results);
        return new AddPartitionsToTxnResponseData().setResultsByTransaction(collection);
    }

    private Future<AddPartitionsToTxnResult> add(AddPartitionsToTxnTransaction transaction, short version) {
        Map<TopicPartition, Errors> refused = refusals(transaction, version);
        if (!refused.isEmpty()) {
            return Future.succeededFuture(
                    AddPartitionsToTxnResponse.resultForTransaction(transaction.transactionalId(), refused));
        }
        Protocol protocol = version < FIRST_BATCHED ? Protocol.V1 : Protocol.V2;
        return kernel.transactions().addPartitions(transaction, protocol).map(result -> inVersion(result, version));
    }

    /** What keeps partitions out; empty if nothing does, else there is a code for every partition. */
    private Map<TopicPartition, Errors> refusals(AddPartitionsToTxnTransaction transaction, short version) {
        MetadataImage image = kernel.metadata();
        Map<TopicPartition, Errors> answers = new LinkedHashMap<>();
        boolean isRefused = false;
        for (AddPartitionsToTxnTopic topic : transaction.topics()) {
            TopicImage known = image.topic(topic.name());
            for (int index : topic.partitions()) {
                boolean isThere = known != null
                        && index >= 0
                        && index < known.partitions().size();
                boolean isForbidden = version < FIRST_BATCHED && Topic.isInternal(topic.name());
                isRefused |= isForbidden || !isThere;
                answers.put(new TopicPartition(topic.name(), index), code(isForbidden, isThere));
            }
        }
        return isRefused ? answers : Map.of();
    }

    private static Errors code(boolean isForbidden, boolean isThere) {
        if (isForbidden) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return isThere ? Errors.OPERATION_NOT_ATTEMPTED : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static AddPartitionsToTxnResult inVersion(AddPartitionsToTxnResult result, short version) {
        for (AddPartitionsToTxnTopicResult topic : result.topicResults()) {
            for (AddPartitionsToTxnPartitionResult partition : topic.resultsByPartition()) {
                partition.setPartitionErrorCode(
                        FencingCodes.inVersion(partition.partitionErrorCode(), version, FIRST_FENCED));
            }
        }
        return result;
    }
}
