package io.penstock.net.handler.group;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.net.handler.Delegated;
import io.penstock.net.handler.ErrorCodes;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;

/**
 * Answers TxnOffsetCommit. Partitions that do not exist are refused each on its own; the others are committed. Since version 5 the
 * commit itself makes the group a part of the transaction (KIP-890). Stateless.
 */
final class TxnOffsetCommitHandler implements ApiHandler {
    private static final short FIRST_JOINING = 5;

    private final BrokerKernel kernel;

    TxnOffsetCommitHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.TXN_OFFSET_COMMIT;
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        TxnOffsetCommitRequestData data = request.data(TxnOffsetCommitRequestData.class);
        short version = request.version();
        TopicLookup lookup = TopicLookup.byName(kernel.metadata());
        TxnOffsetCommitResponse.Builder refused = new TxnOffsetCommitResponse.Builder();
        List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : data.topics()) {
            TxnOffsetCommitRequestTopic valid = validPartOf(topic, lookup, refused);
            if (!valid.partitions().isEmpty()) {
                known.add(valid);
            }
        }
        if (known.isEmpty()) {
            responder.send(refused.build().data());
            return;
        }
        TransactionClaim claim = new TransactionClaim(data.transactionalId(), version >= FIRST_JOINING);
        Delegated.answer(
                kernel.groups()
                        .commitInTransaction(data.setTopics(known), claim)
                        .map(answer -> refused.merge(inVersion(answer, version))
                                .build()
                                .data()),
                responder);
    }

    /** The topic with those of its partitions that exist. */
    private static TxnOffsetCommitRequestTopic validPartOf(
            TxnOffsetCommitRequestTopic topic, TopicLookup lookup, TxnOffsetCommitResponse.Builder refused) {
        TopicImage image = lookup.topic(topic.name());
        TxnOffsetCommitRequestTopic valid = new TxnOffsetCommitRequestTopic().setName(topic.name());
        for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
            if (lookup.partition(image, partition.partitionIndex()) != null) {
                valid.partitions().add(partition);
            } else {
                refused.addPartition(topic.name(), partition.partitionIndex(), lookup.unknown(image));
            }
        }
        return valid;
    }

    private static TxnOffsetCommitResponseData inVersion(TxnOffsetCommitResponseData answer, short version) {
        answer.topics()
                .forEach(topic -> topic.partitions().forEach(partition -> {
                    Errors error = Errors.forCode(partition.errorCode());
                    partition.setErrorCode(
                            ErrorCodes.ofTxnOffsetCommit(error, version).code());
                }));
        return answer;
    }
}
