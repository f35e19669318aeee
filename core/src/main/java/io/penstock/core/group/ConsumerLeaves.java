package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupRegexRecord;
import io.penstock.core.group.record.PartitionEpochs;
import java.util.Collection;
import java.util.Set;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what happens when members leave a consumer group, or are made to. Stateless. */
final class ConsumerLeaves {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerLeaves.class);

    private ConsumerLeaves() {}

    /** A member says that it leaves, or, if it is a static one, that it leaves for a while. */
    static Step leave(
            CoordinatorShard shard,
            ConsumerGroupHeartbeatRequestData request,
            Reply<ConsumerGroupHeartbeatResponseData> reply,
            Now now) {
        if (!(shard.group(request.groupId()) instanceof ConsumerGroup group)) {
            return refuse(reply, ConsumerRefusals.noConsumerGroup(shard, request.groupId()));
        }
        String instanceId = request.instanceId();
        ConsumerMember member = instanceId == null
                ? group.member(request.memberId())
                : group.roster().staticMember(instanceId);
        Refusal refusal = refusal(group, member, request.memberId(), instanceId);
        if (member == null || refusal != null) {
            return refuse(reply, refusal);
        }
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(group.groupId()))
                .addKeyValue("memberId", LoggedText.of(member.id()))
                .log("Member leaves the consumer group");
        Step step = isForAWhile(request)
                ? leaveForAWhile(shard, group, member, now)
                : remove(shard, group, Set.of(member), now);
        return step.answer(reply, ConsumerAnswers.left(request));
    }

    private static boolean isForAWhile(ConsumerGroupHeartbeatRequestData request) {
        return request.instanceId() != null && request.memberEpoch() == ConsumerMember.STATIC_LEAVING_EPOCH;
    }

    private static @Nullable Refusal refusal(
            ConsumerGroup group, @Nullable ConsumerMember member, String memberId, @Nullable String instanceId) {
        if (member == null) {
            return instanceId == null
                    ? ConsumerRefusals.unknownMember(group, memberId)
                    : ConsumerRefusals.unknownInstance(instanceId);
        }
        return member.id().equals(memberId) || instanceId == null
                ? null
                : ConsumerRefusals.fencedInstance(member, memberId, instanceId);
    }

    private static Step refuse(Reply<ConsumerGroupHeartbeatResponseData> reply, @Nullable Refusal refusal) {
        return Step.answering(reply, ConsumerAnswers.refused(refusal));
    }

    /** A static member keeps its partitions until its session is over, for its next process. */
    private static Step leaveForAWhile(CoordinatorShard shard, ConsumerGroup group, ConsumerMember member, Now now) {
        ConsumerDraft draft = new ConsumerDraft(shard, group, now);
        ConsumerGroupCurrentAssignmentRecord.Value kept = new ConsumerGroupCurrentAssignmentRecord.Value(
                ConsumerMember.STATIC_LEAVING_EPOCH,
                member.previousEpoch(),
                member.state(),
                PartitionEpochs.of(member.assigned().partitions(), ConsumerMember.JOINING_EPOCH),
                PartitionEpochs.EMPTY);
        draft.append(new ConsumerGroupCurrentAssignmentRecord(group.groupId(), member.id(), kept));
        return draft.finish();
    }

    /**
     * Removes members; the group begins a new epoch, or goes back to the classic protocol if only members of that remain and the
     * policy allows it.
     */
    static Step remove(CoordinatorShard shard, ConsumerGroup group, Collection<ConsumerMember> members, Now now) {
        if (members.isEmpty()) {
            return Step.nothing();
        }
        if (ConsumerDowngrade.isDueWithout(shard, group, members)) {
            Step downgraded = ConsumerDowngrade.without(shard, group, members, now);
            if (downgraded != null) {
                return downgraded;
            }
        }
        ConsumerDraft draft = new ConsumerDraft(shard, group, now);
        members.forEach(member -> draft.removeMember(member.id()));
        for (ConsumerMember member : members) {
            String pattern = member.regex();
            boolean isUnused = pattern != null && draft.group().subscriptions().memberCount(pattern) == 0;
            if (pattern != null && isUnused && draft.group().subscriptions().resolved(pattern) != null) {
                draft.append(ConsumerGroupRegexRecord.tombstone(group.groupId(), pattern));
            }
        }
        draft.beginEpoch(true);
        return draft.finish();
    }
}
