package io.penstock.core.group;

import io.penstock.core.group.record.StreamsTopology.Subtopology;
import io.penstock.core.group.record.TaskEpochs;
import io.penstock.core.group.streams.StreamsMember;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose offsets a streams group takes and tells. A member that is an epoch behind, because an answer is still on its way, may
 * commit for tasks that it already had in its own epoch (KIP-1251). Stateless.
 */
final class StreamsCommits {
    private StreamsCommits() {}

    /** Why a commit is refused as a whole; {@link Errors#NONE} if it is not. */
    static Errors refusal(StreamsGroup group, OffsetCommitRequestData request, CommitCaller caller) {
        int epoch = request.generationIdOrMemberEpoch();
        if ((epoch < 0 && group.isEmpty()) || caller.isUnchecked(request)) {
            return Errors.NONE;
        }
        StreamsMember member = group.member(request.memberId());
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        if (caller == CommitCaller.KNOWS_GENERATIONS) {
            return Errors.UNSUPPORTED_VERSION;
        }
        boolean isAllowed =
                epoch == member.epoch() || (epoch < member.epoch() && hasHadAllSince(group, member, epoch, request));
        return isAllowed ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }

    private static boolean hasHadAllSince(
            StreamsGroup group, StreamsMember member, int epoch, OffsetCommitRequestData request) {
        for (OffsetCommitRequestTopic topic : request.topics()) {
            Subtopology subtopology = group.subtopologyReading(topic.name());
            if (subtopology == null) {
                return false;
            }
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                int assignedAt = assignedAt(member, subtopology.id(), partition.partitionIndex());
                if (assignedAt == TaskEpochs.NOT_ASSIGNED || epoch < assignedAt) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int assignedAt(StreamsMember member, String subtopologyId, int partition) {
        int assigned = member.assigned().active().epoch(subtopologyId, partition);
        return assigned == TaskEpochs.NOT_ASSIGNED
                ? member.pendingRevocation().active().epoch(subtopologyId, partition)
                : assigned;
    }

    /**
     * Why a question for offsets is refused.
     *
     * @param memberId null, with a negative epoch, for somebody who is in no group
     */
    static Errors refuseFetch(StreamsGroup group, @Nullable String memberId, int epoch) {
        if (memberId == null && epoch < 0) {
            return Errors.NONE;
        }
        StreamsMember member = memberId == null ? null : group.member(memberId);
        if (member == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return epoch == member.epoch() ? Errors.NONE : Errors.STALE_MEMBER_EPOCH;
    }
}
