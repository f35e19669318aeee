package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.handler.Delegated;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetFetchResponse;

/**
 * Answers OffsetFetch: for one group before version 8, for many since; topics by name before version 10, by id since; since
 * version 7 the client may ask to be told nothing that a transaction under way still changes. Stateless.
 */
final class OffsetFetchHandler implements ApiHandler {
    private static final short FIRST_BATCHED_VERSION = 8;
    private static final short FIRST_TOPIC_ID = 10;
    private static final long NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private final BrokerKernel kernel;

    OffsetFetchHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.OFFSET_FETCH;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        OffsetFetchRequestData data = request.data(OffsetFetchRequestData.class);
        short version = request.version();
        List<OffsetFetchRequestGroup> asked =
                version >= FIRST_BATCHED_VERSION ? data.groups() : List.of(onlyGroup(data));
        List<Future<OffsetFetchResponseGroup>> answers = asked.stream()
                .map(group -> fetch(group, data.requireStable(), version))
                .toList();
        Delegated.answer(
                Future.join(answers)
                        .map(all -> new OffsetFetchResponse.Builder(all.<OffsetFetchResponseGroup>list())
                                .build(version)
                                .data()),
                responder);
    }

    private static OffsetFetchRequestGroup onlyGroup(OffsetFetchRequestData data) {
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(data.groupId());
        if (data.topics() == null) {
            return group.setTopics(null);
        }
        for (OffsetFetchRequestTopic topic : data.topics()) {
            group.topics()
                    .add(new OffsetFetchRequestTopics()
                            .setName(topic.name())
                            .setPartitionIndexes(topic.partitionIndexes()));
        }
        return group;
    }

    private Future<OffsetFetchResponseGroup> fetch(
            OffsetFetchRequestGroup group, boolean requireStable, short version) {
        if (version < FIRST_TOPIC_ID) {
            return kernel.groups().fetchOffsets(group, requireStable).map(answer -> inVersion(group, answer, version));
        }
        MetadataImage image = kernel.metadata();
        return group.topics() == null
                ? fetchAllById(group, requireStable, image)
                : fetchSomeById(group, requireStable, image);
    }

    /** Before version 2 an error has no place but at each partition. */
    private static OffsetFetchResponseGroup inVersion(
            OffsetFetchRequestGroup asked, OffsetFetchResponseGroup answer, short version) {
        Errors error = Errors.forCode(answer.errorCode());
        return error == Errors.NONE ? answer : OffsetFetchResponse.groupError(asked, error, version);
    }

    /** Offsets of topics that are gone cannot be told: they have no id. */
    private Future<OffsetFetchResponseGroup> fetchAllById(
            OffsetFetchRequestGroup group, boolean requireStable, MetadataImage image) {
        return kernel.groups().fetchOffsets(group, requireStable).map(answer -> {
            List<OffsetFetchResponseTopics> existing = new ArrayList<>();
            for (OffsetFetchResponseTopics topic : answer.topics()) {
                TopicImage known = image.topic(topic.name());
                if (known != null) {
                    existing.add(topic.setTopicId(known.id()));
                }
            }
            return answer.setTopics(existing);
        });
    }

    private Future<OffsetFetchResponseGroup> fetchSomeById(
            OffsetFetchRequestGroup group, boolean requireStable, MetadataImage image) {
        List<OffsetFetchRequestTopics> known = new ArrayList<>();
        List<OffsetFetchResponseTopics> unknown = new ArrayList<>();
        for (OffsetFetchRequestTopics topic : group.topics()) {
            TopicImage found = image.topic(topic.topicId());
            if (found == null) {
                unknown.add(refused(topic));
            } else {
                known.add(topic.setName(found.name()));
            }
        }
        return kernel.groups()
                .fetchOffsets(group.duplicate().setTopics(known), requireStable)
                .map(answer -> {
                    if (answer.errorCode() == Errors.NONE.code()) {
                        answer.topics().addAll(unknown);
                    }
                    return answer;
                });
    }

    private static OffsetFetchResponseTopics refused(OffsetFetchRequestTopics topic) {
        OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().setTopicId(topic.topicId());
        for (int index : topic.partitionIndexes()) {
            answer.partitions()
                    .add(new OffsetFetchResponsePartitions()
                            .setPartitionIndex(index)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_ID.code())
                            .setCommittedOffset(NO_OFFSET)
                            .setCommittedLeaderEpoch(NO_EPOCH)
                            .setMetadata(""));
        }
        return answer;
    }
}
