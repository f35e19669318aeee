package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.OffsetRecord;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/**
 * Decides what is forgotten: single offsets, whole groups, offsets of deleted topics, offsets that are too old. Much at once is done
 * in portions that fit into a batch. Stateless.
 */
final class OffsetRemoval {
    private OffsetRemoval() {}

    // ---- asked for

    static Step deleteOffsets(
            CoordinatorShard shard, OffsetDeleteRequestData request, Reply<OffsetDeleteResponseData> reply) {
        Group group = shard.group(request.groupId());
        Errors refusal = group == null ? Errors.GROUP_ID_NOT_FOUND : group.refuseOffsetDeletion();
        if (group == null || refusal != Errors.NONE) {
            return Step.answering(reply, new OffsetDeleteResponseData().setErrorCode(refusal.code()));
        }
        Step step = new Step();
        OffsetDeleteResponseData response = new OffsetDeleteResponseData();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            response.topics().mustAdd(deleteOffsets(shard, step, group, topic));
        }
        return step.answer(reply, response);
    }

    private static OffsetDeleteResponseTopic deleteOffsets(
            CoordinatorShard shard, Step step, Group group, OffsetDeleteRequestTopic topic) {
        OffsetDeleteResponseTopic answer = new OffsetDeleteResponseTopic().setName(topic.name());
        boolean isSubscribed = group.isSubscribedTo(topic.name());
        Errors error = isSubscribed ? Errors.GROUP_SUBSCRIBED_TO_TOPIC : Errors.NONE;
        for (OffsetDeleteRequestPartition partition : topic.partitions()) {
            int index = partition.partitionIndex();
            if (!isSubscribed && isKnown(shard.offsets(), group.groupId(), topic.name(), index)) {
                step.append(OffsetRecord.tombstone(group.groupId(), topic.name(), index));
            }
            OffsetDeleteResponsePartition result =
                    new OffsetDeleteResponsePartition().setPartitionIndex(index).setErrorCode(error.code());
            answer.partitions().add(result);
        }
        return answer;
    }

    private static boolean isKnown(OffsetStore offsets, String groupId, String topic, int partition) {
        return offsets.find(groupId, topic, partition) != null
                || offsets.pending().in(groupId, topic).contains(partition);
    }

    /** Deletes a group nobody is in, its offsets first: a crash in between leaves a group that can be deleted again. */
    static Step deleteGroup(CoordinatorShard shard, String groupId, Reply<DeletableGroupResult> reply) {
        Group group = shard.group(groupId);
        if (group == null || !group.isEmpty()) {
            Errors error = group == null ? Errors.GROUP_ID_NOT_FOUND : Errors.NON_EMPTY_GROUP;
            return Step.answering(reply, deleted(groupId, error));
        }
        Portion portion = new Portion(shard, groupId);
        OffsetStore offsets = shard.offsets();
        offsets.ofGroup(groupId)
                .forEach((topic, partitions) -> partitions.keySet().forEach(index -> portion.add(topic, index)));
        offsets.pending().forEach(groupId, (topic, index) -> {
            if (offsets.find(groupId, topic, index) == null) {
                portion.add(topic, index);
            }
        });
        if (portion.isCut()) {
            return portion.step().continues();
        }
        return portion.step().appendAll(group.tombstones()).answer(reply, deleted(groupId, Errors.NONE));
    }

    static DeletableGroupResult deleted(String groupId, Errors error) {
        return new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code());
    }

    // ---- internal

    /** Forgets what a group has committed for a topic that was deleted, and what transactions may still commit. */
    static Step onTopicDeleted(CoordinatorShard shard, String groupId, String topic, Uuid topicId) {
        Portion portion = new Portion(shard, groupId);
        OffsetStore offsets = shard.offsets();
        Map<Integer, CommittedOffset> committed = offsets.ofGroup(groupId).getOrDefault(topic, Map.of());
        committed.forEach((index, offset) -> {
            if (offset.isForTopic(topicId)) {
                portion.add(topic, index);
            }
        });
        for (int index : offsets.pending().in(groupId, topic)) {
            if (!committed.containsKey(index) && offsets.pending().isForTopic(groupId, topic, index, topicId)) {
                portion.add(topic, index);
            }
        }
        return portion.isCut() ? portion.step().continues() : portion.step();
    }

    /**
     * Forgets offsets that are too old, and a group without members that has none left. Those that a transaction under way is about to
     * replace stay.
     */
    static Step expire(CoordinatorShard shard, String groupId, Now now) {
        Group group = shard.group(groupId);
        if (group == null) {
            return Step.nothing();
        }
        Portion portion = new Portion(shard, groupId);
        long timeMs = shard.ageTimeMs(now);
        OffsetStore offsets = shard.offsets();
        boolean[] isKept = {offsets.pending().isIn(groupId)};
        offsets.ofGroup(groupId).forEach((topic, partitions) -> {
            Set<Integer> pending = offsets.pending().in(groupId, topic);
            boolean isSubscribed = group.isSubscribedTo(topic);
            partitions.forEach((index, offset) -> {
                boolean mayGo = !isSubscribed && !pending.contains(index);
                if (mayGo && isExpired(group, offset, shard.settings(), timeMs)) {
                    portion.add(topic, index);
                } else {
                    isKept[0] = true;
                }
            });
        });
        if (portion.isCut()) {
            return portion.step().continues();
        }
        return isKept[0] || !group.isEmpty() ? portion.step() : portion.step().appendAll(group.tombstones());
    }

    private static boolean isExpired(Group group, CommittedOffset offset, GroupSettings settings, long nowMs) {
        long startMs = group.retentionStartMs(offset);
        if (startMs == Group.KEEPS_OFFSETS) {
            return false;
        }
        return offset.expireTimeMs() == CommittedOffset.NO_EXPIRY
                ? nowMs - startMs >= settings.offsetsRetentionMs()
                : nowMs >= offset.expireTimeMs();
    }

    /** Tombstones of one group, as many as surely fit into a batch. */
    private static final class Portion {
        private static final int MAX_TOPIC_CHARS = 249;
        private static final int FIXED_BYTES = 64;
        private static final int MAX_COUNT = 1_000;

        private final Step step = new Step();
        private final String groupId;
        private final int maxCount;
        private int count;
        private boolean cut;

        Portion(CoordinatorShard shard, String groupId) {
            this.groupId = groupId;
            int recordBytes =
                    FIXED_BYTES + 3 * (groupId.length() + MAX_TOPIC_CHARS); // UTF-8 needs up to three bytes a char
            this.maxCount = Math.max(1, Math.min(MAX_COUNT, shard.maxBatchBytes() / recordBytes - 1));
        }

        void add(String topic, int partition) {
            if (count < maxCount) {
                step.append(OffsetRecord.tombstone(groupId, topic, partition));
                count++;
            } else {
                cut = true;
            }
        }

        boolean isCut() {
            return cut;
        }

        Step step() {
            return step;
        }
    }
}
