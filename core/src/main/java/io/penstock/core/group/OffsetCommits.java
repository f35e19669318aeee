package io.penstock.core.group;

import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.OffsetRecord;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides commits of offsets. Stateless.
 *
 * <p>A group that does not exist is made by a commit from outside of any generation: so consumers that assign themselves, and tools
 * that set offsets, keep them. A member's commit is also a sign of life.
 */
final class OffsetCommits {
    private static final long BROKER_RETENTION = -1;

    private OffsetCommits() {}

    /**
     * Decides one commit.
     *
     * @param request names topics that exist, with their ids
     */
    static Step commit(
            CoordinatorShard shard,
            OffsetCommitRequestData request,
            CommitCaller caller,
            Reply<OffsetCommitResponseData> reply,
            Now now) {
        Group group = shard.group(request.groupId());
        Errors refusal = refusal(group, request, caller);
        if (refusal != Errors.NONE) {
            return Step.answering(reply, refused(request, refusal));
        }
        Step step = new Step();
        if (group instanceof ClassicGroup classicGroup && caller != CommitCaller.IN_TRANSACTION) {
            shard.classic().onCommit(step, classicGroup, request.memberId(), now);
        }
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            response.topics().add(commit(step, shard.settings(), request, topic, now));
        }
        return step.answer(reply, response);
    }

    private static Errors refusal(@Nullable Group group, OffsetCommitRequestData request, CommitCaller caller) {
        if (group == null) {
            return request.generationIdOrMemberEpoch() < 0 ? Errors.NONE : Errors.GROUP_ID_NOT_FOUND;
        }
        return group.refuseCommit(request, caller);
    }

    private static OffsetCommitResponseTopic commit(
            Step step,
            GroupSettings settings,
            OffsetCommitRequestData request,
            OffsetCommitRequestTopic topic,
            Now now) {
        OffsetCommitResponseTopic answer =
                new OffsetCommitResponseTopic().setTopicId(topic.topicId()).setName(topic.name());
        for (OffsetCommitRequestPartition partition : topic.partitions()) {
            boolean isTooLarge = isTooLarge(partition.committedMetadata(), settings);
            if (!isTooLarge) {
                step.append(new OffsetRecord(
                        request.groupId(),
                        topic.name(),
                        partition.partitionIndex(),
                        offset(request, topic, partition, now)));
            }
            answer.partitions().add(answer(partition, isTooLarge ? Errors.OFFSET_METADATA_TOO_LARGE : Errors.NONE));
        }
        return answer;
    }

    private static boolean isTooLarge(@Nullable String metadata, GroupSettings settings) {
        return metadata != null && metadata.length() > settings.offsetMetadataMaxChars();
    }

    private static CommittedOffset offset(
            OffsetCommitRequestData request,
            OffsetCommitRequestTopic topic,
            OffsetCommitRequestPartition partition,
            Now now) {
        String metadata = partition.committedMetadata();
        long retentionMs = request.retentionTimeMs();
        return new CommittedOffset(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata == null ? "" : metadata,
                now.wallMs(),
                retentionMs == BROKER_RETENTION ? CommittedOffset.NO_EXPIRY : now.wallMs() + retentionMs,
                topic.topicId());
    }

    private static OffsetCommitResponsePartition answer(OffsetCommitRequestPartition partition, Errors error) {
        return new OffsetCommitResponsePartition()
                .setPartitionIndex(partition.partitionIndex())
                .setErrorCode(error.code());
    }

    /** The same error for every partition asked for. */
    static OffsetCommitResponseData refused(OffsetCommitRequestData request, Errors error) {
        OffsetCommitResponseData response = new OffsetCommitResponseData();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitResponseTopic answer =
                    new OffsetCommitResponseTopic().setTopicId(topic.topicId()).setName(topic.name());
            topic.partitions().forEach(partition -> answer.partitions().add(answer(partition, error)));
            response.topics().add(answer);
        }
        return response;
    }
}
