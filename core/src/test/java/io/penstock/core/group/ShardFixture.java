package io.penstock.core.group;

import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.GroupRecordCodec;
import io.penstock.core.group.record.TransactionEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
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
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/**
 * A shard with a log in memory and a clock moved by hand. Unless writing is held back, everything asked is written and answered at
 * once.
 */
final class ShardFixture {
    static final int MAX_BATCH_BYTES = 1 << 20;
    static final JoinCaller CALLER = new JoinCaller("client", "/127.0.0.1", true, true);
    static final JoinCaller OLD_CALLER = new JoinCaller("client", "/127.0.0.1", false, false);
    static final long START_WALL_MS = 1_700_000_000_000L;

    final GroupSettings settings;
    private final GroupSurroundings surroundings;
    TestTopics topics = TestTopics.NONE;
    final List<GroupLogEntry> log = new ArrayList<>();
    CoordinatorShard shard;
    long nowMs = 1_000;
    /** Whether batches stay unwritten until {@link #write} or {@link #fail}. */
    boolean holdsBack;
    /** How far the wall clock is ahead of where it should be. */
    long jumpMs;

    private int memberNumber;

    ShardFixture() {
        this(GroupSettings.DEFAULT);
    }

    ShardFixture(GroupSettings settings) {
        this(settings, GroupSurroundings.NONE);
    }

    ShardFixture(GroupSettings settings, GroupSurroundings surroundings) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.shard = newShard();
    }

    private CoordinatorShard newShard() {
        CoordinatorShard fresh =
                new CoordinatorShard(settings, () -> Integer.toString(++memberNumber), MAX_BATCH_BYTES, surroundings);
        fresh.onTopics(topics, true);
        return fresh;
    }

    /** The cluster has other topics from now on. */
    void onTopics(TestTopics newTopics, boolean hasNewOnes) {
        topics = newTopics;
        shard.onTopics(newTopics, hasNewOnes);
    }

    Now now() {
        return new Now(START_WALL_MS + nowMs + jumpMs, nowMs);
    }

    // ---- the log

    /** Writes everything that waits to be written, and what comes of it. */
    void write() {
        boolean hasMore = true;
        while (hasMore) {
            hasMore = writeOne();
        }
    }

    /** Writes the next batch; false if there is none. */
    boolean writeOne() {
        LogWrite next = shard.nextBatch();
        if (next == null) {
            return false;
        }
        log.addAll(entries(next));
        shard.onWritten(now());
        return true;
    }

    /** What stands in the log once the batch is written. */
    static List<GroupLogEntry> entries(LogWrite write) {
        if (write instanceof LogWrite.End end) {
            return List.of(
                    new TransactionEnd(end.marker().producerId(), end.marker().isCommit()));
        }
        LogWrite.Records batch = (LogWrite.Records) write;
        List<GroupLogEntry> entries = new ArrayList<>();
        for (EncodedRecord record : batch.records()) {
            GroupRecord decoded = Objects.requireNonNull(GroupRecordCodec.decode(record.key(), record.value()));
            entries.add(GroupLogEntry.of(decoded, batch.transaction()));
        }
        return entries;
    }

    /** Fails to write the next batch. */
    void fail(Errors error) {
        if (shard.nextBatch() == null) {
            throw new AssertionError("expected records to be written, found none");
        }
        shard.onUnwritten(error, now());
    }

    private void settle() {
        if (!holdsBack) {
            write();
        }
        while (shard.nextDeadlineMs() <= nowMs) {
            shard.onTime(now());
            if (!holdsBack) {
                write();
            }
        }
    }

    /** Moves the clock, stopping at every deadline on the way. */
    void advance(long ms) {
        long endMs = nowMs + ms;
        while (shard.nextDeadlineMs() <= endMs) {
            nowMs = Math.max(nowMs, shard.nextDeadlineMs());
            settle();
        }
        nowMs = endMs;
    }

    /** The process dies and comes back: only the log is left. */
    void restart() {
        shard = newShard();
        log.forEach(shard::replay);
        shard.onLoaded(now());
    }

    // ---- asking

    void submit(GroupCommand command) {
        shard.submit(command, now());
        settle();
    }

    Answer<JoinGroupResponseData> join(JoinGroupRequestData request, JoinCaller caller) {
        Answer<JoinGroupResponseData> answer = new Answer<>();
        submit(GroupCommands.join(request, caller, answer));
        return answer;
    }

    Answer<JoinGroupResponseData> join(JoinGroupRequestData request) {
        return join(request, CALLER);
    }

    Answer<SyncGroupResponseData> sync(SyncGroupRequestData request) {
        Answer<SyncGroupResponseData> answer = new Answer<>();
        submit(GroupCommands.sync(request, answer));
        return answer;
    }

    Errors heartbeat(String groupId, String memberId, int generation) {
        return Errors.forCode(heartbeat(new HeartbeatRequestData()
                        .setGroupId(groupId)
                        .setMemberId(memberId)
                        .setGenerationId(generation))
                .get()
                .errorCode());
    }

    Answer<HeartbeatResponseData> heartbeat(HeartbeatRequestData request) {
        Answer<HeartbeatResponseData> answer = new Answer<>();
        submit(GroupCommands.heartbeat(request, answer));
        return answer;
    }

    Answer<LeaveGroupResponseData> leave(String groupId, MemberIdentity... members) {
        Answer<LeaveGroupResponseData> answer = new Answer<>();
        submit(GroupCommands.leave(
                new LeaveGroupRequestData().setGroupId(groupId).setMembers(List.of(members)), answer));
        return answer;
    }

    Answer<OffsetCommitResponseData> commit(OffsetCommitRequestData request) {
        Answer<OffsetCommitResponseData> answer = new Answer<>();
        submit(GroupCommands.commitOffsets(request, answer));
        return answer;
    }

    /** Commits an offset as a member would; the error of that one partition. */
    Errors commit(String groupId, String memberId, int generation, String topic, int partition, long offset) {
        return Errors.forCode(commit(commitRequest(groupId, memberId, generation, topic, partition, offset))
                .get()
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode());
    }

    static OffsetCommitRequestData commitRequest(
            String groupId, String memberId, int generation, String topic, int partition, long offset) {
        return new OffsetCommitRequestData()
                .setGroupId(groupId)
                .setMemberId(memberId)
                .setGenerationIdOrMemberEpoch(generation)
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName(topic)
                        .setTopicId(Uuid.ZERO_UUID)
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
    }

    Answer<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request) {
        return fetch(request, false);
    }

    Answer<OffsetFetchResponseGroup> fetch(OffsetFetchRequestGroup request, boolean requireStable) {
        Answer<OffsetFetchResponseGroup> answer = new Answer<>();
        submit(GroupCommands.fetchOffsets(request, requireStable, answer));
        return answer;
    }

    /** The offset committed for a partition; -1 for none. */
    long committed(String groupId, String topic, int partition) {
        return fetchOne(groupId, topic, partition).committedOffset();
    }

    OffsetFetchResponsePartitions fetchOne(String groupId, String topic, int partition) {
        return fetchOne(groupId, topic, partition, false);
    }

    OffsetFetchResponsePartitions fetchOne(String groupId, String topic, int partition, boolean requireStable) {
        OffsetFetchRequestGroup request = new OffsetFetchRequestGroup()
                .setGroupId(groupId)
                .setTopics(
                        List.of(new OffsetFetchRequestTopics().setName(topic).setPartitionIndexes(List.of(partition))));
        return fetch(request, requireStable).get().topics().get(0).partitions().get(0);
    }

    Answer<OffsetDeleteResponseData> deleteOffsets(OffsetDeleteRequestData request) {
        Answer<OffsetDeleteResponseData> answer = new Answer<>();
        submit(GroupCommands.deleteOffsets(request, answer));
        return answer;
    }

    Errors deleteGroup(String groupId) {
        Answer<DeletableGroupResult> answer = new Answer<>();
        submit(GroupCommands.deleteGroup(groupId, answer));
        return Errors.forCode(answer.get().errorCode());
    }

    void expireOffsets(String groupId) {
        submit(GroupCommands.expireOffsets(groupId));
    }

    // ---- looking

    /** The state's name, {@code Dead} if there is no such group. */
    String state(String groupId) {
        return GroupListing.describe(shard, groupId).groupState();
    }

    ClassicGroup classic(String groupId) {
        return (ClassicGroup) Objects.requireNonNull(shard.group(groupId));
    }
}
