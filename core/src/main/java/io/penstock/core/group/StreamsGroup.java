package io.penstock.core.group;

import io.penstock.core.group.consumer.Targets;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.StreamsGroupMemberRecord;
import io.penstock.core.group.record.StreamsGroupRecord;
import io.penstock.core.group.record.StreamsGroupTargetAssignmentRecord;
import io.penstock.core.group.record.StreamsGroupTargetEpochRecord;
import io.penstock.core.group.record.StreamsGroupTopologyRecord;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.StreamsTopology.InternalTopic;
import io.penstock.core.group.record.StreamsTopology.Subtopology;
import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.streams.StreamsMember;
import io.penstock.core.group.streams.StreamsRoster;
import io.penstock.core.group.streams.TopologyPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A group of the threads of one streams application, to which the broker assigns tasks (KIP-1071). What must last is in the log, and
 * {@link #replay} is the only way from one such state to the next. Immutable.
 *
 * <p>Three epochs say how far it has come. The group epoch counts changes of members, topics and settings; the target's epoch is the
 * group epoch for which tasks were last shared out; each member has the target's epoch once it has given up what is not its own any
 * more. Tasks are shared out only while the topology's topics are all there, which is what the validated topology epoch says.
 */
public final class StreamsGroup implements Group {
    static final String PROTOCOL_TYPE = "streams";

    /** The epoch while nothing has been computed, as in Kafka: that of a group of which no record is written. */
    private static final int FIRST_EPOCH = 1;

    private static final StreamsGroupRecord.Value FIRST =
            new StreamsGroupRecord.Value(FIRST_EPOCH, 0, StreamsGroupRecord.Value.NOT_VALIDATED, Map.of());
    private static final Soft NOTHING_KNOWN = new Soft(null, null, 0);

    private final String groupId;
    private final StreamsGroupRecord.Value header;
    private final @Nullable StreamsTopology topology;
    /** Memory that the topology takes, of which the group keeps two forms. */
    private final long topologyBytes;

    private final StreamsRoster roster;
    private final Targets<TaskAssignment> targets;
    private final Soft soft;

    /**
     * What is forgotten with the process, as in Kafka.
     *
     * @param plan the topology against the topics of some moment; null before anybody has asked
     * @param shutdownRequester the member that wants the whole application to end; null if none does
     * @param endpointEpoch grows when what members can ask each other for changes
     */
    private record Soft(
            @Nullable TopologyPlan plan, @Nullable String shutdownRequester, int endpointEpoch) {}

    private StreamsGroup(
            String groupId,
            StreamsGroupRecord.Value header,
            @Nullable StreamsTopology topology,
            long topologyBytes,
            StreamsRoster roster,
            Targets<TaskAssignment> targets,
            Soft soft) {
        this.groupId = groupId;
        this.header = header;
        this.topology = topology;
        this.topologyBytes = topologyBytes;
        this.roster = roster;
        this.targets = targets;
        this.soft = soft;
    }

    /** A group in which nobody has ever been. */
    static StreamsGroup empty(String groupId) {
        return new StreamsGroup(
                groupId,
                FIRST,
                null,
                0,
                StreamsRoster.EMPTY,
                Targets.none(FIRST_EPOCH, TaskAssignment.EMPTY),
                NOTHING_KNOWN);
    }

    // ---- state

    int epoch() {
        return header.epoch();
    }

    /** Epoch, validated topology and settings of assignments. */
    StreamsGroupRecord.Value header() {
        return header;
    }

    @Nullable
    StreamsTopology topology() {
        return topology;
    }

    StreamsRoster roster() {
        return roster;
    }

    Targets<TaskAssignment> targets() {
        return targets;
    }

    @Nullable
    StreamsMember member(String memberId) {
        return roster.member(memberId);
    }

    @Nullable
    TopologyPlan plan() {
        return soft.plan();
    }

    @Nullable
    String shutdownRequester() {
        return soft.shutdownRequester();
    }

    int endpointEpoch() {
        return soft.endpointEpoch();
    }

    // ---- what is not in the log

    StreamsGroup with(TopologyPlan plan) {
        return with(new Soft(plan, soft.shutdownRequester(), soft.endpointEpoch()));
    }

    /** The first member that asks for it is the one that is named. */
    StreamsGroup withShutdownBy(String memberId) {
        return soft.shutdownRequester() == null ? with(new Soft(soft.plan(), memberId, soft.endpointEpoch())) : this;
    }

    StreamsGroup withNewEndpoints() {
        return with(new Soft(soft.plan(), soft.shutdownRequester(), soft.endpointEpoch() + 1));
    }

    private StreamsGroup with(Soft newSoft) {
        return new StreamsGroup(groupId, header, topology, topologyBytes, roster, targets, newSoft);
    }

    // ---- replay

    /** The group after one more record about it, which is not the tombstone of the group itself. */
    StreamsGroup replay(GroupRecord record) {
        if (record instanceof StreamsGroupMemberRecord member) {
            return replay(member);
        } else if (record instanceof StreamsGroupCurrentAssignmentRecord current) {
            return replay(current);
        } else if (record instanceof StreamsGroupTargetAssignmentRecord target) {
            return with(targets.with(target.memberId(), target.tasks()));
        } else if (record instanceof StreamsGroupTargetEpochRecord target) {
            StreamsGroupTargetEpochRecord.Value value = target.value();
            return with(
                    value == null
                            ? targets.at(Targets.NO_EPOCH, Targets.NO_TIME)
                            : targets.at(value.assignmentEpoch(), value.assignmentTimeMs()));
        } else if (record instanceof StreamsGroupTopologyRecord newTopology) {
            return with(newTopology.topology());
        } else if (record instanceof StreamsGroupRecord group && group.value() != null) {
            return new StreamsGroup(groupId, group.value(), topology, topologyBytes, roster, targets, soft);
        }
        throw new IllegalArgumentException("expected a record of a streams group that goes on, found " + record);
    }

    private StreamsGroup with(@Nullable StreamsTopology newTopology) {
        long bytes = newTopology == null ? 0 : 2 * newTopology.sizeBytes();
        Soft unplanned = new Soft(null, soft.shutdownRequester(), soft.endpointEpoch());
        return new StreamsGroup(groupId, header, newTopology, bytes, roster, targets, unplanned);
    }

    private StreamsGroup replay(StreamsGroupMemberRecord record) {
        StreamsMember before = roster.member(record.memberId());
        StreamsGroupMemberRecord.Value profile = record.value();
        if (profile != null) {
            return with(roster.with((before == null ? StreamsMember.blank(record.memberId()) : before).with(profile)));
        }
        return with(roster.without(record.memberId()));
    }

    private StreamsGroup replay(StreamsGroupCurrentAssignmentRecord record) {
        StreamsMember before = roster.member(record.memberId());
        StreamsGroupCurrentAssignmentRecord.Value current = record.value();
        if (before == null && current == null) {
            return this;
        }
        StreamsMember known = before == null ? StreamsMember.blank(record.memberId()) : before;
        return with(roster.with(current == null ? known.holdingNothing() : known.with(current)));
    }

    /** An application that has ended may begin again, whoever ended it. */
    private StreamsGroup with(StreamsRoster newRoster) {
        Soft kept = newRoster.size() == 0 ? new Soft(soft.plan(), null, soft.endpointEpoch()) : soft;
        return new StreamsGroup(groupId, header, topology, topologyBytes, newRoster, targets, kept);
    }

    private StreamsGroup with(Targets<TaskAssignment> newTargets) {
        return new StreamsGroup(groupId, header, topology, topologyBytes, roster, newTargets, soft);
    }

    // ---- as any group

    @Override
    public String groupId() {
        return groupId;
    }

    @Override
    public GroupKind kind() {
        return GroupKind.STREAMS;
    }

    @Override
    public String stateName() {
        return state().wireName();
    }

    /** Where the group is; looks at every member. */
    StreamsGroupState state() {
        if (isEmpty()) {
            return StreamsGroupState.EMPTY;
        }
        if (topology == null || topology.epoch() != header.validatedTopologyEpoch()) {
            return StreamsGroupState.NOT_READY;
        }
        if (epoch() > targets.epoch()) {
            return StreamsGroupState.ASSIGNING;
        }
        boolean isReconciled = roster.members().stream().allMatch(member -> member.isReconciledTo(targets.epoch()));
        return isReconciled ? StreamsGroupState.STABLE : StreamsGroupState.RECONCILING;
    }

    @Override
    public String protocolTypeName() {
        return PROTOCOL_TYPE;
    }

    @Override
    public boolean isEmpty() {
        return roster.size() == 0;
    }

    @Override
    public long sizeBytes() {
        return topologyBytes + roster.sizeBytes();
    }

    @Override
    public boolean isSubscribedTo(String topic) {
        return !isEmpty() && subtopologyReading(topic) != null;
    }

    /** The subtopology whose tasks read a topic; null if none does. */
    @Nullable
    Subtopology subtopologyReading(String topic) {
        if (topology != null) {
            for (Subtopology subtopology : topology.subtopologies()) {
                if (subtopology.sourceTopics().contains(topic)
                        || subtopology.repartitionSources().stream()
                                .map(InternalTopic::name)
                                .anyMatch(topic::equals)) {
                    return subtopology;
                }
            }
        }
        return null;
    }

    @Override
    public Errors refuseCommit(OffsetCommitRequestData request, CommitCaller caller) {
        return StreamsCommits.refusal(this, request, caller);
    }

    @Override
    public Errors refuseFetch(@Nullable String memberId, int memberEpoch) {
        return StreamsCommits.refuseFetch(this, memberId, memberEpoch);
    }

    @Override
    public Errors refuseOffsetDeletion() {
        return Errors.NONE;
    }

    @Override
    public List<GroupRecord> tombstones() {
        List<GroupRecord> records = new ArrayList<>();
        for (StreamsMember member : roster.members()) {
            records.addAll(tombstonesOf(member.id()));
        }
        records.add(StreamsGroupTargetEpochRecord.tombstone(groupId));
        records.add(StreamsGroupRecord.tombstone(groupId));
        records.add(StreamsGroupTopologyRecord.tombstone(groupId));
        return records;
    }

    /** The records that end a membership, in the order in which they must be written. */
    List<GroupRecord> tombstonesOf(String memberId) {
        return List.of(
                StreamsGroupCurrentAssignmentRecord.tombstone(groupId, memberId),
                StreamsGroupTargetAssignmentRecord.tombstone(groupId, memberId),
                StreamsGroupMemberRecord.tombstone(groupId, memberId));
    }

    /** Offsets of topics that nobody reads expire also while there are members; whether a topic is read is asked elsewhere. */
    @Override
    public long retentionStartMs(CommittedOffset offset) {
        return offset.commitTimeMs();
    }
}
