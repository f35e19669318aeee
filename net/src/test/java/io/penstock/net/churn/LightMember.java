package io.penstock.net.churn;

import io.penstock.net.fixture.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolAssignment.TopicPartition;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;

/**
 * A member of a group on one connection and one thread, which reads no records but commits offsets as if it did. Speaks the same
 * consumer protocol as Kafka's consumers, so both can be in one group.
 */
final class LightMember implements ChurnMember {
    static final int SESSION_MS = 3_000;
    static final int REBALANCE_MS = 6_000;
    private static final int HEARTBEAT_MS = 200;
    private static final short COMMIT_BY_NAME = 9;

    private final String name;
    private final ChurnGroup group;
    private final ChurnHistory history;
    private final RawClient client;

    private final Map<Integer, Long> positions = new HashMap<>();
    private String memberId = "";
    private int generation = -1;
    private int correlationId;
    private volatile int settledGeneration = -1;
    private volatile Ending ending = Ending.NONE;
    private volatile List<Integer> owned = List.of();

    private enum Ending {
        NONE,
        LEAVE,
        DIE
    }

    LightMember(String name, ChurnGroup group, ChurnHistory history) throws IOException {
        this.name = name;
        this.group = group;
        this.history = history;
        this.client = RawClient.connect(group.port());
    }

    @Override
    public void leave() {
        ending = Ending.LEAVE;
    }

    @Override
    public void die() {
        ending = Ending.DIE;
    }

    @Override
    public int settledGeneration() {
        return settledGeneration;
    }

    @Override
    public List<Integer> owned() {
        return owned;
    }

    @Override
    public void run() {
        try (client) {
            boolean isIn = false;
            while (ending == Ending.NONE) {
                isIn = isIn ? live() : join();
            }
            if (ending == Ending.LEAVE) {
                sayGoodbye();
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            group.onFailure(name, e);
        } finally {
            settledGeneration = -1;
        }
    }

    // ---- a rebalance

    /** One attempt; whether it is in the group now. */
    private boolean join() throws IOException, InterruptedException {
        settledGeneration = -1;
        owned = List.of();
        positions.clear();
        JoinGroupResponseData joined = ask(ApiKeys.JOIN_GROUP, joinRequest(), JoinGroupResponseData.class);
        switch (Errors.forCode(joined.errorCode())) {
            case NONE, MEMBER_ID_REQUIRED -> memberId = joined.memberId();
            case UNKNOWN_MEMBER_ID -> memberId = "";
            case REBALANCE_IN_PROGRESS, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR -> Thread.sleep(HEARTBEAT_MS);
            default -> throw new IllegalStateException("unexpected answer to a join: " + joined);
        }
        if (joined.errorCode() != Errors.NONE.code()) {
            return false;
        }
        generation = joined.generationId();
        SyncGroupResponseData synced = ask(ApiKeys.SYNC_GROUP, syncRequest(joined), SyncGroupResponseData.class);
        if (synced.errorCode() != Errors.NONE.code()) {
            return !isOut(Errors.forCode(synced.errorCode()));
        }
        take(synced.assignment());
        return true;
    }

    private JoinGroupRequestData joinRequest() {
        ConsumerProtocolSubscription subscription =
                new ConsumerProtocolSubscription().setTopics(List.of(ChurnGroup.TOPIC));
        JoinGroupRequestData request = new JoinGroupRequestData()
                .setGroupId(ChurnGroup.GROUP)
                .setMemberId(memberId)
                .setProtocolType("consumer")
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS);
        request.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(bytes(subscription)));
        return request;
    }

    private SyncGroupRequestData syncRequest(JoinGroupResponseData joined) {
        SyncGroupRequestData request = new SyncGroupRequestData()
                .setGroupId(ChurnGroup.GROUP)
                .setMemberId(memberId)
                .setGenerationId(generation)
                .setProtocolType("consumer")
                .setProtocolName("range");
        return joined.leader().equals(memberId) ? request.setAssignments(assign(joined.members())) : request;
    }

    private static List<SyncGroupRequestAssignment> assign(List<JoinGroupResponseMember> members) {
        List<SyncGroupRequestAssignment> assignments = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            int rank = i;
            List<Integer> own = IntStream.range(0, ChurnGroup.PARTITIONS)
                    .filter(partition -> partition % members.size() == rank)
                    .boxed()
                    .toList();
            ConsumerProtocolAssignment assignment = new ConsumerProtocolAssignment();
            assignment
                    .assignedPartitions()
                    .add(new TopicPartition().setTopic(ChurnGroup.TOPIC).setPartitions(own));
            assignments.add(new SyncGroupRequestAssignment()
                    .setMemberId(members.get(i).memberId())
                    .setAssignment(bytes(assignment)));
        }
        return assignments;
    }

    private static byte[] bytes(ApiMessage message) {
        ByteBuffer buffer = MessageUtil.toVersionPrefixedByteBuffer((short) 0, message);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private void take(byte[] assignment) throws IOException {
        List<Integer> partitions = ChurnGroup.partitionsOf(assignment);
        history.onAssigned(name, generation, partitions);
        OffsetFetchResponseData fetched =
                ask(ApiKeys.OFFSET_FETCH, ChurnGroup.fetchAll(), ChurnGroup.BY_NAME, OffsetFetchResponseData.class);
        Map<Integer, Long> committed = ChurnGroup.offsetsOf(fetched);
        partitions.forEach(partition -> positions.put(partition, committed.getOrDefault(partition, 0L)));
        owned = partitions;
        settledGeneration = generation;
    }

    // ---- between rebalances

    /** Heartbeats and commits once; whether it is still in. */
    private boolean live() throws IOException, InterruptedException {
        Thread.sleep(HEARTBEAT_MS);
        HeartbeatRequestData heartbeat = new HeartbeatRequestData()
                .setGroupId(ChurnGroup.GROUP)
                .setMemberId(memberId)
                .setGenerationId(generation);
        Errors error = Errors.forCode(
                ask(ApiKeys.HEARTBEAT, heartbeat, HeartbeatResponseData.class).errorCode());
        if (error == Errors.NONE || error == Errors.REBALANCE_IN_PROGRESS) {
            Errors committed = commit();
            error = error == Errors.NONE ? committed : error;
        }
        return !isOut(error);
    }

    private boolean isOut(Errors error) {
        if (error == Errors.UNKNOWN_MEMBER_ID) {
            memberId = "";
        }
        return error != Errors.NONE;
    }

    private Errors commit() throws IOException {
        if (positions.isEmpty()) {
            return Errors.NONE;
        }
        positions.replaceAll((partition, offset) -> offset + 1);
        List<OffsetCommitRequestPartition> commits = new ArrayList<>();
        positions.forEach((partition, offset) -> commits.add(
                new OffsetCommitRequestPartition().setPartitionIndex(partition).setCommittedOffset(offset)));
        OffsetCommitRequestData request = new OffsetCommitRequestData()
                .setGroupId(ChurnGroup.GROUP)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(
                        new OffsetCommitRequestTopic().setName(ChurnGroup.TOPIC).setPartitions(commits)));
        OffsetCommitResponseData answer =
                ask(ApiKeys.OFFSET_COMMIT, request, COMMIT_BY_NAME, OffsetCommitResponseData.class);
        Errors error = Errors.forCode(answer.topics().get(0).partitions().get(0).errorCode());
        if (error == Errors.NONE) {
            positions.forEach(history::onAcked);
        }
        return error;
    }

    private void sayGoodbye() throws IOException {
        LeaveGroupRequestData request = new LeaveGroupRequestData()
                .setGroupId(ChurnGroup.GROUP)
                .setMembers(List.of(new MemberIdentity().setMemberId(memberId)));
        ask(ApiKeys.LEAVE_GROUP, request, LeaveGroupResponseData.class);
    }

    private <T extends ApiMessage> T ask(ApiKeys api, ApiMessage request, Class<T> type) throws IOException {
        return ask(api, request, api.latestVersion(false), type);
    }

    private <T extends ApiMessage> T ask(ApiKeys api, ApiMessage request, short version, Class<T> type)
            throws IOException {
        client.sendBytes(RawClient.frame(api, version, correlationId++, request));
        return client.read(api, version, type);
    }
}
