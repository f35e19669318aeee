package io.penstock.core.group;

import io.penstock.core.group.record.StreamsGroupMemberRecord;
import io.penstock.core.group.record.StreamsGroupMemberRecord.Endpoint;
import io.penstock.core.group.record.StreamsGroupRecord;
import io.penstock.core.group.record.StreamsGroupTopologyRecord;
import io.penstock.core.group.record.StreamsTopology;
import io.penstock.core.group.record.TaskAssignment;
import io.penstock.core.group.record.TaskSet;
import io.penstock.core.group.streams.EndpointTable;
import io.penstock.core.group.streams.InvalidTopologyException;
import io.penstock.core.group.streams.StreamsMember;
import io.penstock.core.group.streams.TaskReconciliation;
import io.penstock.core.group.streams.TopologyPlan;
import io.penstock.core.group.streams.TopologyPlan.PlannedSubtopology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides one heartbeat of a member of a streams group, which is also how members join and bring their topology: the member is found
 * or made, the topology is measured against the topics, the group's epoch follows both, the target follows the epoch, and the member
 * comes a step nearer to its target. Error codes and texts are Kafka's. Owned by one decision.
 */
final class StreamsHeartbeats {
    private static final Logger LOGGER = LoggerFactory.getLogger(StreamsHeartbeats.class);

    private final CoordinatorShard shard;
    private final StreamsGroupHeartbeatRequestData request;
    private final StreamsCaller caller;
    private final Now now;
    private final boolean isJoining;
    private final @Nullable TaskAssignment reported;
    private final List<Status> statuses = new ArrayList<>();

    private StreamsHeartbeats(
            CoordinatorShard shard, StreamsGroupHeartbeatRequestData request, StreamsCaller caller, Now now) {
        this.shard = shard;
        this.request = request;
        this.caller = caller;
        this.now = now;
        this.isJoining = request.memberEpoch() == StreamsMember.JOINING_EPOCH;
        this.reported = StreamsTopologies.reported(request);
    }

    /** Decides a heartbeat that {@link StreamsRequests} has nothing against. */
    static Step decide(
            CoordinatorShard shard,
            StreamsGroupHeartbeatRequestData request,
            StreamsCaller caller,
            Reply<StreamsHeartbeatAnswer> reply,
            Now now) {
        return request.memberEpoch() == StreamsMember.LEAVING_EPOCH
                ? StreamsLeaves.leave(shard, request, reply, now)
                : new StreamsHeartbeats(shard, request, caller, now).decide(reply);
    }

    private Step decide(Reply<StreamsHeartbeatAnswer> reply) {
        Group known = shard.group(request.groupId());
        StreamsGroup current = known instanceof StreamsGroup group ? group : null;
        boolean isReplaceable = isJoining && (known == null || (known instanceof ClassicGroup && known.isEmpty()));
        if (current == null && !isReplaceable) {
            return refuse(reply, StreamsRefusals.noStreamsGroup(shard, request.groupId()));
        }
        StreamsGroup group = current == null ? StreamsGroup.empty(request.groupId()) : current;
        Refusal refusal = refusalOfMember(group);
        refusal = refusal == null ? refusalOfTopology(group) : refusal;
        if (refusal != null) {
            return refuse(reply, refusal);
        }
        StreamsDraft draft = new StreamsDraft(shard, group, now);
        if (current == null && known != null) {
            known.tombstones().forEach(tombstone -> draft.step().append(tombstone));
        }
        return proceed(draft, reply);
    }

    private Step refuse(Reply<StreamsHeartbeatAnswer> reply, Refusal refusal) {
        return Step.answering(reply, StreamsAnswers.refused(refusal));
    }

    // ---- who is it

    private @Nullable Refusal refusalOfMember(StreamsGroup group) {
        int maxMembers = shard.streamsSettings(group.groupId()).maxMembers();
        StreamsMember member = group.member(request.memberId());
        if (member != null) {
            return isJoining ? null : refusalOfEpoch(member);
        } else if (!isJoining) {
            return StreamsRefusals.unknownMember(group, request.memberId());
        }
        boolean isFull = group.roster().size() >= maxMembers || shard.memberRoomBytes() <= 0;
        return isFull ? StreamsRefusals.full(Math.min(maxMembers, group.roster().size())) : null;
    }

    /** A member may be one epoch behind if the answer that told the new one was lost: it then has nothing but what it was given. */
    private @Nullable Refusal refusalOfEpoch(StreamsMember member) {
        int epoch = request.memberEpoch();
        boolean hasLostAnswer = epoch < member.epoch()
                && epoch == member.previousEpoch()
                && reported != null
                && member.assigned().tasks().containsAll(reported);
        return epoch == member.epoch() || hasLostAnswer ? null : StreamsRefusals.fencedEpoch(member, epoch);
    }

    // ---- what it runs

    private @Nullable Refusal refusalOfTopology(StreamsGroup group) {
        StreamsTopology known = group.topology();
        StreamsGroupHeartbeatRequestData.Topology brought = request.topology();
        if (brought == null || known == null || known.epoch() > brought.epoch()) {
            return null;
        }
        return StreamsTopologies.areSame(known, StreamsTopologies.of(brought)) ? null : StreamsRefusals.otherTopology();
    }

    /** The group's topology: that of the first member, until the group is deleted. Writes it if it is new. */
    private StreamsTopology topology(StreamsDraft draft) {
        StreamsTopology known = draft.group().topology();
        if (known != null) {
            return known;
        }
        StreamsGroupHeartbeatRequestData.Topology brought = request.topology();
        if (brought == null) {
            throw new IllegalStateException("expected a topology of group " + draft.groupId() + ", found none");
        }
        StreamsTopology topology = StreamsTopologies.of(brought);
        draft.append(new StreamsGroupTopologyRecord(draft.groupId(), topology));
        return topology;
    }

    /** What the member says now; what it leaves out is as before. */
    private StreamsGroupMemberRecord.Value profile(StreamsGroupMemberRecord.Value known) {
        String rackId = request.rackId();
        String processId = request.processId();
        int rebalanceTimeoutMs = request.rebalanceTimeoutMs();
        StreamsGroupHeartbeatRequestData.Topology topology = request.topology();
        return new StreamsGroupMemberRecord.Value(
                known.instanceId(),
                rackId == null ? known.rackId() : rackId,
                caller.clientId(),
                caller.clientHost(),
                rebalanceTimeoutMs == StreamsRequests.UNCHANGED ? known.rebalanceTimeoutMs() : rebalanceTimeoutMs,
                topology == null ? known.topologyEpoch() : topology.epoch(),
                processId == null ? known.processId() : processId,
                endpoint(known),
                clientTags(known));
    }

    private @Nullable Endpoint endpoint(StreamsGroupMemberRecord.Value known) {
        StreamsGroupHeartbeatRequestData.Endpoint endpoint = request.userEndpoint();
        return endpoint == null ? known.endpoint() : new Endpoint(endpoint.host(), endpoint.port());
    }

    private Map<String, String> clientTags(StreamsGroupMemberRecord.Value known) {
        List<StreamsGroupHeartbeatRequestData.KeyValue> tags = request.clientTags();
        if (tags == null) {
            return known.clientTags();
        }
        Map<String, String> told = new TreeMap<>();
        tags.forEach(tag -> told.put(tag.key(), tag.value()));
        return told;
    }

    // ---- what comes of it

    private Step proceed(StreamsDraft draft, Reply<StreamsHeartbeatAnswer> reply) {
        boolean wasEmpty = draft.group().isEmpty();
        StreamsMember known = draft.group().member(request.memberId());
        StreamsMember before = known == null ? StreamsMember.blank(request.memberId()) : known;
        StreamsGroupMemberRecord.Value profile = profile(before.profile());
        boolean isOther = draft.updateProfile(before, profile);
        boolean isTopologyNew = draft.group().topology() == null;
        StreamsTopology topology = topology(draft);
        TopologyPlan plan;
        try {
            plan = draft.plan(topology);
        } catch (InvalidTopologyException e) {
            String message = e.getMessage();
            return refuse(reply, StreamsRefusals.invalidTopology(message == null ? "" : message));
        }
        Refusal flaw = plan.isReady() ? flawOfTasks(plan) : null;
        StreamsMember member = before.with(profile);
        if (flaw != null) {
            return refuse(reply, flaw);
        }
        if (!isTopologyNew && profile.topologyEpoch() < topology.epoch()) {
            statuses.add(StreamsAnswers.status(
                    StreamsAnswers.STALE_TOPOLOGY,
                    "The member's topology epoch " + profile.topologyEpoch() + " is behind the group's topology epoch "
                            + topology.epoch() + "."));
        }
        followEpoch(draft, isOther, topology, plan);
        TaskAssignment target = followTarget(draft, wasEmpty);
        StreamsMember after = reconcile(draft, member, target);
        if (after == null) {
            return refuse(reply, StreamsRefusals.unknownState());
        }
        StreamsTimeouts.expectHeartbeat(
                draft.step(), draft.groupId(), member.id(), draft.settings().sessionTimeoutMs(), now);
        if (known == null) {
            LOGGER.atInfo()
                    .addKeyValue("groupId", LoggedText.of(request.groupId()))
                    .addKeyValue("memberId", LoggedText.of(request.memberId()))
                    .log("Member joins the streams group");
        }
        return answer(draft, plan, before, after, reply);
    }

    /** What the client says that it has must exist. */
    private @Nullable Refusal flawOfTasks(TopologyPlan plan) {
        if (reported == null) {
            return null;
        }
        Refusal flaw = flawOfTasks(reported.active(), plan);
        flaw = flaw == null ? flawOfTasks(reported.standby(), plan) : flaw;
        return flaw == null ? flawOfTasks(reported.warmup(), plan) : flaw;
    }

    private static @Nullable Refusal flawOfTasks(TaskSet tasks, TopologyPlan plan) {
        for (Map.Entry<String, ? extends Collection<Integer>> own :
                tasks.bySubtopology().entrySet()) {
            PlannedSubtopology subtopology = plan.subtopologies().get(own.getKey());
            if (subtopology == null) {
                return StreamsRefusals.unknownSubtopology(own.getKey());
            }
            for (int task : own.getValue()) {
                if (task < 0 || task >= subtopology.taskCount()) {
                    return StreamsRefusals.unknownTask(own.getKey(), task, subtopology.taskCount());
                }
            }
        }
        return null;
    }

    /** Begins a new epoch if the member, the topics or the settings of assignments are not what they were. */
    private void followEpoch(StreamsDraft draft, boolean isMemberOther, StreamsTopology topology, TopologyPlan plan) {
        StreamsGroupRecord.Value header = draft.group().header();
        long hash = draft.hash(topology);
        int validated = plan.isReady() ? topology.epoch() : StreamsGroupRecord.Value.NOT_VALIDATED;
        boolean isOther = isMemberOther
                || hash != header.metadataHash()
                || validated != header.validatedTopologyEpoch()
                || !header.assignmentConfigs().equals(draft.settings().assignmentConfigs());
        if (isOther) {
            draft.beginEpoch(hash, validated);
        }
    }

    /** What the member is to have; nothing while a new group waits for more members. */
    private TaskAssignment followTarget(StreamsDraft draft, boolean wasEmpty) {
        String groupId = draft.groupId();
        int delayMs = draft.settings().initialRebalanceDelayMs();
        boolean isWaiting = shard.isScheduled(TimerKey.firstTarget(groupId));
        if (!isWaiting && wasEmpty && delayMs > 0) {
            StreamsTimeouts.delayFirstTarget(draft.step(), groupId, delayMs, now);
            isWaiting = true;
        }
        if (isWaiting) {
            delayed("Assignment delayed due to the configured initial rebalance delay.");
            return TaskAssignment.EMPTY;
        }
        if (draft.isTargetTooSoon()) {
            delayed("Assignment delayed due to the configured assignment interval.");
        } else {
            draft.updateTargets();
        }
        return draft.group().targets().of(request.memberId());
    }

    /** The member, a step nearer to its target; null if it is in a state from which this broker cannot go on. */
    private @Nullable StreamsMember reconcile(StreamsDraft draft, StreamsMember member, TaskAssignment target) {
        if (member.isReconciledTo(draft.group().targets().epoch())) {
            return member;
        }
        TaskReconciliation reconciliation = draft.reconciliation(target, reported);
        return reconciliation.isBeyondUnderstanding(member) ? null : draft.reconcile(member, reconciliation);
    }

    private void delayed(String detail) {
        statuses.add(StreamsAnswers.status(StreamsAnswers.ASSIGNMENT_DELAYED, detail));
    }

    private Step answer(
            StreamsDraft draft,
            TopologyPlan plan,
            StreamsMember before,
            StreamsMember after,
            Reply<StreamsHeartbeatAnswer> reply) {
        StreamsGroupHeartbeatResponseData answer =
                StreamsAnswers.heard(after, draft.settings().heartbeatIntervalMs());
        if (request.shutdownApplication()) {
            draft.change(draft.group().withShutdownBy(after.id()));
        }
        boolean hasNewTasks = isJoining || !after.assigned().equals(before.assigned());
        if (hasNewTasks || isUnaware(after)) {
            StreamsAnswers.tellTasks(answer, after.assigned());
        }
        if (hasNewTasks && after.profile().endpoint() != null) {
            draft.change(draft.group().withNewEndpoints());
        }
        if (draft.group().endpointEpoch() != request.endpointInformationEpoch()) {
            answer.setPartitionsByUserEndpoint(StreamsAnswers.endpoints(
                    EndpointTable.of(draft.group().roster().members(), plan, shard.topics())));
        }
        answer.setEndpointInformationEpoch(draft.group().endpointEpoch());
        TopologyPlan.Problem problem = plan.problem();
        if (problem != null) {
            statuses.add(StreamsAnswers.status(problem.kind().statusCode(), problem.detail()));
        }
        String requester = draft.group().shutdownRequester();
        if (requester != null) {
            statuses.add(StreamsAnswers.status(
                    StreamsAnswers.SHUTDOWN_APPLICATION,
                    "Streams group member " + requester
                            + " encountered a fatal error and requested a shutdown for the entire application."));
        }
        answer.setStatus(statuses);
        return draft.finish()
                .answer(reply, new StreamsHeartbeatAnswer(answer, StreamsAnswers.creatable(plan.missing())));
    }

    /**
     * Whether the client says that it has other tasks than it is to have: an answer may have been lost. Kafka's broker does not tell it
     * again, so that nobody would work on the tasks until something else changes.
     */
    private boolean isUnaware(StreamsMember after) {
        return reported != null && !reported.equals(after.assigned().tasks());
    }
}
