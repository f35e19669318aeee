package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.group.CommitCaller;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.handler.Delegated;
import io.penstock.net.handler.ErrorCodes;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetCommitResponse;

/** Answers OffsetCommit. Partitions that do not exist are refused each on its own; the others are committed. Stateless. */
final class OffsetCommitHandler implements ApiHandler {
    private static final short FIRST_MEMBER_EPOCH = 9;
    private static final short FIRST_TOPIC_ID = 10;

    private final BrokerKernel kernel;

    OffsetCommitHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_COMMIT;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        OffsetCommitRequestData data = request.data(OffsetCommitRequestData.class);
        boolean isById = request.version() >= FIRST_TOPIC_ID;
        TopicLookup lookup = TopicLookup.by(kernel.metadata(), isById);
        OffsetCommitResponse.Builder refused = OffsetCommitResponse.newBuilder(isById);
        List<OffsetCommitRequestTopic> known = new ArrayList<>();
        for (OffsetCommitRequestTopic topic : data.topics()) {
            OffsetCommitRequestTopic valid = validPartOf(topic, lookup, refused);
            if (!valid.partitions().isEmpty()) {
                known.add(valid);
            }
        }
        if (known.isEmpty()) {
            responder.send(refused.build().data());
            return;
        }
        Delegated.answer(
                kernel.groups()
                        .commitOffsets(data.setTopics(known), caller(request.version()))
                        .map(answer -> refused.merge(inVersion(answer, request.version()))
                                .build()
                                .data()),
                responder);
    }

    /** The topic with name and id and those of its partitions that exist. */
    private static OffsetCommitRequestTopic validPartOf(
            OffsetCommitRequestTopic topic, TopicLookup lookup, OffsetCommitResponse.Builder refused) {
        TopicImage image = lookup.topic(topic.name(), topic.topicId());
        OffsetCommitRequestTopic valid = new OffsetCommitRequestTopic();
        if (image != null) {
            valid.setName(image.name()).setTopicId(image.id());
        }
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            if (lookup.partition(image, partition.partitionIndex()) != null) {
                valid.partitions().add(partition);
            } else {
                refused.addPartition(topic.topicId(), topic.name(), partition.partitionIndex(), lookup.unknown(image));
            }
        }
        return valid;
    }

    private static CommitCaller caller(short version) {
        return version < FIRST_MEMBER_EPOCH ? CommitCaller.KNOWS_GENERATIONS : CommitCaller.KNOWS_MEMBER_EPOCHS;
    }

    private static OffsetCommitResponseData inVersion(OffsetCommitResponseData answer, short version) {
        answer.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    Errors error = Errors.forCode(partition.errorCode());
                    partition.setErrorCode(
                            ErrorCodes.ofOffsetCommit(error, version).code());
                }));
        return answer;
    }
}
