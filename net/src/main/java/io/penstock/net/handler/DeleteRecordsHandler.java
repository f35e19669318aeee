package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers DeleteRecords: moves log starts up. Internal topics are refused. Stateless. */
final class DeleteRecordsHandler implements ApiHandler {
    private static final long NO_LOW_WATERMARK = -1;

    private final BrokerKernel kernel;

    DeleteRecordsHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DeleteRecordsResponseData response = new DeleteRecordsResponseData();
        Outstanding outstanding = new Outstanding(() -> responder.send(response));
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        for (DeleteRecordsTopic topic :
                request.data(DeleteRecordsRequestData.class).topics()) {
            DeleteRecordsTopicResult answers = new DeleteRecordsTopicResult().setName(topic.name());
            TopicImage image = lookup.topic(topic.name());
            for (DeleteRecordsPartition asked : topic.partitions()) {
                DeleteRecordsPartitionResult answer = new DeleteRecordsPartitionResult()
                        .setPartitionIndex(asked.partitionIndex())
                        .setLowWatermark(NO_LOW_WATERMARK);
                answers.partitions().mustAdd(answer);
                PartitionImage partition = lookup.partition(image, asked.partitionIndex());
                if (image == null || partition == null) {
                    answer.setErrorCode(lookup.unknown(image).code());
                } else if (image.isInternal()) {
                    answer.setErrorCode(Errors.INVALID_TOPIC_EXCEPTION.code());
                } else {
                    delete(partition, asked.offset(), answer, outstanding);
                }
            }
            response.topics().mustAdd(answers);
        }
        outstanding.allAsked();
    }

    private void delete(
            PartitionImage partition, long offset, DeleteRecordsPartitionResult answer, Outstanding outstanding) {
        outstanding.expect();
        kernel.partitions().deleteRecords(partition.id(), offset, result -> {
            fill(answer, result);
            outstanding.arrived();
        });
    }

    private static void fill(DeleteRecordsPartitionResult answer, DeleteRecordsResult result) {
        answer.setErrorCode(ErrorCodes.ofNamedTopic(result.error()).code()).setLowWatermark(result.lowWatermark());
    }
}
