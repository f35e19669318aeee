package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
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

    /**
     * Decides one question; it never changes anything.
     *
     * @param requireStable whether to refuse what a transaction under way may still change
     */
    static Step fetch(
            CoordinatorShard shard,
            OffsetFetchRequestGroup request,
            boolean requireStable,
            Reply<OffsetFetchResponseGroup> reply) {
        Group group = shard.group(request.groupId());
        Errors refusal = group == null ? Errors.NONE : group.refuseFetch(request.memberId(), request.memberEpoch());
        if (refusal != Errors.NONE) {
            return Step.answering(reply, refused(request, refusal));
        }
        OffsetStore store = shard.offsets();
        Map<String, Map<Integer, CommittedOffset>> offsets = store.ofGroup(request.groupId());
        Function<String, Set<Integer>> unstable =
                topic -> requireStable ? store.pending().in(request.groupId(), topic) : Set.of();
        OffsetFetchResponseGroup answer = new OffsetFetchResponseGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            offsets.forEach((topic, partitions) -> answer.topics().add(all(topic, partitions, unstable.apply(topic))));
        } else {
            for (OffsetFetchRequestTopics topic : request.topics()) {
                Map<Integer, CommittedOffset> partitions = offsets.getOrDefault(topic.name(), Map.of());
                answer.topics().add(some(topic, partitions, unstable.apply(topic.name())));
            }
        }
        return Step.answering(reply, answer);
    }

    private static OffsetFetchResponseTopics all(
            String topic, Map<Integer, CommittedOffset> partitions, Set<Integer> unstable) {
        OffsetFetchResponseTopics answer = new OffsetFetchResponseTopics().setName(topic);
        partitions.forEach((index, offset) ->
                answer.partitions().add(unstable.contains(index) ? unstable(index) : answer(index, offset)));
        return answer;
    }

    private static OffsetFetchResponseTopics some(
            OffsetFetchRequestTopics asked, Map<Integer, CommittedOffset> partitions, Set<Integer> unstable) {
        OffsetFetchResponseTopics answer =
                new OffsetFetchResponseTopics().setTopicId(asked.topicId()).setName(asked.name());
        for (int index : asked.partitionIndexes()) {
            CommittedOffset offset = partitions.get(index);
            boolean isForTopic = offset != null && offset.isForTopic(asked.topicId());
            answer.partitions()
                    .add(unstable.contains(index) ? unstable(index) : answer(index, isForTopic ? offset : null));
        }
        return answer;
    }

    private static OffsetFetchResponsePartitions unstable(int index) {
        return answer(index, null).setErrorCode(Errors.UNSTABLE_OFFSET_COMMIT.code());
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
