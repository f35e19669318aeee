package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupMemberRecord;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.PartitionSet;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Decides a JoinGroup to a consumer group that has members: a client of the classic protocol takes part while its group is moved from
 * one protocol to the other. It is answered at once, its generation is its member epoch, and it never leads. Owned by one decision.
 */
final class ConsumerClassicJoin {
    private final CoordinatorShard shard;
    private final ConsumerGroup group;
    private final JoinRequest request;
    private final Now now;
    private final String memberId;

    private ConsumerClassicJoin(CoordinatorShard shard, ConsumerGroup group, JoinRequest request, Now now) {
        this.shard = shard;
        this.group = group;
        this.request = request;
        this.now = now;
        this.memberId = request.hasMemberId() ? request.memberId() : shard.newMemberId();
    }

    static Step decide(CoordinatorShard shard, ConsumerGroup group, JoinRequest request, Now now) {
        return new ConsumerClassicJoin(shard, group, request, now).decide();
    }

    private Step decide() {
        Errors refusal = refusal();
        if (refusal != Errors.NONE) {
            return refuse(refusal);
        }
        boolean isIdGiven = !request.hasMemberId() && request.instanceId() == null && request.knownIdRequired();
        if (isIdGiven) {
            return Step.answering(request.reply(), ClassicAnswers.joinRefused(memberId, Errors.MEMBER_ID_REQUIRED));
        }
        ConsumerMember holder = group.roster().staticMember(request.instanceId());
        Errors fencing = request.hasMemberId() ? refusalOfStatic(holder) : Errors.NONE;
        ConsumerProtocolSubscription subscription =
                EmbeddedProtocol.subscription(request.protocols().get(0).metadata());
        if (fencing != Errors.NONE || subscription == null) {
            return refuse(fencing == Errors.NONE ? Errors.INCONSISTENT_GROUP_PROTOCOL : fencing);
        }
        return join(holder, subscription);
    }

    /** Refuses; without an id, as Kafka does here. */
    private Step refuse(Errors error) {
        return Step.answering(request.reply(), ClassicAnswers.joinRefused("", error));
    }

    private Errors refusal() {
        ConsumerGroupSettings settings = shard.consumerSettings(group.groupId());
        boolean isMember = group.member(memberId) != null;
        boolean isFull = group.roster().size() >= settings.maxMembers() || shard.memberRoomBytes() <= 0;
        if (settings.migrationPolicy() == MigrationPolicy.DISABLED) {
            return Errors.INCONSISTENT_GROUP_PROTOCOL;
        } else if (!isMember && isFull) {
            return Errors.GROUP_MAX_SIZE_REACHED;
        }
        return isProtocolSupported() ? Errors.NONE : Errors.INCONSISTENT_GROUP_PROTOCOL;
    }

    private boolean isProtocolSupported() {
        return ClassicGroup.CONSUMER_PROTOCOL.equals(request.protocolType())
                && request.protocols().stream()
                        .anyMatch(protocol -> group.roster().isKnownToAllClassic(protocol.name()));
    }

    private Errors refusalOfStatic(@Nullable ConsumerMember holder) {
        if (request.instanceId() == null) {
            return Errors.NONE;
        } else if (holder == null) {
            return Errors.UNKNOWN_MEMBER_ID;
        }
        return holder.id().equals(memberId) ? Errors.NONE : Errors.FENCED_INSTANCE_ID;
    }

    private Step join(@Nullable ConsumerMember holder, ConsumerProtocolSubscription subscription) {
        boolean isDowngrade = ConsumerDowngrade.isDueReplacing(shard, group, holder);
        ConsumerDraft draft = new ConsumerDraft(shard, group, now);
        ConsumerMember before = enter(draft, holder);
        ConsumerGroupMemberRecord.Value profile = profile(before, subscription);
        boolean hasOtherNames = draft.updateProfile(before, profile);
        ConsumerPatterns.Change pattern = ConsumerPatterns.update(draft, before.regex(), null);
        boolean readsOther = hasOtherNames || pattern != ConsumerPatterns.Change.NONE;
        draft.beginEpoch(readsOther);
        PartitionSet owned = EmbeddedProtocol.owned(subscription, shard.topics());
        if (!isDowngrade) {
            draft.updateTargets();
        }
        boolean isStale =
                isDowngrade && draft.group().targets().epoch() < draft.group().epoch();
        ConsumerMember after = isStale ? member(draft) : draft.reconcile(memberId, readsOther, owned);
        Step downgraded = isDowngrade ? ConsumerDowngrade.replacing(draft, group) : null;
        JoinGroupResponseData answer = joined(after, profile.classic());
        return downgraded == null ? watched(draft.finish(), answer) : downgraded.answer(request.reply(), answer);
    }

    /** Finds the member, or makes it; a static one that comes back takes the place of its former process. */
    private ConsumerMember enter(ConsumerDraft draft, @Nullable ConsumerMember holder) {
        if (holder != null && !holder.id().equals(memberId)) {
            return draft.replace(holder, memberId);
        }
        ConsumerMember member = group.member(memberId);
        return member == null ? ConsumerMember.blank(memberId) : member;
    }

    private ConsumerMember member(ConsumerDraft draft) {
        ConsumerMember member = draft.group().member(memberId);
        return member == null ? ConsumerMember.blank(memberId) : member;
    }

    private ConsumerGroupMemberRecord.Value profile(ConsumerMember before, ConsumerProtocolSubscription subscription) {
        ConsumerGroupMemberRecord.Value known = before.profile();
        String rackId = subscription.rackId();
        return new ConsumerGroupMemberRecord.Value(
                request.instanceId() == null ? known.instanceId() : request.instanceId(),
                rackId == null || rackId.isEmpty() ? known.rackId() : rackId,
                request.clientId(),
                request.clientHost(),
                List.copyOf(new TreeSet<>(subscription.topics())),
                null,
                request.rebalanceTimeoutMs(),
                known.serverAssignor(),
                ConsumerUpgrade.classic(request.sessionTimeoutMs(), request.protocols()));
    }

    private Step watched(Step step, JoinGroupResponseData answer) {
        String groupId = group.groupId();
        step.cancel(TimerKey.join(groupId, memberId));
        ConsumerTimeouts.expectHeartbeat(step, groupId, memberId, request.sessionTimeoutMs(), now);
        ConsumerTimeouts.expectSync(step, groupId, memberId, request.rebalanceTimeoutMs(), now);
        return step.answer(request.reply(), answer);
    }

    private static JoinGroupResponseData joined(ConsumerMember member, @Nullable ClassicMetadata classic) {
        return new JoinGroupResponseData()
                .setMemberId(member.id())
                .setGenerationId(member.epoch())
                .setProtocolType(ClassicGroup.CONSUMER_PROTOCOL)
                .setProtocolName(
                        classic == null
                                ? null
                                : classic.supportedProtocols().get(0).name());
    }
}
