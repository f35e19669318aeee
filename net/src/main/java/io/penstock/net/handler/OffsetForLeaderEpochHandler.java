package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** Answers OffsetForLeaderEpoch, by which clients find out whether records they have read were lost. Stateless. */
final class OffsetForLeaderEpochHandler implements ApiHandler {
    private final BrokerKernel kernel;

    OffsetForLeaderEpochHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        OffsetForLeaderEpochRequestData data = request.data(OffsetForLeaderEpochRequestData.class);
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        Outstanding outstanding = new Outstanding(() -> responder.send(response));
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        for (OffsetForLeaderTopic topic : data.topics()) {
            OffsetForLeaderTopicResult answers = new OffsetForLeaderTopicResult().setTopic(topic.topic());
            TopicImage image = lookup.topic(topic.topic());
            for (OffsetForLeaderPartition asked : topic.partitions()) {
                EpochEndOffset answer = new EpochEndOffset().setPartition(asked.partition());
                answers.partitions().add(answer);
                PartitionImage partition = lookup.partition(image, asked.partition());
                if (partition == null) {
                    answer.setErrorCode(lookup.unknown(image).code());
                } else {
                    ask(partition, asked, answer, outstanding);
                }
            }
            response.topics().mustAdd(answers);
        }
        outstanding.allAsked();
    }

    private void ask(
            PartitionImage partition, OffsetForLeaderPartition asked, EpochEndOffset answer, Outstanding outstanding) {
        outstanding.expect();
        kernel.partitions().epochEnd(partition.id(), asked.currentLeaderEpoch(), asked.leaderEpoch(), result -> {
            fill(answer, result);
            outstanding.arrived();
        });
    }

    private static void fill(EpochEndOffset answer, EpochEndResult result) {
        answer.setErrorCode(ErrorCodes.ofNamedTopic(result.error()).code());
        if (result.error() == Errors.NONE) {
            answer.setLeaderEpoch(result.leaderEpoch()).setEndOffset(result.endOffset());
        }
    }
}
