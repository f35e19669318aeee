package io.penstock.core.group;

import io.penstock.core.group.consumer.ConsumerMember;
import io.penstock.core.group.consumer.PartitionOwners;
import io.penstock.core.group.consumer.Roster;
import io.penstock.core.group.consumer.Subscriptions;
import io.penstock.core.group.consumer.Targets;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.ConsumerGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupMemberRecord;
import io.penstock.core.group.record.ConsumerGroupPartitionMetadataRecord;
import io.penstock.core.group.record.ConsumerGroupRecord;
import io.penstock.core.group.record.ConsumerGroupRegexRecord;
import io.penstock.core.group.record.ConsumerGroupTargetAssignmentRecord;
import io.penstock.core.group.record.ConsumerGroupTargetEpochRecord;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.PartitionSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group to whose members the broker assigns partitions (KIP-848). All of it is in the log: {@link #replay} is the only way from one
 * state to the next, for a decision that tries records on as for a log that is loaded. Immutable.
 *
 * <p>Three epochs say how far it has come. The group epoch counts changes of members, subscriptions and topics; the target's epoch is
 * the group epoch for which the partitions were last shared out; each member has the target's epoch once it has given up what is not
 * its own any more.
 */
public final class ConsumerGroup implements Group {
    /** The epoch of a group of which no record is written yet, as in Kafka. */
    static final int FIRST_EPOCH = 1;

    private final String groupId;
    private final int epoch;
    private final long topicsHash;
    private final boolean hasOldMetadata;
    private final Roster roster;
    private final Subscriptions subscriptions;
    private final Targets<PartitionSet> targets;
    private final PartitionOwners owners;

    private ConsumerGroup(
            String groupId,
            int epoch,
            long topicsHash,
            boolean hasOldMetadata,
            Roster roster,
            Subscriptions subscriptions,
            Targets<PartitionSet> targets,
            PartitionOwners owners) {
        this.groupId = groupId;
        this.epoch = epoch;
        this.topicsHash = topicsHash;
        this.hasOldMetadata = hasOldMetadata;
        this.roster = roster;
        this.subscriptions = subscriptions;
        this.targets = targets;
        this.owners = owners;
    }

    /** A group in which nobody has ever been. */
    static ConsumerGroup empty(String groupId) {
        return new ConsumerGroup(
                groupId,
                FIRST_EPOCH,
                ConsumerGroupRecord.Value.NO_HASH,
                false,
                Roster.EMPTY,
                Subscriptions.EMPTY,
                Targets.none(Targets.NO_EPOCH, PartitionSet.EMPTY),
                PartitionOwners.NONE);
    }

    // ---- state

    int epoch() {
        return epoch;
    }

    /** Of the topics subscribed to, as they were when the epoch began. */
    long topicsHash() {
        return topicsHash;
    }

    /** Whether the log has a record of it that only old brokers write. */
    boolean hasOldMetadata() {
        return hasOldMetadata;
    }

    Roster roster() {
        return roster;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    Targets<PartitionSet> targets() {
        return targets;
    }

    PartitionOwners owners() {
        return owners;
    }

    @Nullable
    ConsumerMember member(String memberId) {
        return roster.member(memberId);
    }

    // ---- replay

    /** The group after one more record about it, which is not the tombstone of the group itself. */
    ConsumerGroup replay(GroupRecord record) {
        if (record instanceof ConsumerGroupMemberRecord member) {
            return replay(member);
        } else if (record instanceof ConsumerGroupCurrentAssignmentRecord current) {
            return replay(current);
        } else if (record instanceof ConsumerGroupTargetAssignmentRecord target) {
            return with(targets.with(target.memberId(), target.partitions()));
        } else if (record instanceof ConsumerGroupTargetEpochRecord target) {
            ConsumerGroupTargetEpochRecord.Value value = target.value();
            return with(
                    value == null
                            ? targets.at(Targets.NO_EPOCH, Targets.NO_TIME)
                            : targets.at(value.assignmentEpoch(), value.assignmentTimeMs()));
        } else if (record instanceof ConsumerGroupRegexRecord regex) {
            return with(roster, subscriptions.resolving(regex.regex(), regex.value()), owners);
        } else if (record instanceof ConsumerGroupRecord group && group.value() != null) {
            return at(group.value().epoch(), group.value().metadataHash());
        } else if (record instanceof ConsumerGroupPartitionMetadataRecord old) {
            return withOldMetadata(!old.isTombstone());
        }
        throw new IllegalArgumentException("expected a record of a consumer group that goes on, found " + record);
    }

    private ConsumerGroup replay(ConsumerGroupMemberRecord record) {
        ConsumerMember before = roster.member(record.memberId());
        ConsumerGroupMemberRecord.Value profile = record.value();
        if (profile != null) {
            return withMember(
                    before, (before == null ? ConsumerMember.blank(record.memberId()) : before).with(profile));
        }
        return before == null ? this : withoutMember(before);
    }

    private ConsumerGroup replay(ConsumerGroupCurrentAssignmentRecord record) {
        ConsumerMember before = roster.member(record.memberId());
        ConsumerGroupCurrentAssignmentRecord.Value current = record.value();
        if (before == null && current == null) {
            return this;
        }
        ConsumerMember known = before == null ? ConsumerMember.blank(record.memberId()) : before;
        return withMember(before, current == null ? known.holdingNothing() : known.with(current));
    }

    private ConsumerGroup withMember(@Nullable ConsumerMember before, ConsumerMember after) {
        return with(
                roster.with(after),
                subscriptions.replacing(before, after),
                owners.replacing(before, after, after.id()));
    }

    private ConsumerGroup withoutMember(ConsumerMember member) {
        return with(
                roster.without(member.id()),
                subscriptions.replacing(member, null),
                owners.replacing(member, null, member.id()));
    }

    private ConsumerGroup with(Roster newRoster, Subscriptions newSubscriptions, PartitionOwners newOwners) {
        return new ConsumerGroup(
                groupId, epoch, topicsHash, hasOldMetadata, newRoster, newSubscriptions, targets, newOwners);
    }

    private ConsumerGroup with(Targets<PartitionSet> newTargets) {
        return new ConsumerGroup(groupId, epoch, topicsHash, hasOldMetadata, roster, subscriptions, newTargets, owners);
    }

    private ConsumerGroup at(int newEpoch, long newHash) {
        return new ConsumerGroup(groupId, newEpoch, newHash, hasOldMetadata, roster, subscriptions, targets, owners);
    }

    private ConsumerGroup withOldMetadata(boolean isThere) {
        return new ConsumerGroup(groupId, epoch, topicsHash, isThere, roster, subscriptions, targets, owners);
    }

    // ---- as any group

    @Override
    public String groupId() {
        return groupId;
    }

    @Override
    public GroupKind kind() {
        return GroupKind.CONSUMER;
    }

    @Override
    public String stateName() {
        return state().wireName();
    }

    /** Where the group is; looks at every member. */
    ConsumerGroupState state() {
        if (isEmpty()) {
            return ConsumerGroupState.EMPTY;
        }
        if (epoch > targets.epoch()) {
            return ConsumerGroupState.ASSIGNING;
        }
        boolean isReconciled = roster.members().stream().allMatch(member -> member.isReconciledTo(targets.epoch()));
        return isReconciled ? ConsumerGroupState.STABLE : ConsumerGroupState.RECONCILING;
    }

    @Override
    public String protocolTypeName() {
        return ClassicGroup.CONSUMER_PROTOCOL;
    }

    @Override
    public boolean isEmpty() {
        return roster.size() == 0;
    }

    @Override
    public long sizeBytes() {
        return roster.sizeBytes();
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return subscriptions.isSubscribedTo(topic);
    }

    @Override
    public Errors refuseCommit(OffsetCommitRequestData request, CommitCaller caller) {
        return ConsumerCommits.refusal(this, request, caller);
    }

    @Override
    public Errors refuseFetch(@Nullable String memberId, int memberEpoch) {
        return ConsumerCommits.refuseFetch(this, memberId, memberEpoch);
    }

    @Override
    public Errors refuseOffsetDeletion() {
        return Errors.NONE;
    }

    @Override
    public List<GroupRecord> tombstones() {
        List<GroupRecord> records = new ArrayList<>();
        for (ConsumerMember member : roster.members()) {
            records.addAll(tombstonesOf(member.id()));
        }
        records.add(ConsumerGroupTargetEpochRecord.tombstone(groupId));
        for (String pattern : subscriptions.resolvedPatterns()) {
            records.add(ConsumerGroupRegexRecord.tombstone(groupId, pattern));
        }
        if (hasOldMetadata) {
            records.add(ConsumerGroupPartitionMetadataRecord.tombstone(groupId));
        }
        records.add(ConsumerGroupRecord.tombstone(groupId));
        return records;
    }

    /** The records that end a membership, in the order in which they must be written. */
    List<GroupRecord> tombstonesOf(String memberId) {
        return List.of(
                ConsumerGroupCurrentAssignmentRecord.tombstone(groupId, memberId),
                ConsumerGroupTargetAssignmentRecord.tombstone(groupId, memberId),
                ConsumerGroupMemberRecord.tombstone(groupId, memberId));
    }

    /** Offsets of topics that nobody reads expire also while there are members; whether a topic is read is asked elsewhere. */
    @Override
    public long retentionStartMs(CommittedOffset offset) {
        return offset.commitTimeMs();
    }
}
