package io.penstock.core;

import io.penstock.core.group.CommitCaller;
import io.penstock.core.group.ConsumerCaller;
import io.penstock.core.group.JoinCaller;
import io.penstock.core.group.StreamsCaller;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.core.transaction.TransactionMarker;
import io.vertx.core.Future;
import java.util.List;
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

/**
 * Groups and their committed offsets, as far as this broker coordinates them. Takes and returns Kafka's version-free message data, in
 * the form of the newest version; error codes are Kafka's newest, too. Safe from any thread: each question goes to the verticle that
 * owns the group.
 *
 * <p>Refusals are error codes inside the answers. An answer comes after what it tells has been written, and sees everything that the
 * same group was told before. Call it on a Vert.x context; futures complete on that context, and fail only for bugs. Joining and
 * syncing wait for other members, up to the rebalance timeout.
 */
public interface GroupCoordinator {
    /** No broker can be named now: ask again. */
    int NO_NODE = -1;

    /**
     * The node that coordinates a group, or {@link #NO_NODE}. The first question of all makes the topic in which groups are kept.
     *
     * @param groupId may be empty: then it stands for all clients that are in no group
     */
    Future<Integer> coordinatorOf(String groupId);

    Future<JoinGroupResponseData> join(JoinGroupRequestData request, JoinCaller caller);

    Future<SyncGroupResponseData> sync(SyncGroupRequestData request);

    Future<HeartbeatResponseData> heartbeat(HeartbeatRequestData request);

    /** Members are named in {@code members}, as since version 3. */
    Future<LeaveGroupResponseData> leave(LeaveGroupRequestData request);

    /** A heartbeat of a member of the consumer protocol, by which members also join, leave and tell what they read and have. */
    Future<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(
            ConsumerGroupHeartbeatRequestData request, ConsumerCaller caller);

    /**
     * A heartbeat of a member of a streams group, by which members also join, leave and tell what they run and have. Internal topics
     * that the group misses are made in the background.
     */
    Future<StreamsGroupHeartbeatResponseData> streamsHeartbeat(
            StreamsGroupHeartbeatRequestData request, StreamsCaller caller);

    /** Every topic must exist, with name and id given, and have the partitions named. */
    Future<OffsetCommitResponseData> commitOffsets(OffsetCommitRequestData request, CommitCaller caller);

    /**
     * Commits offsets that count when the transaction is committed. Every topic must exist and have the partitions named. The
     * transaction's coordinator is asked unless the transaction has committed offsets here before.
     */
    Future<TxnOffsetCommitResponseData> commitInTransaction(TxnOffsetCommitRequestData request, TransactionClaim claim);

    /**
     * Ends a transaction in a partition of {@code __consumer_offsets}: what it committed there counts from then on, or is forgotten. A
     * marker may come again; error codes are those of a partition that is written to.
     */
    Future<Errors> endTransaction(PartitionId offsetsPartition, TransactionMarker marker);

    /**
     * Topics are named; null asks for all. Topics' ids are compared where both sides have one.
     *
     * @param requireStable whether to refuse, each on its own, partitions for which a transaction under way commits an offset
     */
    Future<OffsetFetchResponseGroup> fetchOffsets(OffsetFetchRequestGroup request, boolean requireStable);

    /** Every topic must exist and have the partitions named. */
    Future<OffsetDeleteResponseData> deleteOffsets(OffsetDeleteRequestData request);

    /** The groups that this broker coordinates. */
    Future<ListGroupsResponseData> listGroups(ListGroupsRequestData request);

    /** Classic groups with their members, in the order asked for. */
    Future<List<DescribedGroup>> describeGroups(List<String> groupIds);

    /** Consumer groups with their members, in the order asked for. */
    Future<List<ConsumerGroupDescribeResponseData.DescribedGroup>> describeConsumerGroups(List<String> groupIds);

    /** Streams groups with their members, in the order asked for. */
    Future<List<StreamsGroupDescribeResponseData.DescribedGroup>> describeStreamsGroups(List<String> groupIds);

    /** Deletes groups that nobody is in, with their offsets, each on its own; answers in the order asked for. */
    Future<List<DeletableGroupResult>> deleteGroups(List<String> groupIds);
}
