package io.penstock.net.handler;

import io.penstock.core.GroupCoordinator;
import io.penstock.core.group.CommitCaller;
import io.penstock.core.group.ConsumerCaller;
import io.penstock.core.group.JoinCaller;
import io.penstock.core.group.StreamsCaller;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.core.transaction.TransactionMarker;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.StreamsGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.Errors;

/** Remembers what it is asked and gives the answers that a test has laid ready, in order. */
public final class FakeGroups implements GroupCoordinator {
    public final Deque<Object> asked = new ArrayDeque<>();
    public final Queue<Object> answers = new ArrayDeque<>();
    /** What {@link #coordinatorOf} answers. */
    public int node = FakeCluster.NODE;
    /** Whether the last question for offsets required stable ones. */
    public boolean wasStableRequired;

    /** The last question, as the type that it should be. */
    public <T> T lastAsked(Class<T> type) {
        return type.cast(asked.getLast());
    }

    private <T> Future<T> answer(Class<T> type, Object question) {
        asked.add(question);
        Object next = answers.remove();
        return next instanceof RuntimeException failure
                ? Future.failedFuture(failure)
                : Future.succeededFuture(type.cast(next));
    }

    @Override
    public Future<Integer> coordinatorOf(String groupId) {
        asked.add(groupId);
        return Future.succeededFuture(node);
    }

    @Override
    public Future<JoinGroupResponseData> join(JoinGroupRequestData request, JoinCaller caller) {
        asked.add(caller);
        return answer(JoinGroupResponseData.class, request);
    }

    @Override
    public Future<SyncGroupResponseData> sync(SyncGroupRequestData request) {
        return answer(SyncGroupResponseData.class, request);
    }

    @Override
    public Future<HeartbeatResponseData> heartbeat(HeartbeatRequestData request) {
        return answer(HeartbeatResponseData.class, request);
    }

    @Override
    public Future<LeaveGroupResponseData> leave(LeaveGroupRequestData request) {
        return answer(LeaveGroupResponseData.class, request);
    }

    @Override
    public Future<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(
            ConsumerGroupHeartbeatRequestData request, ConsumerCaller caller) {
        asked.add(caller);
        return answer(ConsumerGroupHeartbeatResponseData.class, request);
    }

    @Override
    @SuppressWarnings("unchecked") // a test lays a list of the right type ready
    public Future<List<ConsumerGroupDescribeResponseData.DescribedGroup>> describeConsumerGroups(
            List<String> groupIds) {
        return answer(List.class, groupIds)
                .map(groups -> (List<ConsumerGroupDescribeResponseData.DescribedGroup>) groups);
    }

    @Override
    public Future<StreamsGroupHeartbeatResponseData> streamsHeartbeat(
            StreamsGroupHeartbeatRequestData request, StreamsCaller caller) {
        asked.add(caller);
        return answer(StreamsGroupHeartbeatResponseData.class, request);
    }

    @Override
    @SuppressWarnings("unchecked") // a test lays a list of the right type ready
    public Future<List<StreamsGroupDescribeResponseData.DescribedGroup>> describeStreamsGroups(List<String> groupIds) {
        return answer(List.class, groupIds)
                .map(groups -> (List<StreamsGroupDescribeResponseData.DescribedGroup>) groups);
    }

    @Override
    public Future<OffsetCommitResponseData> commitOffsets(OffsetCommitRequestData request, CommitCaller caller) {
        asked.add(caller);
        return answer(OffsetCommitResponseData.class, request);
    }

    @Override
    public Future<TxnOffsetCommitResponseData> commitInTransaction(
            TxnOffsetCommitRequestData request, TransactionClaim claim) {
        asked.add(claim);
        return answer(TxnOffsetCommitResponseData.class, request);
    }

    @Override
    public Future<Errors> endTransaction(PartitionId offsetsPartition, TransactionMarker marker) {
        asked.add(offsetsPartition);
        return answer(Errors.class, marker);
    }

    @Override
    public Future<OffsetFetchResponseGroup> fetchOffsets(OffsetFetchRequestGroup request, boolean requireStable) {
        wasStableRequired = requireStable;
        return answer(OffsetFetchResponseGroup.class, request);
    }

    @Override
    public Future<OffsetDeleteResponseData> deleteOffsets(OffsetDeleteRequestData request) {
        return answer(OffsetDeleteResponseData.class, request);
    }

    @Override
    public Future<ListGroupsResponseData> listGroups(ListGroupsRequestData request) {
        return answer(ListGroupsResponseData.class, request);
    }

    @Override
    public Future<List<DescribedGroup>> describeGroups(List<String> groupIds) {
        asked.add(groupIds);
        List<DescribedGroup> described = new ArrayList<>();
        groupIds.forEach(id -> described.add((DescribedGroup) answers.remove()));
        return Future.succeededFuture(described);
    }

    @Override
    public Future<List<DeletableGroupResult>> deleteGroups(List<String> groupIds) {
        asked.add(groupIds);
        List<DeletableGroupResult> deleted = new ArrayList<>();
        groupIds.forEach(id -> deleted.add((DeletableGroupResult) answers.remove()));
        return Future.succeededFuture(deleted);
    }
}
