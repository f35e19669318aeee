package io.penstock.core.transaction;

import io.penstock.core.group.pattern.TopicPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Tells about the transactional ids of a shard as they are stored. Stateless. */
public final class TransactionListing {
    private TransactionListing() {}

    /** One id with its transaction. */
    public static DescribeTransactionsResponseData.TransactionState describe(
            TransactionShard shard, String transactionalId) {
        TransactionState state = shard.state(transactionalId);
        DescribeTransactionsResponseData.TransactionState described =
                new DescribeTransactionsResponseData.TransactionState().setTransactionalId(transactionalId);
        if (state == null) {
            return described.setErrorCode(Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
        }
        for (TopicPartition partition : state.partitions()) {
            TopicData topic = described.topics().find(partition.topic());
            if (topic == null) {
                topic = new TopicData().setTopic(partition.topic());
                described.topics().add(topic);
            }
            topic.partitions().add(partition.partition());
        }
        return described
                .setProducerId(state.producerId())
                .setProducerEpoch(state.producerEpoch())
                .setTransactionState(state.status().wireName())
                .setTransactionTimeoutMs(state.timeoutMs())
                .setTransactionStartTimeMs(state.startMs());
    }

    /**
     * What is looked for. Immutable.
     *
     * @param producerIds empty for all
     * @param statuses by their names; empty for all
     * @param unknownStatuses names that are none
     * @param minDurationMs transactions must have taken longer, -1 for any
     * @param pattern that the whole id must match; null for all
     */
    public record Filter(
            Set<Long> producerIds,
            Set<String> statuses,
            List<String> unknownStatuses,
            long minDurationMs,
            @Nullable TopicPattern pattern) {

        /** As a request has it. Its pattern must have no {@link #flaw}. */
        public static Filter of(ListTransactionsRequestData request) {
            List<String> unknown = request.stateFilters().stream()
                    .filter(name -> TransactionStatus.named(name).isEmpty())
                    .toList();
            String pattern = request.transactionalIdPattern();
            return new Filter(
                    new HashSet<>(request.producerIdFilters()),
                    new HashSet<>(request.stateFilters()),
                    unknown,
                    request.durationFilter(),
                    pattern == null || pattern.isEmpty() ? null : TopicPattern.of(pattern));
        }

        /** What is wrong with a request's pattern; null if nothing is. */
        public static @Nullable String flaw(ListTransactionsRequestData request) {
            String pattern = request.transactionalIdPattern();
            return pattern == null || pattern.isEmpty() ? null : TopicPattern.flaw(pattern);
        }

        private boolean admits(String transactionalId, TransactionState state, long nowMs) {
            return (producerIds.isEmpty() || producerIds.contains(state.producerId()))
                    && (statuses.isEmpty() || statuses.contains(state.status().wireName()))
                    && (minDurationMs < 0 || nowMs - state.startMs() > minDurationMs)
                    && (pattern == null || pattern.matches(transactionalId));
        }
    }

    /** The ids that a filter admits. */
    public static List<ListTransactionsResponseData.TransactionState> list(
            TransactionShard shard, Filter filter, long nowMs) {
        List<ListTransactionsResponseData.TransactionState> listed = new ArrayList<>();
        for (Map.Entry<String, TransactionState> entry : shard.states().entrySet()) {
            TransactionState state = entry.getValue();
            if (filter.admits(entry.getKey(), state, nowMs)) {
                listed.add(new ListTransactionsResponseData.TransactionState()
                        .setTransactionalId(entry.getKey())
                        .setProducerId(state.producerId())
                        .setTransactionState(state.status().wireName()));
            }
        }
        return listed;
    }
}
