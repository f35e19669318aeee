package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupMemberRecord;
import io.penstock.core.group.record.PartitionSet;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides one heartbeat of a member of the consumer protocol, which is also how members join and tell what they read: the member is
 * found or made, the group's epoch follows the subscriptions, the target follows the epoch, and the member comes a step nearer to its
 * target. Error codes and texts are Kafka's. Owned by one decision.
 */
final class ConsumerHeartbeats {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerHeartbeats.class);

    private final CoordinatorShard shard;
    private final ConsumerGroupHeartbeatRequestData request;
    private final ConsumerCaller caller;
    private final Now now;
    private final boolean isJoining;
    private final @Nullable PartitionSet reported;
    private final String memberId;

    private ConsumerHeartbeats(
            CoordinatorShard shard, ConsumerGroupHeartbeatRequestData request, ConsumerCaller caller, Now now) {
        this.shard = shard;
        this.request = request;
        this.caller = caller;
        this.now = now;
        this.isJoining = request.memberEpoch() == ConsumerMember.JOINING_EPOCH;
        this.reported = reported(request);
        this.memberId = request.memberId().isEmpty() ? shard.newMemberId() : request.memberId();
    }

    /** Decides a heartbeat that {@link ConsumerRequests} has nothing against. */
    static Step decide(
            CoordinatorShard shard,
            ConsumerGroupHeartbeatRequestData request,
            ConsumerCaller caller,
            Reply<ConsumerGroupHeartbeatResponseData> reply,
            Now now) {
        int epoch = request.memberEpoch();
        if (epoch == ConsumerMember.LEAVING_EPOCH || epoch == ConsumerMember.STATIC_LEAVING_EPOCH) {
            return ConsumerLeaves.leave(shard, request, reply, now);
        }
        return new ConsumerHeartbeats(shard, request, caller, now).decide(reply);
    }

    private static @Nullable PartitionSet reported(ConsumerGroupHeartbeatRequestData request) {
        if (request.topicPartitions() == null) {
            return null;
        }
        PartitionSet.Builder owned = new PartitionSet.Builder();
        request.topicPartitions()
                .forEach(topic -> topic.partitions().forEach(partition -> owned.add(topic.topicId(), partition)));
        return owned.build();
    }

    private Step decide(Reply<ConsumerGroupHeartbeatResponseData> reply) {
        ConsumerEntry entry = ConsumerEntry.into(shard, request.groupId(), isJoining, now);
        ConsumerDraft draft = entry.draft();
        if (draft == null) {
            return refuse(reply, entry.refusal());
        }
        Refusal refusal = refusal(draft.group());
        if (refusal != null) {
            return refuse(reply, refusal);
        }
        ConsumerMember before = enter(draft);
        ConsumerMember after = draft.isBeyondUnderstanding(before, reported) ? null : proceed(draft, before);
        if (after == null) {
            return refuse(reply, ConsumerRefusals.unknownState());
        }
        boolean isAssignmentTold = isJoining || isFull() || !after.assigned().equals(before.assigned());
        return draft.finish()
                .answer(reply, ConsumerAnswers.heard(after, draft.settings().heartbeatIntervalMs(), isAssignmentTold));
    }

    private Step refuse(Reply<ConsumerGroupHeartbeatResponseData> reply, @Nullable Refusal refusal) {
        return Step.answering(reply, ConsumerAnswers.refused(refusal));
    }

    /** A client that says everything may have lost an answer, so it is told everything. */
    private boolean isFull() {
        return request.rebalanceTimeoutMs() != ConsumerRequests.UNCHANGED
                && (request.subscribedTopicNames() != null || request.subscribedTopicRegex() != null)
                && request.topicPartitions() != null;
    }

    // ---- who is it

    private @Nullable Refusal refusal(ConsumerGroup group) {
        int maxMembers = shard.consumerSettings(group.groupId()).maxMembers();
        boolean isMember = group.member(memberId) != null;
        if (!isMember && (group.roster().size() >= maxMembers || shard.memberRoomBytes() <= 0)) {
            return ConsumerRefusals.full(Math.min(maxMembers, group.roster().size()));
        }
        Refusal refusal = request.instanceId() == null ? refusalOfDynamic(group) : refusalOfStatic(group);
        return refusal == null
                ? ConsumerPatterns.refusal(shard, group, emptyAsNull(request.subscribedTopicRegex()))
                : refusal;
    }

    private @Nullable Refusal refusalOfDynamic(ConsumerGroup group) {
        ConsumerMember member = group.member(memberId);
        if (member == null) {
            return isJoining ? null : ConsumerRefusals.unknownMember(group, memberId);
        }
        return refusalOfEpoch(member);
    }

    private @Nullable Refusal refusalOfStatic(ConsumerGroup group) {
        String instanceId = request.instanceId();
        ConsumerMember holder = group.roster().staticMember(instanceId);
        if (instanceId == null || (holder == null && isJoining)) {
            return null;
        } else if (holder == null) {
            return ConsumerRefusals.unknownInstance(instanceId);
        } else if (isJoining) {
            boolean isTakeable = holder.isClassic() || holder.hasLeftForAWhile();
            return isTakeable ? null : ConsumerRefusals.unreleasedInstance(holder, memberId, instanceId);
        } else if (!holder.id().equals(memberId)) {
            return ConsumerRefusals.fencedInstance(holder, memberId, instanceId);
        }
        return refusalOfEpoch(holder);
    }

    /** A member may be one epoch behind if the answer that told the new one was lost: it then has nothing but what it was given. */
    private @Nullable Refusal refusalOfEpoch(ConsumerMember member) {
        int epoch = request.memberEpoch();
        boolean isCurrent = isJoining || epoch == member.epoch();
        boolean hasLostAnswer = epoch < member.epoch()
                && epoch == member.previousEpoch()
                && reported != null
                && member.assigned().partitions().containsAll(reported);
        return isCurrent || hasLostAnswer ? null : ConsumerRefusals.fencedEpoch(member, epoch);
    }

    /** Finds the member, or makes it; a static member that comes back takes the place of its former process. */
    private ConsumerMember enter(ConsumerDraft draft) {
        ConsumerMember holder = draft.group().roster().staticMember(request.instanceId());
        if (isJoining) {
            LOGGER.atInfo()
                    .addKeyValue("groupId", LoggedText.of(request.groupId()))
                    .addKeyValue("memberId", LoggedText.of(memberId))
                    .log("Member joins the consumer group");
            if (holder != null) {
                return draft.replace(holder, memberId);
            }
        }
        ConsumerMember member = holder == null ? draft.group().member(memberId) : holder;
        return member == null ? ConsumerMember.blank(memberId) : member;
    }

    // ---- what comes of it

    private ConsumerMember proceed(ConsumerDraft draft, ConsumerMember before) {
        ConsumerGroupMemberRecord.Value profile = profile(before);
        boolean hasOtherNames = draft.updateProfile(before, profile);
        ConsumerPatterns.Change pattern =
                ConsumerPatterns.update(draft, before.regex(), profile.subscribedTopicRegex());
        draft.beginEpoch(hasOtherNames || pattern == ConsumerPatterns.Change.CHANGED_AND_KNOWN);
        draft.updateTargets();
        boolean readsOther = hasOtherNames || pattern != ConsumerPatterns.Change.NONE;
        ConsumerMember after = draft.reconcile(memberId, readsOther, reported);
        ConsumerTimeouts.expectHeartbeat(
                draft.step(), draft.groupId(), memberId, draft.settings().sessionTimeoutMs(), now);
        return after;
    }

    /** What the member says now; what it leaves out is as before. */
    private ConsumerGroupMemberRecord.Value profile(ConsumerMember before) {
        ConsumerGroupMemberRecord.Value known = before.profile();
        return new ConsumerGroupMemberRecord.Value(
                orKnown(request.instanceId(), known.instanceId()),
                orKnown(request.rackId(), known.rackId()),
                caller.clientId(),
                caller.clientHost(),
                topics(known),
                ConsumerPatterns.of(request.subscribedTopicRegex(), before),
                request.rebalanceTimeoutMs() == ConsumerRequests.UNCHANGED
                        ? known.rebalanceTimeoutMs()
                        : request.rebalanceTimeoutMs(),
                orKnown(request.serverAssignor(), known.serverAssignor()),
                null);
    }

    private List<String> topics(ConsumerGroupMemberRecord.Value known) {
        List<String> requested = request.subscribedTopicNames();
        return requested == null ? known.subscribedTopicNames() : List.copyOf(new TreeSet<>(requested));
    }

    private static @Nullable String orKnown(@Nullable String requested, @Nullable String known) {
        return requested == null ? known : requested;
    }

    private static @Nullable String emptyAsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
