package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupMemberRecord;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.ClassicMetadata;
import io.penstock.core.group.record.ConsumerGroupMemberRecord.Protocol;
import io.penstock.core.group.record.ConsumerGroupRecord;
import io.penstock.core.group.record.ConsumerGroupTargetAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupTargetEpochRecord;
import io.penstock.core.group.record.OpaqueBytes;
import io.penstock.core.group.record.PartitionEpochs;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a classic group that is in use into a consumer group: its members keep their ids, their generation becomes the epoch, and what
 * their leader assigned becomes target and possession. They go on speaking the classic protocol until they are replaced. Stateless.
 */
final class ConsumerUpgrade {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerUpgrade.class);
    private static final String MALFORMED = " because the embedded consumer protocol is malformed.";
    private static final String OWN_ASSIGNOR = " because an unsupported custom assignor is in use. Please refer to the"
            + " documentation or switch to a default assignor before re-attempting the upgrade.";

    private ConsumerUpgrade() {}

    /** A member of the classic group, as it is in the consumer group. */
    private record Converted(ConsumerMember member, PartitionSet assigned) {}

    static ConsumerEntry of(CoordinatorShard shard, ClassicGroup classic, Now now) {
        Refusal refusal = refusal(classic, shard.consumerSettings(classic.groupId()));
        if (refusal != null) {
            LOGGER.atInfo()
                    .addKeyValue("groupId", LoggedText.of(classic.groupId()))
                    .log("A classic group stays one: {}", refusal.message());
            return ConsumerEntry.refused(refusal);
        }
        List<Converted> members = new ArrayList<>();
        for (ClassicMember member : classic.members()) {
            Converted converted = convert(shard, classic, member);
            if (converted == null) {
                return ConsumerEntry.refused(refused(classic, hasOwnAssignor(member) ? OWN_ASSIGNOR : MALFORMED));
            }
            members.add(converted);
        }
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(classic.groupId()))
                .addKeyValue("members", members.size())
                .log("A classic group becomes a consumer group");
        return ConsumerEntry.entry(draft(shard, classic, members, now));
    }

    private static @Nullable Refusal refusal(ClassicGroup classic, ConsumerGroupSettings settings) {
        if (!settings.migrationPolicy().allowsUpgrade()) {
            return refused(classic, " because online upgrade is disabled.");
        } else if (!ClassicGroup.CONSUMER_PROTOCOL.equals(classic.protocolType())) {
            return refused(classic, " because the group does not use the consumer embedded protocol.");
        } else if (classic.roster().size() > settings.maxMembers()) {
            return refused(classic, " because the group size exceeds the consumer group maximum size.");
        }
        return null;
    }

    private static Refusal refused(ClassicGroup classic, String why) {
        return new Refusal(
                Errors.GROUP_ID_NOT_FOUND,
                "Cannot upgrade classic group " + classic.groupId() + " to consumer group" + why);
    }

    private static @Nullable Converted convert(CoordinatorShard shard, ClassicGroup classic, ClassicMember member) {
        String elected = classic.protocol();
        String protocol = elected == null ? classic.roster().electProtocol() : elected;
        ConsumerProtocolSubscription subscription = EmbeddedProtocol.subscription(member.metadata(protocol));
        PartitionSet assigned = assigned(shard, member.assignment());
        if (subscription == null || assigned == null) {
            return null;
        }
        return new Converted(
                new ConsumerMember(member.id(), profile(member, subscription), held(classic.generation(), assigned)),
                assigned);
    }

    private static @Nullable PartitionSet assigned(CoordinatorShard shard, OpaqueBytes bytes) {
        if (bytes.isEmpty()) {
            return PartitionSet.EMPTY;
        }
        ConsumerProtocolAssignment assignment = EmbeddedProtocol.assignment(bytes);
        return assignment == null || hasUserData(assignment)
                ? null
                : EmbeddedProtocol.assigned(assignment, shard.topics());
    }

    /** Whether the member was told more than its partitions, which only the assignor of its group understands. */
    private static boolean hasOwnAssignor(ClassicMember member) {
        ConsumerProtocolAssignment assignment = EmbeddedProtocol.assignment(member.assignment());
        return assignment != null && hasUserData(assignment);
    }

    private static boolean hasUserData(ConsumerProtocolAssignment assignment) {
        return assignment.userData() != null && assignment.userData().hasRemaining();
    }

    private static ConsumerGroupMemberRecord.Value profile(
            ClassicMember member, ConsumerProtocolSubscription subscription) {
        String rackId = subscription.rackId();
        return new ConsumerGroupMemberRecord.Value(
                member.instanceId(),
                rackId == null || rackId.isEmpty() ? null : rackId,
                member.clientId(),
                member.clientHost(),
                List.copyOf(new TreeSet<>(subscription.topics())),
                null,
                member.rebalanceTimeoutMs(),
                null,
                classic(member.sessionTimeoutMs(), member.protocols()));
    }

    /** What a member of the classic protocol has beyond others. */
    static ClassicMetadata classic(int sessionTimeoutMs, List<MemberProtocol> protocols) {
        return new ClassicMetadata(
                sessionTimeoutMs,
                protocols.stream()
                        .map(protocol -> new Protocol(protocol.name(), protocol.metadata()))
                        .toList());
    }

    private static ConsumerGroupCurrentAssignmentRecord.Value held(int generation, PartitionSet assigned) {
        return new ConsumerGroupCurrentAssignmentRecord.Value(
                generation,
                generation,
                MemberState.STABLE,
                PartitionEpochs.of(assigned, generation),
                PartitionEpochs.EMPTY);
    }

    private static ConsumerDraft draft(CoordinatorShard shard, ClassicGroup classic, List<Converted> members, Now now) {
        String groupId = classic.groupId();
        ConsumerDraft draft = new ConsumerDraft(shard, ConsumerGroup.empty(groupId), now);
        draft.step().appendAll(classic.tombstones());
        for (Converted converted : members) {
            ConsumerMember member = converted.member();
            draft.append(new ConsumerGroupMemberRecord(groupId, member.id(), member.profile()));
        }
        draft.append(new ConsumerGroupRecord(
                groupId, new ConsumerGroupRecord.Value(classic.generation(), shard.topicsHash(draft.group()))));
        for (Converted converted : members) {
            draft.append(new ConsumerGroupTargetAssignmentRecord(
                    groupId, converted.member().id(), converted.assigned()));
        }
        draft.append(new ConsumerGroupTargetEpochRecord(
                groupId,
                new ConsumerGroupTargetEpochRecord.Value(
                        classic.generation(), ConsumerGroupTargetEpochRecord.Value.NO_TIME)));
        for (Converted converted : members) {
            ConsumerMember member = converted.member();
            draft.append(new ConsumerGroupCurrentAssignmentRecord(groupId, member.id(), member.current()));
        }
        letGo(draft.step(), classic, now);
        return draft;
    }

    /** Whoever waits in the classic rebalance has to join again; all have their usual session timeouts. */
    private static void letGo(Step step, ClassicGroup classic, Now now) {
        String groupId = classic.groupId();
        step.cancel(TimerKey.join(groupId)).cancel(TimerKey.sync(groupId));
        for (ClassicMember member : classic.members()) {
            var joinWaiter = member.joinWaiter();
            if (joinWaiter != null) {
                step.answer(joinWaiter, ClassicAnswers.joinRefused(member.id(), Errors.REBALANCE_IN_PROGRESS));
            }
            var syncWaiter = member.syncWaiter();
            if (syncWaiter != null) {
                step.answer(syncWaiter, ClassicAnswers.syncRefused(Errors.REBALANCE_IN_PROGRESS));
            }
            ConsumerTimeouts.expectHeartbeat(step, groupId, member.id(), member.sessionTimeoutMs(), now);
        }
    }
}
