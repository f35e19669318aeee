package io.penstock.core.group;

import io.penstock.core.group.GroupCommand.Sharing;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that may be asked of one group, with the form that a refusal takes in each API. Group ids and session timeouts must
 * have been checked. Stateless.
 */
public final class GroupCommands {
    private GroupCommands() {}

    public static GroupCommand join(JoinGroupRequestData data, JoinCaller caller, Reply<JoinGroupResponseData> reply) {
        JoinRequest request = JoinRequest.of(data, caller, reply);
        return exclusive(
                data.groupId(),
                (shard, now) -> join(shard, request, now),
                error -> reply.send(ClassicAnswers.joinRefused(data.memberId(), error)));
    }

    private static Step join(CoordinatorShard shard, JoinRequest request, Now now) {
        Group group = shard.group(request.groupId());
        if (group == null || group instanceof ClassicGroup) {
            return shard.classic().joins().join((ClassicGroup) group, request, shard.memberRoomBytes(), now);
        }
        if (!group.isEmpty()) {
            return group instanceof ConsumerGroup consumer
                    ? ConsumerClassicJoin.decide(shard, consumer, request, now)
                    : Step.answering(
                            request.reply(), ClassicAnswers.joinRefused("", Errors.INCONSISTENT_GROUP_PROTOCOL));
        }
        Step step = shard.classic().joins().join(null, request, shard.memberRoomBytes(), now);
        return step.records().isEmpty() ? step : step.prepend(group.tombstones());
    }

    public static GroupCommand sync(SyncGroupRequestData request, Reply<SyncGroupResponseData> reply) {
        return exclusive(
                request.groupId(),
                (shard, now) -> shard.group(request.groupId()) instanceof ConsumerGroup group
                        ? ConsumerClassicMembers.sync(shard, group, request, reply, now)
                        : shard.classic().sync(classic(shard, request.groupId()), request, reply, now),
                error -> reply.send(ClassicAnswers.syncRefused(error)));
    }

    /** While the group is being loaded a heartbeat is taken for good, as in Kafka: the member's session has not begun again. */
    public static GroupCommand heartbeat(HeartbeatRequestData request, Reply<HeartbeatResponseData> reply) {
        return new GroupCommand(
                request.groupId(),
                Sharing.SHARED,
                (shard, now) -> shard.group(request.groupId()) instanceof ConsumerGroup group
                        ? ConsumerClassicMembers.heartbeat(shard, group, request, reply, now)
                        : shard.classic().heartbeat(classic(shard, request.groupId()), request, reply, now),
                error -> reply.send(
                        ClassicProtocol.heard(error == Errors.COORDINATOR_LOAD_IN_PROGRESS ? Errors.NONE : error)));
    }

    public static GroupCommand leave(LeaveGroupRequestData request, Reply<LeaveGroupResponseData> reply) {
        return exclusive(
                request.groupId(),
                (shard, now) -> shard.group(request.groupId()) instanceof ConsumerGroup group
                        ? ConsumerClassicMembers.leave(shard, group, request, reply, now)
                        : shard.classic().leave(classic(shard, request.groupId()), request, reply, now),
                error -> reply.send(new LeaveGroupResponseData().setErrorCode(error.code())));
    }

    /** {@link ConsumerRequests} must have nothing against it. */
    public static GroupCommand consumerHeartbeat(
            ConsumerGroupHeartbeatRequestData request,
            ConsumerCaller caller,
            Reply<ConsumerGroupHeartbeatResponseData> reply) {
        return exclusive(
                request.groupId(),
                (shard, now) -> ConsumerHeartbeats.decide(shard, request, caller, reply, now),
                error -> reply.send(ConsumerAnswers.refused(error)));
    }

    /** {@link StreamsRequests} must have nothing against it. */
    public static GroupCommand streamsHeartbeat(
            StreamsGroupHeartbeatRequestData request, StreamsCaller caller, Reply<StreamsHeartbeatAnswer> reply) {
        return exclusive(
                request.groupId(),
                (shard, now) -> StreamsHeartbeats.decide(shard, request, caller, reply, now),
                error -> reply.send(StreamsAnswers.refused(error)));
    }

    /** A search for topics has found these, by pattern. */
    public static GroupCommand onTopicsFound(TopicSearch search, Map<String, List<String>> found) {
        return GroupCommand.internal(
                search.groupId(), (shard, now) -> ConsumerPatterns.onFound(shard, search, found, now));
    }

    /** A search for topics could not be done; it is tried again when a member is heard of. */
    public static GroupCommand onSearchFailed(TopicSearch search) {
        return GroupCommand.internal(search.groupId(), (shard, now) -> ConsumerPatterns.onEnd(shard, search));
    }

    /** The topics named must exist; their ids must be given. */
    public static GroupCommand commitOffsets(OffsetCommitRequestData request, Reply<OffsetCommitResponseData> reply) {
        return commitOffsets(request, CommitCaller.KNOWS_MEMBER_EPOCHS, reply);
    }

    /** The topics named must exist; their ids must be given. */
    public static GroupCommand commitOffsets(
            OffsetCommitRequestData request, CommitCaller caller, Reply<OffsetCommitResponseData> reply) {
        return new GroupCommand(
                request.groupId(),
                Sharing.SHARED,
                (shard, now) -> OffsetCommits.commit(shard, request, caller, reply, now),
                error -> reply.send(OffsetCommits.refused(request, error)));
    }

    /** The topics named must exist; the transaction's coordinator must have been asked unless the admission is open. */
    public static GroupCommand commitInTransaction(
            TxnOffsetCommitRequestData request, OffsetAdmission admission, Reply<TxnOffsetCommitResponseData> reply) {
        return new GroupCommand(
                request.groupId(),
                Sharing.SHARED,
                (shard, now) -> TransactionCommits.commit(shard, request, admission, reply, now),
                error -> reply.send(TransactionCommits.refused(request, error)));
    }

    /**
     * Sees every commit of the group that came before.
     *
     * @param requireStable whether to refuse what a transaction under way may still change
     */
    public static GroupCommand fetchOffsets(
            OffsetFetchRequestGroup request, boolean requireStable, Reply<OffsetFetchResponseGroup> reply) {
        return exclusive(
                request.groupId(),
                (shard, now) -> OffsetFetches.fetch(shard, request, requireStable, reply),
                error -> reply.send(OffsetFetches.refused(request, error)));
    }

    /** The topics named must exist. */
    public static GroupCommand deleteOffsets(OffsetDeleteRequestData request, Reply<OffsetDeleteResponseData> reply) {
        return exclusive(
                request.groupId(),
                (shard, now) -> OffsetRemoval.deleteOffsets(shard, request, reply),
                error -> reply.send(new OffsetDeleteResponseData().setErrorCode(error.code())));
    }

    public static GroupCommand deleteGroup(String groupId, Reply<DeletableGroupResult> reply) {
        return exclusive(
                groupId,
                (shard, now) -> OffsetRemoval.deleteGroup(shard, groupId, reply),
                error -> reply.send(OffsetRemoval.deleted(groupId, error)));
    }

    /** A topic is gone, so what the group has committed for it is, too. */
    public static GroupCommand onTopicDeleted(String groupId, String topic, Uuid topicId) {
        return GroupCommand.internal(
                groupId, (shard, now) -> OffsetRemoval.onTopicDeleted(shard, groupId, topic, topicId));
    }

    /** Forgets what is too old. */
    public static GroupCommand expireOffsets(String groupId) {
        return GroupCommand.internal(groupId, (shard, now) -> OffsetRemoval.expire(shard, groupId, now));
    }

    /** Sends members away who wait for others to join or to assign: the broker is about to stop. */
    public static GroupCommand releaseWaiting(String groupId) {
        return GroupCommand.internal(groupId, (shard, now) -> {
            ClassicGroup group = classic(shard, groupId);
            return group == null ? Step.nothing() : shard.classic().release(group, now);
        });
    }

    private static GroupCommand exclusive(String groupId, GroupCommand.Decider decider, Consumer<Errors> refusal) {
        return new GroupCommand(groupId, Sharing.EXCLUSIVE, decider, refusal);
    }

    private static @Nullable ClassicGroup classic(CoordinatorShard shard, String groupId) {
        return shard.group(groupId) instanceof ClassicGroup group ? group : null;
    }
}
