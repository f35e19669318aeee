package io.penstock.net.handler.admin;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.runtime.MarkerBatch;
import io.penstock.core.transaction.TransactionMarker;
import io.penstock.net.handler.ErrorCodes;
import io.penstock.net.handler.Outstanding;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.function.LongSupplier;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerPartitionResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerResult;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData.WritableTxnMarkerTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers WriteTxnMarkers: ends transactions in partitions, for an administrator who aborts one that hangs. What a marker may end is for
 * its partition to say; markers for committed offsets go to the coordinator of their groups, which alone writes there. Stateless.
 */
final class WriteTxnMarkersHandler implements ApiHandler {
    private static final int TIMEOUT_MS = 30_000;
    private static final byte FIRST_TRANSACTION_VERSION = 1;

    private final BrokerKernel kernel;
    private final LongSupplier wallMs;

    WriteTxnMarkersHandler(BrokerKernel kernel, LongSupplier wallMs) {
        this.kernel = kernel;
        this.wallMs = wallMs;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.WRITE_TXN_MARKERS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        WriteTxnMarkersResponseData response = new WriteTxnMarkersResponseData();
        Outstanding outstanding = new Outstanding(() -> responder.send(response));
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        for (WritableTxnMarker sent :
                request.data(WriteTxnMarkersRequestData.class).markers()) {
            WritableTxnMarkerResult answers = new WritableTxnMarkerResult().setProducerId(sent.producerId());
            response.markers().add(answers);
            TransactionMarker marker = markerOf(sent);
            for (WritableTxnMarkerTopic topic : sent.topics()) {
                WritableTxnMarkerTopicResult topicAnswers = new WritableTxnMarkerTopicResult().setName(topic.name());
                answers.topics().add(topicAnswers);
                TopicImage image = lookup.topic(topic.name());
                for (int index : topic.partitionIndexes()) {
                    WritableTxnMarkerPartitionResult answer =
                            new WritableTxnMarkerPartitionResult().setPartitionIndex(index);
                    topicAnswers.partitions().add(answer);
                    PartitionImage partition = lookup.partition(image, index);
                    if (partition == null) {
                        answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                    } else {
                        write(marker, topic.name(), partition, answer, outstanding);
                    }
                }
            }
        }
        outstanding.allAsked();
    }

    private static TransactionMarker markerOf(WritableTxnMarker sent) {
        return new TransactionMarker(
                sent.producerId(),
                sent.producerEpoch(),
                sent.coordinatorEpoch(),
                sent.transactionResult(),
                Math.max(FIRST_TRANSACTION_VERSION, sent.transactionVersion()));
    }

    private void write(
            TransactionMarker marker,
            String topic,
            PartitionImage partition,
            WritableTxnMarkerPartitionResult answer,
            Outstanding outstanding) {
        outstanding.expect();
        if (topic.equals(Topic.GROUP_METADATA_TOPIC_NAME)) {
            kernel.groups().endTransaction(partition.id(), marker).onComplete(ended -> {
                answer.setErrorCode((ended.succeeded() ? ended.result() : Errors.forException(ended.cause())).code());
                outstanding.arrived();
            });
            return;
        }
        AppendRequest append = AppendRequest.marker(
                MarkerBatch.of(marker, wallMs.getAsLong()), marker.transactionVersion(), TIMEOUT_MS);
        kernel.partitions().append(partition.id(), append, result -> {
            answer.setErrorCode(ErrorCodes.ofNamedTopic(result.error()).code());
            outstanding.arrived();
        });
    }
}
