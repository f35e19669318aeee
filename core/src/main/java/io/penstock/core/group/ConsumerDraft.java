package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.consumer.Reconciliation;
import io.penstock.core.group.consumer.Targets;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.ConsumerGroupMemberRecord;
import io.penstock.core.group.record.ConsumerGroupPartitionMetadataRecord;
import io.penstock.core.group.record.ConsumerGroupRecord;
import io.penstock.core.group.record.ConsumerGroupTargetAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupTargetEpochRecord;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.PartitionSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One decision about a consumer group while it is being made: the group as it will be, and the {@link Step} that comes of it. Every
 * change is a record, tried on at once. Has the moves that heartbeats of both protocols share. Owned by one decision.
 */
final class ConsumerDraft {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConsumerDraft.class);

    private final CoordinatorShard shard;
    private final Now now;
    private final Step step = new Step();
    private ConsumerGroup group;

    /** Starts to change a group. */
    ConsumerDraft(CoordinatorShard shard, ConsumerGroup current, Now now) {
        this.shard = shard;
        this.group = current;
        this.now = now;
    }

    CoordinatorShard shard() {
        return shard;
    }

    Now now() {
        return now;
    }

    /** The group as it will be. */
    ConsumerGroup group() {
        return group;
    }

    String groupId() {
        return group.groupId();
    }

    /** What has come of the decision so far. */
    Step step() {
        return step;
    }

    /** What has come of the decision: the group is replaced by what was made of it. */
    Step finish() {
        return step.records().isEmpty() ? step : step.put(group);
    }

    ConsumerGroupSettings settings() {
        return shard.consumerSettings(groupId());
    }

    /** Writes a record about the group and changes it so. */
    void append(GroupRecord record) {
        step.append(record);
        group = group.replay(record);
    }

    // ---- members

    /** Gives a static member's place, with all it held and was to have, to another process. */
    ConsumerMember replace(ConsumerMember old, String newId) {
        ConsumerMember replacement = old.replacedBy(newId);
        PartitionSet target = group.targets().of(old.id());
        removeMember(old.id());
        append(new ConsumerGroupMemberRecord(groupId(), newId, replacement.profile()));
        append(new ConsumerGroupTargetAssignmentRecord(groupId(), newId, target));
        append(new ConsumerGroupCurrentAssignmentRecord(groupId(), newId, replacement.current()));
        return replacement;
    }

    /** Ends a membership: its records and its deadlines. */
    void removeMember(String memberId) {
        group.tombstonesOf(memberId).forEach(this::append);
        ConsumerTimeouts.cancelAll(step, groupId(), memberId);
    }

    /**
     * Takes over what a member says of itself now.
     *
     * @return whether it names other topics than before; what matches its pattern is another question
     */
    boolean updateProfile(ConsumerMember before, ConsumerGroupMemberRecord.Value profile) {
        boolean isKnown = group.member(before.id()) != null;
        if (isKnown && profile.equals(before.profile())) {
            return false;
        }
        append(new ConsumerGroupMemberRecord(groupId(), before.id(), profile));
        return !profile.subscribedTopicNames().equals(before.profile().subscribedTopicNames());
    }

    // ---- epochs

    /** Begins a new group epoch if that is wanted, or if the topics that are subscribed to are not what they were. */
    void beginEpoch(boolean isWanted) {
        long hash = shard.topicsHash(group);
        if (!isWanted && hash == group.topicsHash()) {
            return;
        }
        int epoch = group.epoch() + 1;
        append(new ConsumerGroupRecord(groupId(), new ConsumerGroupRecord.Value(epoch, hash)));
        if (group.hasOldMetadata()) {
            append(ConsumerGroupPartitionMetadataRecord.tombstone(groupId()));
        }
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(groupId()))
                .addKeyValue("groupEpoch", epoch)
                .addKeyValue("members", group.roster().size())
                .log("Consumer group begins an epoch");
    }

    /** Shares the partitions out anew if the target is older than the group, but not more often than allowed. */
    void updateTargets() {
        if (group.targets().epoch() >= group.epoch() || isTooSoon()) {
            return;
        }
        Map<String, PartitionSet> targets = ConsumerAssignment.compute(group, shard.topics(), settings());
        targets.forEach((memberId, target) -> {
            boolean isSame = group.targets().has(memberId)
                    && group.targets().of(memberId).equals(target);
            if (!isSame) {
                append(new ConsumerGroupTargetAssignmentRecord(groupId(), memberId, target));
            }
        });
        append(new ConsumerGroupTargetEpochRecord(
                groupId(), new ConsumerGroupTargetEpochRecord.Value(group.epoch(), now.wallMs())));
    }

    /** A clock that was put back must not stop assignments, so a target from the future is as if it were old. */
    private boolean isTooSoon() {
        long lastMs = group.targets().timeMs();
        long sinceMs = now.wallMs() - lastMs;
        return lastMs != Targets.NO_TIME && sinceMs >= 0 && sinceMs < settings().assignmentIntervalMs();
    }

    /** Whether the member is in a state that this broker cannot go on from, unless the client begins anew. */
    boolean isBeyondUnderstanding(ConsumerMember member, @Nullable PartitionSet reported) {
        return reconciliation(member, reported).isBeyondUnderstanding(member);
    }

    /**
     * Brings a member a step nearer to its target.
     *
     * @param isSubscriptionChanged whether it reads other topics than before
     * @param reported what the client says that it has; null if it does not say
     * @return the member as it is then
     */
    ConsumerMember reconcile(String memberId, boolean isSubscriptionChanged, @Nullable PartitionSet reported) {
        ConsumerMember member = existing(memberId);
        if (!isSubscriptionChanged && member.isReconciledTo(group.targets().epoch())) {
            return member;
        }
        ConsumerGroupCurrentAssignmentRecord.Value next =
                reconciliation(member, reported).next(member, isSubscriptionChanged);
        if (next.equals(member.current())) {
            return member;
        }
        append(new ConsumerGroupCurrentAssignmentRecord(groupId(), memberId, next));
        ConsumerMember reconciled = existing(memberId);
        if (!reconciled.isClassic()) {
            watchRevocation(reconciled);
        }
        return reconciled;
    }

    private ConsumerMember existing(String memberId) {
        ConsumerMember member = group.member(memberId);
        if (member == null) {
            throw new IllegalStateException("expected member " + memberId + " in group " + groupId() + ", found none");
        }
        return member;
    }

    private Reconciliation reconciliation(ConsumerMember member, @Nullable PartitionSet reported) {
        return new Reconciliation(
                group.targets().epoch(),
                group.targets().of(member.id()),
                shard.topics().ids(group.subscriptions().topicsOf(member)),
                group.owners(),
                reported);
    }

    private void watchRevocation(ConsumerMember member) {
        if (member.state() == MemberState.UNREVOKED_PARTITIONS) {
            ConsumerTimeouts.expectRevocation(step, groupId(), member, now);
        } else {
            step.cancel(TimerKey.revocation(groupId(), member.id()));
        }
    }
}
