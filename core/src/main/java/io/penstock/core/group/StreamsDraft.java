package io.penstock.core.group;

import io.penstock.core.group.consumer.Targets;
import io.penstock.core.group.consumer.TopicsHash;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord;
import io.penstock.core.group.record.StreamsGroupCurrentAssignmentRecord.MemberState;
import io.penstock.core.group.record.StreamsGroupMemberRecord;
import io.penstock.core.group.record.StreamsGroupRecord;
import io.penstock.core.group.record.StreamsGroupTargetAssignmentRecord;
import io.penstock.core.group.record.StreamsGroupTargetEpochRecord;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.streams.InvalidTopologyException;
import io.penstock.core.group.streams.StickyTaskAssignor;
import io.penstock.core.group.streams.StreamsMember;
import io.penstock.core.group.streams.TaskAssignorInput;
import io.penstock.core.group.streams.TaskOwners;
import io.penstock.core.group.streams.TaskReconciliation;
import io.penstock.core.group.streams.TopologyPlan;
import io.penstock.core.group.streams.TopologyPlanner;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One decision about a streams group while it is being made: the group as it will be, and the {@link Step} that comes of it. Every
 * change that must last is a record, tried on at once. Owned by one decision.
 */
final class StreamsDraft {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsDraft.class);

    private final CoordinatorShard shard;
    private final Now now;
    private final Step step = new Step();
    private final StreamsGroupSettings settings;
    private final StreamsGroup before;
    private StreamsGroup group;

    /** Starts to change a group. */
    StreamsDraft(CoordinatorShard shard, StreamsGroup current, Now now) {
        this.shard = shard;
        this.before = current;
        this.group = current;
        this.now = now;
        this.settings = shard.streamsSettings(current.groupId());
    }

    CoordinatorShard shard() {
        return shard;
    }

    /** The group as it will be. */
    StreamsGroup group() {
        return group;
    }

    String groupId() {
        return group.groupId();
    }

    /** What has come of the decision so far. */
    Step step() {
        return step;
    }

    StreamsGroupSettings settings() {
        return settings;
    }

    /** What has come of the decision: the group is replaced by what was made of it, if it is one that is in the log. */
    Step finish() {
        boolean isStored = !step.records().isEmpty() || shard.group(groupId()) instanceof StreamsGroup;
        return isStored ? step.put(group) : step;
    }

    /** Writes a record about the group and changes it so. */
    void append(GroupRecord record) {
        step.append(record);
        group = group.replay(record);
    }

    /** Changes what is not in the log. */
    void change(StreamsGroup changed) {
        group = changed;
    }

    // ---- members

    /** Ends a membership: its records and its deadlines. */
    void removeMember(String memberId) {
        group.tombstonesOf(memberId).forEach(this::append);
        StreamsTimeouts.cancelAll(step, groupId(), memberId);
    }

    /** Takes over what a member says of itself now; says whether that is something else than before. */
    boolean updateProfile(StreamsMember before, StreamsGroupMemberRecord.Value profile) {
        if (profile.equals(before.profile())) {
            return false;
        }
        append(new StreamsGroupMemberRecord(groupId(), before.id(), profile));
        return true;
    }

    // ---- topics

    /** The plan of the topology for the topics as they are now; what was planned for the same topics is used again. */
    TopologyPlan plan(StreamsTopology topology) throws InvalidTopologyException {
        TopologyPlan known = group.plan();
        long version = shard.topics().version();
        if (known != null && known.catalogVersion() == version) {
            return known;
        }
        TopologyPlan plan = known != null && group.header().metadataHash() == hash(topology)
                ? known.at(version)
                : TopologyPlanner.plan(topology, shard.topics());
        group = group.with(plan);
        return plan;
    }

    /** What the topology's topics come to now; that is known if nothing has happened to any topic since the last heartbeat. */
    long hash(StreamsTopology topology) {
        TopologyPlan known = before.plan();
        return known != null && known.catalogVersion() == shard.topics().version()
                ? before.header().metadataHash()
                : TopicsHash.of(TopologyPlanner.topics(topology), shard.topics());
    }

    // ---- epochs

    void beginEpoch(long metadataHash, int validatedTopologyEpoch) {
        int epoch = group.epoch() + 1;
        append(new StreamsGroupRecord(
                groupId(),
                new StreamsGroupRecord.Value(
                        epoch, metadataHash, validatedTopologyEpoch, settings.assignmentConfigs())));
        LOGGER.atInfo()
                .addKeyValue("groupId", LoggedText.of(groupId()))
                .addKeyValue("groupEpoch", epoch)
                .addKeyValue("members", group.roster().size())
                .log("Streams group begins an epoch");
    }

    /** Whether the target is older than the group but may not be computed yet. */
    boolean isTargetTooSoon() {
        long lastMs = group.targets().timeMs();
        long sinceMs = now.wallMs() - lastMs;
        return group.targets().epoch() < group.epoch()
                && lastMs != Targets.NO_TIME
                && sinceMs >= 0 // a clock that was put back must not stop assignments
                && sinceMs < settings.assignmentIntervalMs();
    }

    /** Shares the tasks out anew if the target is older than the group. */
    void updateTargets() {
        if (group.targets().epoch() >= group.epoch()) {
            return;
        }
        Map<String, TaskAssignment> targets = StickyTaskAssignor.assign(assignorInput());
        targets.forEach((memberId, target) -> {
            boolean isSame = group.targets().has(memberId)
                    && group.targets().of(memberId).equals(target);
            if (!isSame) {
                append(new StreamsGroupTargetAssignmentRecord(groupId(), memberId, target));
            }
        });
        append(new StreamsGroupTargetEpochRecord(
                groupId(), new StreamsGroupTargetEpochRecord.Value(group.epoch(), now.wallMs())));
    }

    /** While topics are missing there are no tasks. */
    private TaskAssignorInput assignorInput() {
        Map<String, TaskAssignorInput.Member> members = new HashMap<>();
        for (StreamsMember member : group.roster().members()) {
            members.put(
                    member.id(),
                    new TaskAssignorInput.Member(
                            member.processId(), group.targets().of(member.id())));
        }
        Map<String, TaskAssignorInput.Subtopology> subtopologies = new HashMap<>();
        TopologyPlan plan = group.plan();
        if (plan != null && plan.isReady()) {
            plan.subtopologies()
                    .forEach((id, planned) -> subtopologies.put(
                            id, new TaskAssignorInput.Subtopology(planned.taskCount(), planned.isStateful())));
        }
        return new TaskAssignorInput(members, subtopologies, settings.standbyReplicas());
    }

    // ---- reconciliation

    /** How a member comes to a target from where the group was before this decision; looks at every member. */
    TaskReconciliation reconciliation(TaskAssignment target, @Nullable TaskAssignment reported) {
        TaskOwners owners = TaskOwners.of(before.roster().members());
        return new TaskReconciliation(group.targets().epoch(), target, owners, reported);
    }

    /**
     * Brings a member a step nearer to its target.
     *
     * @return the member as it is then
     */
    StreamsMember reconcile(StreamsMember member, TaskReconciliation reconciliation) {
        StreamsGroupCurrentAssignmentRecord.Value next = reconciliation.next(member);
        if (next.equals(member.current())) {
            return member;
        }
        append(new StreamsGroupCurrentAssignmentRecord(groupId(), member.id(), next));
        StreamsMember reconciled = member.with(next);
        if (reconciled.state() == MemberState.UNREVOKED_TASKS) {
            StreamsTimeouts.expectRevocation(step, groupId(), reconciled, now);
        } else {
            step.cancel(TimerKey.revocation(groupId(), member.id()));
        }
        return reconciled;
    }
}
