package io.penstock.core.runtime;

import io.penstock.core.GroupCoordinator;
import io.penstock.core.group.CommitCaller;
import io.penstock.core.group.ConsumerCaller;
import io.penstock.core.group.ConsumerRequests;
import io.penstock.core.group.CoordinatorShard;
import io.penstock.core.group.GroupCommand;
import io.penstock.core.group.GroupCommands;
import io.penstock.core.group.GroupListing;
import io.penstock.core.group.GroupSettings;
import io.penstock.core.group.JoinCaller;
import io.penstock.core.group.Refusal;
import io.penstock.core.group.Reply;
import io.penstock.core.group.StreamsCaller;
import io.penstock.core.group.StreamsHeartbeatAnswer;
import io.penstock.core.group.StreamsRequests;
import io.penstock.core.group.streams.TopologyPlan.ProblemKind;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.core.transaction.TransactionMarker;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.internals.Topic;
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
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
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
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Sends questions about groups to the coordinators of this broker and brings the answers back. Safe from any thread. */
final class LocalGroupCoordinator implements GroupCoordinator {
    private static final byte MISSING_INTERNAL_TOPICS = ProblemKind.MISSING_INTERNAL_TOPICS.statusCode();

    private final Vertx vertx;
    private final CoordinatorFleet fleet;
    private final Supplier<MetadataImage> metadata;
    private final InternalTopic offsetsTopic;
    private final StreamsTopics streamsTopics;
    private final GroupSettings settings;
    private final TransactionAdmissions admissions;

    /** @param admissions whom to ask about transactions that commit offsets */
    LocalGroupCoordinator(
            Vertx vertx,
            CoordinatorFleet fleet,
            Supplier<MetadataImage> metadata,
            InternalTopic offsetsTopic,
            StreamsTopics streamsTopics,
            GroupSettings settings,
            TransactionAdmissions admissions) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.metadata = metadata;
        this.offsetsTopic = offsetsTopic;
        this.streamsTopics = streamsTopics;
        this.settings = settings;
        this.admissions = admissions;
    }

    // ---- where

    @Override
    public Future<Integer> coordinatorOf(String groupId) {
        if (topic() != null) {
            return Future.succeededFuture(leaderOf(groupId));
        }
        Promise<Integer> answer = callerContext().promise();
        offsetsTopic
                .create()
                .map(exists -> exists ? leaderOf(groupId) : NO_NODE)
                .onComplete(answer);
        return answer.future();
    }

    private @Nullable TopicImage topic() {
        return metadata.get().topic(Topic.GROUP_METADATA_TOPIC_NAME);
    }

    private int leaderOf(String groupId) {
        TopicImage topic = topic();
        return topic == null
                ? NO_NODE
                : topic.partitions().get(partitionOf(groupId, topic)).leader();
    }

    /** Kafka's own rule: every client library and tool could compute it. */
    private static int partitionOf(String groupId, TopicImage topic) {
        return Utils.abs(groupId.hashCode()) % topic.partitions().size();
    }

    // ---- members

    @Override
    public Future<JoinGroupResponseData> join(JoinGroupRequestData request, JoinCaller caller) {
        return ask(
                request.groupId(),
                reply -> GroupCommands.join(request, caller, reply),
                CoordinatorCall::waiting,
                refusal(request));
    }

    private Errors refusal(JoinGroupRequestData request) {
        if (request.groupId().isEmpty()) {
            return Errors.INVALID_GROUP_ID;
        }
        int sessionTimeoutMs = request.sessionTimeoutMs();
        boolean isAllowed = sessionTimeoutMs >= settings.minSessionTimeoutMs()
                && sessionTimeoutMs <= settings.maxSessionTimeoutMs();
        return isAllowed ? Errors.NONE : Errors.INVALID_SESSION_TIMEOUT;
    }

    @Override
    public Future<SyncGroupResponseData> sync(SyncGroupRequestData request) {
        return ask(
                request.groupId(),
                reply -> GroupCommands.sync(request, reply),
                CoordinatorCall::waiting,
                ifEmpty(request.groupId()));
    }

    @Override
    public Future<HeartbeatResponseData> heartbeat(HeartbeatRequestData request) {
        return ask(request.groupId(), reply -> GroupCommands.heartbeat(request, reply), ifEmpty(request.groupId()));
    }

    @Override
    public Future<LeaveGroupResponseData> leave(LeaveGroupRequestData request) {
        return ask(request.groupId(), reply -> GroupCommands.leave(request, reply), ifEmpty(request.groupId()));
    }

    @Override
    public Future<ConsumerGroupHeartbeatResponseData> consumerHeartbeat(
            ConsumerGroupHeartbeatRequestData request, ConsumerCaller caller) {
        Refusal flaw =
                ConsumerRequests.flaw(request, caller, settings.consumer().assignors());
        return flaw == null
                ? ask(request.groupId(), reply -> GroupCommands.consumerHeartbeat(request, caller, reply), Errors.NONE)
                : Future.succeededFuture(new ConsumerGroupHeartbeatResponseData()
                        .setErrorCode(flaw.error().code())
                        .setErrorMessage(flaw.message()));
    }

    @Override
    public Future<StreamsGroupHeartbeatResponseData> streamsHeartbeat(
            StreamsGroupHeartbeatRequestData request, StreamsCaller caller) {
        Refusal flaw = StreamsRequests.flaw(request);
        if (flaw != null) {
            return Future.succeededFuture(new StreamsGroupHeartbeatResponseData()
                    .setErrorCode(flaw.error().code())
                    .setErrorMessage(flaw.message()));
        }
        Future<StreamsHeartbeatAnswer> answer =
                ask(request.groupId(), reply -> GroupCommands.streamsHeartbeat(request, caller, reply), Errors.NONE);
        return answer.map(this::withTopics);
    }

    /** A topic that could not be made is told until it is tried again, which is two heartbeats later, as in Kafka. */
    private StreamsGroupHeartbeatResponseData withTopics(StreamsHeartbeatAnswer answer) {
        StreamsGroupHeartbeatResponseData data = answer.data();
        if (!answer.missingTopics().isEmpty()) {
            streamsTopics.create(answer.missingTopics(), 2 * data.heartbeatIntervalMs());
            String failures = streamsTopics.failuresOf(answer.missingTopics());
            if (!failures.isEmpty()) {
                data.status().stream()
                        .filter(status -> status.statusCode() == MISSING_INTERNAL_TOPICS)
                        .forEach(status ->
                                status.setStatusDetail(status.statusDetail() + "; Creation failed: " + failures + "."));
            }
        }
        return data;
    }

    // ---- offsets

    @Override
    public Future<OffsetCommitResponseData> commitOffsets(OffsetCommitRequestData request, CommitCaller caller) {
        return ask(request.groupId(), reply -> GroupCommands.commitOffsets(request, caller, reply), Errors.NONE);
    }

    @Override
    public Future<TxnOffsetCommitResponseData> commitInTransaction(
            TxnOffsetCommitRequestData request, TransactionClaim claim) {
        TopicImage topic = topic();
        Errors refusal = topic == null ? Errors.NOT_COORDINATOR : ifEmpty(request.groupId());
        if (topic == null || refusal != Errors.NONE) {
            return Future.succeededFuture(TxnOffsetCommitRequest.getErrorResponse(request, refusal));
        }
        Promise<TxnOffsetCommitResponseData> answer = callerContext().promise();
        PartitionId partition = new PartitionId(topic.id(), partitionOf(request.groupId(), topic));
        new TransactionalCommit(
                        request,
                        claim,
                        admissions,
                        partition,
                        call -> fleet.send(partition.index(), call),
                        answer::complete)
                .start();
        return answer.future();
    }

    @Override
    public Future<Errors> endTransaction(PartitionId offsetsPartition, TransactionMarker marker) {
        TopicImage topic = topic();
        if (topic == null || !topic.id().equals(offsetsPartition.topicId())) {
            return Future.succeededFuture(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        }
        Promise<Errors> answer = callerContext().promise();
        Consumer<Errors> reply = error -> answer.complete(CoordinatorErrors.ofMarker(error));
        fleet.send(
                offsetsPartition.index(),
                new CoordinatorCall<>((shard, now) -> shard.transactions().end(marker, reply), reply));
        return answer.future();
    }

    @Override
    public Future<OffsetFetchResponseGroup> fetchOffsets(OffsetFetchRequestGroup request, boolean requireStable) {
        return ask(request.groupId(), reply -> GroupCommands.fetchOffsets(request, requireStable, reply), Errors.NONE);
    }

    @Override
    public Future<OffsetDeleteResponseData> deleteOffsets(OffsetDeleteRequestData request) {
        return ask(request.groupId(), reply -> GroupCommands.deleteOffsets(request, reply), ifEmpty(request.groupId()));
    }

    // ---- administration

    @Override
    public Future<ListGroupsResponseData> listGroups(ListGroupsRequestData request) {
        List<Future<Listed>> all = new ArrayList<>();
        for (int partition : fleet.partitions()) {
            all.add(list(partition, request));
        }
        return inCallerContext(Future.join(all).map(done -> {
            ListGroupsResponseData response = new ListGroupsResponseData();
            for (Listed listed : done.<Listed>list()) {
                // A partition that has just moved away is the other broker's to tell about.
                if (listed.error() != Errors.NONE && listed.error() != Errors.NOT_COORDINATOR) {
                    return new ListGroupsResponseData()
                            .setErrorCode(listed.error().code());
                }
                response.groups().addAll(listed.groups());
            }
            return response;
        }));
    }

    /** One coordinator's groups. */
    private record Listed(Errors error, List<ListedGroup> groups) {}

    private Future<Listed> list(int partition, ListGroupsRequestData request) {
        return askShard(
                partition,
                shard -> new Listed(Errors.NONE, GroupListing.list(shard, request)),
                error -> new Listed(error, List.of()));
    }

    @Override
    public Future<List<DescribedGroup>> describeGroups(List<String> groupIds) {
        return inOrder(groupIds, groupId -> {
            TopicImage topic = topic();
            return topic == null
                    ? Future.succeededFuture(notDescribed(groupId, Errors.NOT_COORDINATOR))
                    : askShard(
                            partitionOf(groupId, topic),
                            shard -> GroupListing.describe(shard, groupId),
                            error -> notDescribed(groupId, error));
        });
    }

    @Override
    public Future<List<ConsumerGroupDescribeResponseData.DescribedGroup>> describeConsumerGroups(
            List<String> groupIds) {
        return inOrder(groupIds, groupId -> {
            TopicImage topic = topic();
            Errors refusal = topic == null ? Errors.NOT_COORDINATOR : ifEmpty(groupId);
            return topic == null || refusal != Errors.NONE
                    ? Future.succeededFuture(consumerNotDescribed(groupId, refusal))
                    : askShard(
                            partitionOf(groupId, topic),
                            shard -> GroupListing.describeConsumer(shard, groupId),
                            error -> consumerNotDescribed(groupId, error));
        });
    }

    private static ConsumerGroupDescribeResponseData.DescribedGroup consumerNotDescribed(String groupId, Errors error) {
        return new ConsumerGroupDescribeResponseData.DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(error.code());
    }

    @Override
    public Future<List<StreamsGroupDescribeResponseData.DescribedGroup>> describeStreamsGroups(List<String> groupIds) {
        return inOrder(groupIds, groupId -> {
            TopicImage topic = topic();
            Errors refusal = topic == null ? Errors.NOT_COORDINATOR : ifEmpty(groupId);
            return topic == null || refusal != Errors.NONE
                    ? Future.succeededFuture(streamsNotDescribed(groupId, refusal))
                    : askShard(
                            partitionOf(groupId, topic),
                            shard -> GroupListing.describeStreams(shard, groupId),
                            error -> streamsNotDescribed(groupId, error));
        });
    }

    private static StreamsGroupDescribeResponseData.DescribedGroup streamsNotDescribed(String groupId, Errors error) {
        return new StreamsGroupDescribeResponseData.DescribedGroup()
                .setGroupId(groupId)
                .setErrorCode(error.code());
    }

    private static DescribedGroup notDescribed(String groupId, Errors error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    @Override
    public Future<List<DeletableGroupResult>> deleteGroups(List<String> groupIds) {
        return inOrder(
                groupIds, groupId -> ask(groupId, reply -> GroupCommands.deleteGroup(groupId, reply), Errors.NONE));
    }

    private <T> Future<List<T>> inOrder(List<String> groupIds, Function<String, Future<T>> question) {
        List<Future<T>> answers = groupIds.stream().map(question).toList();
        return inCallerContext(Future.join(answers).map(done -> done.<T>list()));
    }

    // ---- the way there and back

    private static Errors ifEmpty(String groupId) {
        return groupId.isEmpty() ? Errors.INVALID_GROUP_ID : Errors.NONE;
    }

    /** Asks the group's coordinator, unless the question is refused at once. */
    private <T> Future<T> ask(String groupId, Function<Reply<T>, GroupCommand> question, Errors refusal) {
        return ask(groupId, question, CoordinatorCall::of, refusal);
    }

    private <T> Future<T> ask(
            String groupId,
            Function<Reply<T>, GroupCommand> question,
            Function<GroupCommand, CoordinatorCall<CoordinatorShard>> call,
            Errors refusal) {
        Promise<T> answer = callerContext().promise();
        GroupCommand command = question.apply(answer::complete);
        TopicImage topic = topic();
        if (refusal != Errors.NONE) {
            command.refuse(refusal);
        } else if (topic == null) {
            command.refuse(Errors.NOT_COORDINATOR);
        } else {
            fleet.send(partitionOf(groupId, topic), call.apply(command));
        }
        return answer.future();
    }

    private <T> Future<T> askShard(int partition, Function<CoordinatorShard, T> question, Function<Errors, T> refusal) {
        Promise<T> answer = callerContext().promise();
        fleet.send(
                partition,
                new CoordinatorCall<CoordinatorShard>(
                        (shard, now) -> answer.complete(question.apply(shard)),
                        error -> answer.complete(refusal.apply(error))));
        return answer.future();
    }

    private ContextInternal callerContext() {
        return (ContextInternal) vertx.getOrCreateContext();
    }

    private <T> Future<T> inCallerContext(Future<T> future) {
        Promise<T> answer = callerContext().promise();
        future.onComplete(answer);
        return answer.future();
    }
}
