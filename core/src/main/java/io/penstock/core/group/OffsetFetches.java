package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import java.util.Map;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Answers questions for committed offsets. A group that is not there has committed nothing: that is no error. Stateless. */
final class OffsetFetches {
    private static final long NO_OFFSET = -1;

    private OffsetFetches() {}

    /** Decides one question; it never changes anything. */
    static Step fetch(CoordinatorShard shard, OffsetFetchRequestGroup request, Reply<OffsetFetchResponseGroup> reply) {
        Group group = shard.group(request.groupId());
        Errors refusal = group == null ? Errors.NONE : group.refuseFetch(request.memberId(), request.memberEpoch());
        if (refusal != Errors.NONE) {
            return Step.answering(reply, refused(request, refusal));
        }
        Map<String, Map<Integer, CommittedOffset>> offsets = shard.offsets().ofGroup(request.groupId());
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            offsets.forEach((topic, partitions) -> answer.topics().add(all(topic, partitions)));
        } else {
            for (OffsetFetchRequestTopics topic : request.topics()) {
                answer.topics().add(some(topic, offsets.getOrDefault(topic.name(), Map.of())));
            }
        }
        return Step.answering(reply, answer);
    }

    private static OffsetFetchResponseTopics all(String topic, Map<Integer, CommittedOffset> partitions) {
        OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().setName(topic);
        partitions.forEach((index, offset) -> answer.partitions().add(answer(index, offset)));
        return answer;
    }

    private static OffsetFetchResponseTopics some(
            OffsetFetchRequestTopics asked, Map<Integer, CommittedOffset> partitions) {
        OffsetFetchResponseTopics answer =
                new OffsetFetchResponseTopics().setTopicId(asked.topicId()).setName(asked.name());
        for (int index : asked.partitionIndexes()) {
            CommittedOffset offset = partitions.get(index);
            boolean isForTopic = offset != null && offset.isForTopic(asked.topicId());
            answer.partitions().add(answer(index, isForTopic ? offset : null));
        }
        return answer;
    }

    private static OffsetFetchResponsePartitions answer(int index, @Nullable CommittedOffset offset) {
        OffsetFetchResponsePartitions answer = new OffsetFetchResponsePartitions().setPartitionIndex(index);
        if (offset == null) {
            return answer.setCommittedOffset(NO_OFFSET)
                    .setCommittedLeaderEpoch(CommittedOffset.NO_EPOCH)
                    .setMetadata("");
        }
        return answer.setCommittedOffset(offset.offset())
                .setCommittedLeaderEpoch(offset.leaderEpoch())
                .setMetadata(offset.metadata());
    }

    static OffsetFetchResponseGroup refused(OffsetFetchRequestGroup request, Errors error) {
        return new OffsetFetchResponseGroup().setGroupId(request.groupId()).setErrorCode(error.code());
    }
}
