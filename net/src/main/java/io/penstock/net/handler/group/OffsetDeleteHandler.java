package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.handler.Delegated;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.OffsetDeleteResponse;

/** Answers OffsetDelete. Partitions that do not exist are refused each on its own. Stateless. */
final class OffsetDeleteHandler implements ApiHandler {
    private final BrokerKernel kernel;

    OffsetDeleteHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_DELETE;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        OffsetDeleteRequestData data = request.data(OffsetDeleteRequestData.class);
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        OffsetDeleteResponse.Builder refused = new OffsetDeleteResponse.Builder();
        OffsetDeleteRequestTopicCollection known = new OffsetDeleteRequestTopicCollection();
        for (OffsetDeleteRequestTopic topic : data.topics()) {
            OffsetDeleteRequestTopic valid = validPartOf(topic, lookup, refused);
            if (!valid.partitions().isEmpty()) {
                known.mustAdd(valid);
            }
        }
        OffsetDeleteRequestData asked =
                new OffsetDeleteRequestData().setGroupId(data.groupId()).setTopics(known);
        Delegated.answer(
                kernel.groups()
                        .deleteOffsets(asked)
                        .map(answer -> refused.merge(answer).build().data()),
                responder);
    }

    private static OffsetDeleteRequestTopic validPartOf(
            OffsetDeleteRequestTopic topic, TopicLookup lookup, OffsetDeleteResponse.Builder refused) {
        TopicImage image = lookup.topic(topic.name());
        OffsetDeleteRequestTopic valid = new OffsetDeleteRequestTopic().setName(topic.name());
        for (OffsetDeleteRequestPartition partition : topic.partitions()) {
            if (lookup.partition(image, partition.partitionIndex()) != null) {
                valid.partitions().add(partition);
            } else {
                refused.addPartition(topic.name(), partition.partitionIndex(), lookup.unknown(image));
            }
        }
        return valid;
    }
}
