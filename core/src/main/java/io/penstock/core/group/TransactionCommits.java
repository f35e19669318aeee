package io.penstock.core.group;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.jspecify.annotations.Nullable;

/**
 * Decides commits of offsets in transactions: as other commits, but by the rules for {@link CommitCaller#IN_TRANSACTION}, and with
 * error codes that producers know. They are no sign of life of the member. Stateless.
 */
final class TransactionCommits {
    private TransactionCommits() {}

    static Step commit(
            CoordinatorShard shard,
            TxnOffsetCommitRequestData request,
            OffsetAdmission admission,
            Reply<TxnOffsetCommitResponseData> reply,
            Now now) {
        Errors refusal = shard.transactions().refusal(admission);
        if (refusal != Errors.NONE) {
            return Step.answering(reply, refused(request, refusal));
        }
        return OffsetCommits.commit(
                        shard,
                        plain(request, shard.topics()),
                        CommitCaller.IN_TRANSACTION,
                        answer -> reply.send(forProducer(answer)),
                        now)
                .inTransaction(admission.producer());
    }

    private static OffsetCommitRequestData plain(TxnOffsetCommitRequestData request, TopicCatalog topics) {
        OffsetCommitRequestData plain = new OffsetCommitRequestData()
                .setGroupId(request.groupId())
                .setMemberId(request.memberId())
                .setGroupInstanceId(request.groupInstanceId())
                .setGenerationIdOrMemberEpoch(request.generationId());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            plain.topics().add(plain(topic, topics.topic(topic.name())));
        }
        return plain;
    }

    private static OffsetCommitRequestTopic plain(TxnOffsetCommitRequestTopic topic, @Nullable KnownTopic known) {
        OffsetCommitRequestTopic plain = new OffsetCommitRequestTopic().setName(topic.name());
        if (known != null) {
            plain.setTopicId(known.id());
        }
        topic.partitions()
                .forEach(partition -> plain.partitions()
                        .add(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setCommittedOffset(partition.committedOffset())
                                .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                                .setCommittedMetadata(partition.committedMetadata())));
        return plain;
    }

    private static TxnOffsetCommitResponseData forProducer(OffsetCommitResponseData answer) {
        TxnOffsetCommitResponseData response = new TxnOffsetCommitResponseData();
        answer.topics().forEach(topic -> {
            TxnOffsetCommitResponseTopic topicAnswer = new TxnOffsetCommitResponseTopic().setName(topic.name());
            topic.partitions()
                    .forEach(partition -> topicAnswer
                            .partitions()
                            .add(new TxnOffsetCommitResponsePartition()
                                    .setPartitionIndex(partition.partitionIndex())
                                    .setErrorCode(forProducer(Errors.forCode(partition.errorCode()))
                                            .code())));
            response.topics().add(topicAnswer);
        });
        return response;
    }

    /** Producers know of generations only. */
    private static Errors forProducer(Errors error) {
        return switch (error) {
            case GROUP_ID_NOT_FOUND, STALE_MEMBER_EPOCH -> Errors.ILLEGAL_GENERATION;
            default -> error;
        };
    }

    /** The same error for every partition asked for. */
    static TxnOffsetCommitResponseData refused(TxnOffsetCommitRequestData request, Errors error) {
        return TxnOffsetCommitRequest.getErrorResponse(request, error);
    }
}
