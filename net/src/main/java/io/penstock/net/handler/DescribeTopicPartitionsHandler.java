package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.Iterator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers DescribeTopicPartitions (KIP-966): topics by name in alphabetical order, page by page, where the cursor names the partition
 * with which the next page begins. Stateless.
 */
final class DescribeTopicPartitionsHandler implements ApiHandler {
    private final BrokerKernel kernel;
    private final int pageLimit;

    DescribeTopicPartitionsHandler(BrokerKernel kernel, HandlerSettings settings) {
        this.kernel = kernel;
        this.pageLimit = settings.describedPartitions();
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        DescribeTopicPartitionsRequestData data = request.data(DescribeTopicPartitionsRequestData.class);
        MetadataImage image = kernel.metadata();
        SortedSet<String> names = namesFromCursor(data, image);
        String fault = faultOf(data, names);
        responder.send(fault != null ? refusal(data, fault) : page(request, image, names));
    }

    private static SortedSet<String> namesFromCursor(DescribeTopicPartitionsRequestData data, MetadataImage image) {
        TreeSet<String> names = new TreeSet<>();
        if (data.topics().isEmpty()) {
            image.topics().forEach(topic -> names.add(topic.name()));
        } else {
            for (TopicRequest topic : data.topics()) {
                names.add(topic.name());
            }
        }
        return data.cursor() == null ? names : names.tailSet(data.cursor().topicName());
    }

    private static @Nullable String faultOf(DescribeTopicPartitionsRequestData data, SortedSet<String> names) {
        DescribeTopicPartitionsRequestData.Cursor cursor = data.cursor();
        if (cursor == null) {
            return null;
        }
        if (!data.topics().isEmpty() && !names.contains(cursor.topicName())) {
            return "DescribeTopicPartitionsRequest topic list should contain the cursor topic: " + cursor.topicName();
        }
        return cursor.partitionIndex() < 0
                ? "DescribeTopicPartitionsRequest cursor partition must be valid: " + cursor
                : null;
    }

    private static ApiMessage refusal(DescribeTopicPartitionsRequestData data, String fault) {
        return new DescribeTopicPartitionsRequest(data)
                .getErrorResponse(0, Errors.INVALID_REQUEST.exception(fault))
                .data();
    }

    private ApiMessage page(KafkaRequest request, MetadataImage image, SortedSet<String> names) {
        DescribeTopicPartitionsRequestData data = request.data(DescribeTopicPartitionsRequestData.class);
        ClusterView cluster = new ClusterView(kernel.nodeId(), image, request.connection());
        boolean allTopics = data.topics().isEmpty();
        int room = Math.max(1, Math.min(data.responsePartitionLimit(), pageLimit));
        DescribeTopicPartitionsResponseData page = new DescribeTopicPartitionsResponseData();
        Iterator<String> remaining = names.iterator();
        while (remaining.hasNext() && page.nextCursor() == null) {
            String name = remaining.next();
            TopicImage topic = image.topic(name);
            if (room == 0) {
                page.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
            } else if (topic != null) {
                room -= addTopic(page, topic, startOf(name, data), room, cluster);
            } else if (!allTopics) {
                addUnknown(page, name);
            }
        }
        return page;
    }

    private static int startOf(String name, DescribeTopicPartitionsRequestData data) {
        return data.cursor() != null && name.equals(data.cursor().topicName())
                ? data.cursor().partitionIndex()
                : 0;
    }

    /** Adds at most {@code room} partitions and sets the cursor if some are left. Returns how many were added. */
    private static int addTopic(
            DescribeTopicPartitionsResponseData page, TopicImage topic, int start, int room, ClusterView cluster) {
        int size = topic.partitions().size();
        int end = (int) Math.min(size, (long) start + room);
        DescribeTopicPartitionsResponseTopic described = describedTopic(topic.name(), topic.id(), Errors.NONE);
        for (int i = start; i < end; i++) {
            described
                    .partitions()
                    .add(partition(PartitionView.of(topic.partitions().get(i), cluster, (short) 1)));
        }
        page.topics().add(described);
        if (end < size) {
            page.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(end));
        }
        return Math.max(0, end - start);
    }

    private static DescribeTopicPartitionsResponsePartition partition(PartitionView view) {
        return new DescribeTopicPartitionsResponsePartition()
                .setPartitionIndex(view.index())
                .setLeaderId(view.leaderId())
                .setLeaderEpoch(view.leaderEpoch())
                .setReplicaNodes(view.replicas())
                .setIsrNodes(view.isr())
                .setEligibleLeaderReplicas(List.of())
                .setLastKnownElr(List.of())
                .setOfflineReplicas(view.offlineReplicas());
    }

    private static void addUnknown(DescribeTopicPartitionsResponseData page, String name) {
        Errors error = Topic.isValid(name) ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.INVALID_TOPIC_EXCEPTION;
        page.topics().add(describedTopic(name, Uuid.ZERO_UUID, error));
    }

    private static DescribeTopicPartitionsResponseTopic describedTopic(String name, Uuid id, Errors error) {
        return new DescribeTopicPartitionsResponseTopic()
                .setErrorCode(error.code())
                .setName(name)
                .setTopicId(id)
                .setIsInternal(Topic.isInternal(name))
                .setTopicAuthorizedOperations(AuthorizedOperations.TOPIC);
    }
}
