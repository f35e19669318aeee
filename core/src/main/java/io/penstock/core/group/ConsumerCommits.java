package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.PartitionEpochs;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose offsets a consumer group takes and tells. A member that is an epoch behind, because an answer is still on its way, may
 * commit for partitions that it already had in its own epoch (KIP-1251). Stateless.
 */
final class ConsumerCommits {
    private ConsumerCommits() {}

    /** Why a commit is refused as a whole; {@link Errors#NONE} if it is not. */
    static Errors refusal(ConsumerGroup group, OffsetCommitRequestData request, CommitCaller caller) {
        int epoch = request.generationIdOrMemberEpoch();
        if ((epoch < 0 && group.isEmpty()) || caller.isUnchecked(request)) {
            return Errors.NONE;
        }
        ConsumerMember member = group.member(request.memberId());
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (!member.isClassic() && caller == CommitCaller.KNOWS_GENERATIONS) {
            return Errors.UNSUPPORTED_VERSION;
        }
        boolean isCurrent = epoch == member.epoch();
        boolean isAllowed = isCurrent || (epoch < member.epoch() && hasHadAllSince(member, epoch, request));
        return isAllowed ? Errors.NONE : staleEpoch(member);
    }

    private static boolean hasHadAllSince(ConsumerMember member, int epoch, OffsetCommitRequestData request) {
        for (OffsetCommitRequestTopic topic : request.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                int assignedAt = assignedAt(member, topic.topicId(), partition.partitionIndex());
                if (assignedAt == PartitionEpochs.NOT_ASSIGNED || epoch < assignedAt) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int assignedAt(ConsumerMember member, Uuid topicId, int partition) {
        int assigned = member.assigned().epoch(topicId, partition);
        return assigned == PartitionEpochs.NOT_ASSIGNED
                ? member.pendingRevocation().epoch(topicId, partition)
                : assigned;
    }

    /**
     * Why a question for offsets is refused.
     *
     * @param memberId null or empty, with a negative epoch, for somebody who is in no group
     */
    static Errors refuseFetch(ConsumerGroup group, @Nullable String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return Errors.NONE;
        }
        ConsumerMember member = memberId == null ? null : group.member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return epoch == member.epoch() ? Errors.NONE : staleEpoch(member);
    }

    private static Errors staleEpoch(ConsumerMember member) {
        return member.isClassic() ? Errors.ILLEGAL_GENERATION : Errors.STALE_MEMBER_EPOCH;
    }
}
