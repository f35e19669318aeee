package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.LeaderIdAndEpoch;
import org.apache.kafka.common.message.ProduceResponseData.NodeEndpoint;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One produce request from its batches to its answer. Owned by the connection's event loop.
 *
 * <p>Batches go to their partitions in request order, without waiting for each other; of a partition that the request names twice only
 * the last batch counts and is answered. The frame's memory is held until the last partition has replied, also when the connection
 * died meanwhile.
 */
final class ProduceCall {
    private static final short FIRST_LEADER_HINT_VERSION = 10;
    /** From here on the first batch of a partition makes it a part of its producer's transaction (KIP-890). */
    private static final short FIRST_JOINING_VERSION = 12;

    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private final BrokerKernel kernel;
    private final KafkaRequest request;
    private final Responder responder;
    private final ProduceRequestData data;
    private final ProduceResponseData response = new ProduceResponseData();
    private boolean failed;

    ProduceCall(BrokerKernel kernel, KafkaRequest request, Responder responder) {
        this.kernel = kernel;
        this.request = request;
        this.responder = responder;
        this.data = request.data(ProduceRequestData.class);
    }

    /** Refuses every partition, appending nothing. */
    void refuseAll(Errors error) {
        for (TopicProduceData topic : data.topicData()) {
            TopicProduceResponse answers = answersTo(topic);
            for (PartitionProduceData partition : topic.partitionData()) {
                refuse(answerTo(partition, answers), error, null);
            }
        }
        answer();
    }

    void run() {
        request.retain();
        Outstanding outstanding = new Outstanding(() -> {
            request.release();
            answer();
        });
        Set<PartitionProduceData> repeated = RepeatedPartitions.of(data);
        TopicLookup lookup = TopicLookup.forProduce(kernel.metadata(), request.version());
        for (TopicProduceData topic : data.topicData()) {
            TopicProduceResponse answers = answersTo(topic);
            TopicImage image = lookup.topic(topic.name(), topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                if (!repeated.isEmpty() && repeated.contains(partition)) {
                    continue;
                }
                produce(partition, answerTo(partition, answers), image, lookup, outstanding);
            }
        }
        outstanding.allAsked();
    }

    private TopicProduceResponse answersTo(TopicProduceData topic) {
        TopicProduceResponse answers =
                new TopicProduceResponse().setName(topic.name()).setTopicId(topic.topicId());
        response.responses().mustAdd(answers);
        return answers;
    }

    private static PartitionProduceResponse answerTo(PartitionProduceData partition, TopicProduceResponse answers) {
        PartitionProduceResponse answer = new PartitionProduceResponse().setIndex(partition.index());
        answers.partitionResponses().add(answer);
        return answer;
    }

    private void produce(
            PartitionProduceData sent,
            PartitionProduceResponse answer,
            @Nullable TopicImage topic,
            TopicLookup lookup,
            Outstanding outstanding) {
        PartitionImage partition = lookup.partition(topic, sent.index());
        if (topic == null || partition == null) {
            refuse(answer, lookup.unknown(topic), null);
            return;
        }
        ProducedBatch batch = ProducedBatch.of(sent.records());
        ProducedBatch.Refusal refusal = refusal(batch, topic);
        if (refusal != null) {
            refuse(answer, refusal.error(), refusal.message());
            return;
        }
        outstanding.expect();
        AppendRequest append = new AppendRequest(
                batch.batch(), data.acks(), data.timeoutMs(), AppendRequest.Origin.CLIENT, claim(batch));
        kernel.partitions().append(partition.id(), append, result -> {
            fill(answer, result, topic, partition);
            outstanding.arrived();
        });
    }

    private @Nullable TransactionClaim claim(ProducedBatch batch) {
        String transactionalId = data.transactionalId();
        return transactionalId != null && batch.isTransactional()
                ? new TransactionClaim(transactionalId, request.version() >= FIRST_JOINING_VERSION)
                : null;
    }

    private ProducedBatch.@Nullable Refusal refusal(ProducedBatch batch, TopicImage topic) {
        ProducedBatch.Refusal refusal = batch.refusal(request.version());
        if (refusal != null) {
            return refusal;
        }
        if (data.acks() < -1 || data.acks() > 1) {
            return new ProducedBatch.Refusal(Errors.INVALID_REQUIRED_ACKS, Errors.INVALID_REQUIRED_ACKS.message());
        }
        return topic.isInternal() && !ADMIN_CLIENT_ID.equals(request.clientId())
                ? new ProducedBatch.Refusal(
                        Errors.INVALID_TOPIC_EXCEPTION, "Cannot append to internal topic " + topic.name())
                : null;
    }

    private void refuse(PartitionProduceResponse answer, Errors error, @Nullable String message) {
        failed = true;
        answer.setErrorCode(error.code()).setBaseOffset(-1).setErrorMessage(message);
    }

    private void fill(
            PartitionProduceResponse answer, AppendResult result, TopicImage topic, PartitionImage partition) {
        failed |= result.error() != Errors.NONE;
        answer.setErrorCode(
                        ErrorCodes.ofProduce(result.error(), request.version()).code())
                .setBaseOffset(result.baseOffset())
                .setLogAppendTimeMs(result.logAppendTimeMs())
                .setLogStartOffset(result.logStartOffset())
                .setErrorMessage(result.errorMessage())
                .setRecordErrors(result.recordErrors().isEmpty() ? List.of() : recordErrors(result, topic, partition));
        if (result.error() == Errors.NOT_LEADER_OR_FOLLOWER && request.version() >= FIRST_LEADER_HINT_VERSION) {
            addLeaderHint(answer, result, partition);
        }
    }

    /** What is wrong with a record's place is told with the partition, as Kafka tells it; a wrong time is not. */
    private static List<BatchIndexAndErrorMessage> recordErrors(
            AppendResult result, TopicImage topic, PartitionImage partition) {
        String where = result.error() == Errors.INVALID_TIMESTAMP
                ? ""
                : " in topic partition " + topic.name() + '-' + partition.id().index() + '.';
        return result.recordErrors().stream()
                .map(error -> new BatchIndexAndErrorMessage()
                        .setBatchIndex(error.batchIndex())
                        .setBatchIndexErrorMessage(error.message() + where))
                .toList();
    }

    /** Names the leader that the partition named, else the one of the newest metadata. */
    private void addLeaderHint(PartitionProduceResponse answer, AppendResult result, PartitionImage asked) {
        MetadataImage image = kernel.metadata();
        boolean named = result.leaderId() >= 0;
        int leaderId = named ? result.leaderId() : asked.leader();
        int leaderEpoch = named ? result.leaderEpoch() : asked.leaderEpoch();
        answer.setCurrentLeader(new LeaderIdAndEpoch().setLeaderId(leaderId).setLeaderEpoch(leaderEpoch));
        BrokerAddress leader = new ClusterView(kernel.nodeId(), image, request.connection()).broker(leaderId);
        if (leader != null && response.nodeEndpoints().find(leaderId) == null) {
            response.nodeEndpoints()
                    .add(new NodeEndpoint()
                            .setNodeId(leaderId)
                            .setHost(leader.host())
                            .setPort(leader.port())
                            .setRack(leader.rack()));
        }
    }

    /** With acks=0 there is no answer; a closed connection is how the producer learns that something went wrong. */
    private void answer() {
        if (data.acks() != 0) {
            responder.send(response);
        } else if (failed) {
            responder.close("produce with acks=0 failed");
        } else {
            responder.sendNothing();
        }
    }
}
