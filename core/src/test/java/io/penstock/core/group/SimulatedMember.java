package io.penstock.core.group;

import static io.penstock.core.group.Members.protocols;
import static io.penstock.core.group.Members.subscription;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A consumer as simple as it can be: joins, assigns if it leads, reads and commits what it owns, and begins again whenever it is told
 * to. Answers may get lost on their way to it; then it asks again.
 */
final class SimulatedMember {
    static final int SESSION_MS = 6_000;
    static final int REBALANCE_MS = 10_000;
    private static final int HEARTBEAT_MS = 1_000;
    private static final int READ_MS = 400;
    private static final int RETRY_MS = 100;
    private static final int MAX_DELAY_MS = 30;

    /** The name for the history: of a static member it outlives the process. */
    final String name;

    private final @Nullable String instanceId;
    private final int partitions;
    private final VirtualTime time;
    private final Random random;
    private final SimulatedCoordinator coordinator;
    private final GroupHistory history;
    private int lossPercent;

    private String memberId = "";
    private int generation = -1;
    private boolean isAlive = true;
    private long pausedUntilMs;
    private long busyUntilMs;
    private long lastSentMs;
    /** Rises with everything that makes older answers pointless. */
    private int attempt;
    /** Next record to read of each partition that it owns; empty until offsets are known. */
    private final Map<Integer, Long> positions = new TreeMap<>();

    private boolean ownsAssignment;

    SimulatedMember(
            String name,
            @Nullable String instanceId,
            int partitions,
            VirtualTime time,
            Random random,
            SimulatedCoordinator coordinator,
            GroupHistory history,
            int lossPercent) {
        this.name = name;
        this.instanceId = instanceId;
        this.partitions = partitions;
        this.time = time;
        this.random = random;
        this.coordinator = coordinator;
        this.history = history;
        this.lossPercent = lossPercent;
    }

    void start() {
        join();
        every(HEARTBEAT_MS, this::heartbeat);
        every(READ_MS, this::readAndCommit);
    }

    boolean isAlive() {
        return isAlive;
    }

    boolean isStatic() {
        return instanceId != null;
    }

    /** Partitions that it reads now. */
    List<Integer> owned() {
        return ownsAssignment ? List.copyOf(positions.keySet()) : List.of();
    }

    int generation() {
        return generation;
    }

    /** Is gone without a word. */
    void die() {
        isAlive = false;
        attempt++;
    }

    /** Stands still, as in a long collection of garbage. */
    void pause(long durationMs) {
        pausedUntilMs = time.nowMs() + durationMs;
    }

    /** Goes on with what it has, heartbeats included, and does not care what it is told. */
    void beBusy(long durationMs) {
        busyUntilMs = time.nowMs() + durationMs;
    }

    /** From now on every answer arrives. */
    void loseNoMore() {
        lossPercent = 0;
    }

    void leave() {
        MemberIdentity identity = new MemberIdentity().setMemberId(memberId).setGroupInstanceId(instanceId);
        LeaveGroupRequestData request =
                new LeaveGroupRequestData().setGroupId(Members.GROUP).setMembers(List.of(identity));
        ask(reply -> GroupCommands.leave(request, reply), (LeaveGroupResponseData answer) -> {}, false);
        die();
    }

    private void every(long intervalMs, Runnable action) {
        time.after(intervalMs, () -> {
            if (!isAlive) {
                return;
            }
            if (!isPaused()) {
                action.run();
            }
            every(intervalMs, action);
        });
    }

    private boolean isPaused() {
        return time.nowMs() < pausedUntilMs;
    }

    // ---- the network

    /** Sends after what was sent before; an answer that is lost is asked for again later, unless it does not matter any more. */
    private <T> void ask(Function<Reply<T>, GroupCommand> command, Consumer<T> onAnswer, boolean canBeLost) {
        lastSentMs = Math.max(lastSentMs, time.nowMs() + random.nextInt(MAX_DELAY_MS));
        boolean isLost = canBeLost && random.nextInt(100) < lossPercent;
        Answer<T> once = new Answer<>();
        time.after(
                lastSentMs - time.nowMs(),
                () -> coordinator.submit(command.apply(answer -> {
                    once.send(answer);
                    if (!isLost) {
                        time.after(random.nextInt(MAX_DELAY_MS), () -> deliver(() -> onAnswer.accept(answer)));
                    }
                })));
    }

    private void deliver(Runnable answer) {
        if (isPaused()) {
            time.after(pausedUntilMs - time.nowMs(), () -> deliver(answer));
        } else if (isAlive) {
            answer.run();
        }
    }

    /** The same for a step of a rebalance: an answer to an older step does not count. */
    private <T> void askInRebalance(Function<Reply<T>, GroupCommand> command, Consumer<T> onAnswer, Runnable again) {
        int thisAttempt = ++attempt;
        Consumer<T> ifCurrent = answer -> {
            if (thisAttempt == attempt) {
                attempt++;
                onAnswer.accept(answer);
            }
        };
        ask(command, ifCurrent, true);
        time.after(
                REBALANCE_MS + 5_000,
                () -> deliver(() -> {
                    if (thisAttempt == attempt) {
                        again.run();
                    }
                }));
    }

    private void later(Runnable action) {
        int thisAttempt = ++attempt;
        time.after(
                RETRY_MS,
                () -> deliver(() -> {
                    if (thisAttempt == attempt) {
                        action.run();
                    }
                }));
    }

    // ---- joining

    private void join() {
        ownsAssignment = false;
        positions.clear();
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(Members.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocols(protocols(subscription("t"), "range"));
        askInRebalance(reply -> GroupCommands.join(request, ShardFixture.CALLER, reply), this::onJoined, this::join);
    }

    private void onJoined(JoinGroupResponseData answer) {
        switch (Errors.forCode(answer.errorCode())) {
            case NONE -> {
                memberId = answer.memberId();
                generation = answer.generationId();
                sync(answer);
            }
            case MEMBER_ID_REQUIRED -> {
                memberId = answer.memberId();
                join();
            }
            case FENCED_INSTANCE_ID -> die();
            case UNKNOWN_MEMBER_ID -> {
                memberId = "";
                later(this::join);
            }
            default -> later(this::join);
        }
    }

    private void sync(JoinGroupResponseData joined) {
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId(Members.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range");
        boolean assigns = joined.leader().equals(memberId) && !joined.skipAssignment();
        if (assigns) {
            request.setAssignments(assign(
                    joined.members().stream().map(member -> member.memberId()).toList()));
        }
        askInRebalance(reply -> GroupCommands.sync(request, reply), this::onSynced, this::join);
    }

    private List<SyncGroupRequestAssignment> assign(List<String> members) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            int rank = i;
            int[] own = IntStream.range(0, partitions)
                    .filter(partition -> partition % members.size() == rank)
                    .toArray();
            ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * own.length);
            IntStream.of(own).forEach(bytes::putInt);
            assignments.add(
                    new SyncGroupRequestAssignment().setMemberId(members.get(i)).setAssignment(bytes.array()));
        }
        return assignments;
    }

    private void onSynced(SyncGroupResponseData answer) {
        switch (Errors.forCode(answer.errorCode())) {
            case NONE -> {
                List<Integer> assigned = new ArrayList<>();
                for (ByteBuffer bytes = ByteBuffer.wrap(answer.assignment()); bytes.hasRemaining(); ) {
                    assigned.add(bytes.getInt());
                }
                history.onAssigned(name, generation, assigned);
                fetchOffsets(assigned);
            }
            case FENCED_INSTANCE_ID -> die();
            case UNKNOWN_MEMBER_ID -> {
                memberId = "";
                later(this::join);
            }
            default -> later(this::join);
        }
    }

    private void fetchOffsets(List<Integer> assigned) {
        OffsetFetchRequestGroup request =
                new OffsetFetchRequestGroup().setGroupId(Members.GROUP).setTopics(null);
        askInRebalance(
                reply -> GroupCommands.fetchOffsets(request, false, reply),
                (OffsetFetchResponseGroup answer) -> {
                    if (answer.errorCode() != Errors.NONE.code()) {
                        later(() -> fetchOffsets(assigned));
                        return;
                    }
                    assigned.forEach(partition -> positions.put(partition, 0L));
                    answer.topics()
                            .forEach(topic -> topic.partitions()
                                    .forEach(found -> positions.computeIfPresent(
                                            found.partitionIndex(), (index, none) -> found.committedOffset())));
                    ownsAssignment = true;
                },
                () -> fetchOffsets(assigned));
    }

    // ---- living

    private void heartbeat() {
        if (!ownsAssignment) {
            return;
        }
        int thisAttempt = attempt;
        HeartbeatRequestData request = new HeartbeatRequestData()
                .setGroupId(Members.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationId(generation);
        ask(
                reply -> GroupCommands.heartbeat(request, reply),
                (HeartbeatResponseData answer) -> {
                    if (thisAttempt == attempt) {
                        onError(Errors.forCode(answer.errorCode()));
                    }
                },
                true);
    }

    private void readAndCommit() {
        if (!ownsAssignment || positions.isEmpty()) {
            return;
        }
        positions.replaceAll((partition, offset) -> offset + random.nextInt(5));
        List<OffsetCommitRequestPartition> commits = new ArrayList<>();
        positions.forEach((partition, offset) -> commits.add(
                new OffsetCommitRequestPartition().setPartitionIndex(partition).setCommittedOffset(offset)));
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(Members.GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic().setName("t").setPartitions(commits)));
        int thisAttempt = attempt;
        ask(
                reply -> GroupCommands.commitOffsets(request, reply),
                (OffsetCommitResponseData answer) -> {
                    if (thisAttempt == attempt) {
                        onError(Errors.forCode(
                                answer.topics().get(0).partitions().get(0).errorCode()));
                    }
                },
                true);
    }

    private void onError(Errors error) {
        if (time.nowMs() < busyUntilMs) {
            return;
        }
        switch (error) {
            case FENCED_INSTANCE_ID -> die();
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION -> join();
            case UNKNOWN_MEMBER_ID -> {
                memberId = "";
                join();
            }
            default -> {
                // Fine, or a coordinator that is away for a moment: the next heartbeat will tell.
            }
        }
    }
}
