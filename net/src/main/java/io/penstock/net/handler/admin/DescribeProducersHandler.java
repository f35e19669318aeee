package io.penstock.net.handler.admin;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.ProducersResult;
import io.penstock.net.handler.Outstanding;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.penstock.storage.producer.ProducerStates;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Answers DescribeProducers from what the partitions remember of their producers. Stateless. */
final class DescribeProducersHandler implements ApiHandler {
    private final BrokerKernel kernel;

    DescribeProducersHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DescribeProducersResponseData response = new DescribeProducersResponseData();
        Outstanding outstanding = new Outstanding(() -> responder.send(response));
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        for (TopicRequest asked :
                request.data(DescribeProducersRequestData.class).topics()) {
            TopicResponse answers = new TopicResponse().setName(asked.name());
            response.topics().add(answers);
            TopicImage topic = lookup.topic(asked.name());
            ApiError error = topic == null ? unknown(asked.name()) : ApiError.NONE;
            for (int index : asked.partitionIndexes()) {
                PartitionResponse answer = new PartitionResponse()
                        .setPartitionIndex(index)
                        .setErrorCode(error.error().code())
                        .setErrorMessage(error.isFailure() ? error.messageWithFallback() : null);
                answers.partitions().add(answer);
                PartitionImage partition = lookup.partition(topic, index);
                if (partition != null) {
                    ask(partition, answer, outstanding);
                } else if (topic != null) {
                    answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
                }
            }
        }
        outstanding.allAsked();
    }

    private static ApiError unknown(String name) {
        try {
            Topic.validate(name);
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        } catch (InvalidTopicException e) {
            return new ApiError(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
        }
    }

    private void ask(PartitionImage partition, PartitionResponse answer, Outstanding outstanding) {
        outstanding.expect();
        kernel.partitions().producers(partition.id(), result -> {
            fill(answer, result);
            outstanding.arrived();
        });
    }

    private static void fill(PartitionResponse answer, ProducersResult result) {
        answer.setErrorCode(result.error().code());
        for (ProducerStates.ProducerState producer : result.producers()) {
            answer.activeProducers()
                    .add(new ProducerState()
                            .setProducerId(producer.producerId())
                            .setProducerEpoch(producer.producerEpoch())
                            .setLastSequence(producer.lastSequence())
                            .setLastTimestamp(producer.lastTimestampMs())
                            .setCoordinatorEpoch(producer.coordinatorEpoch())
                            .setCurrentTxnStartOffset(producer.openTransactionFirstOffset()));
        }
    }
}
