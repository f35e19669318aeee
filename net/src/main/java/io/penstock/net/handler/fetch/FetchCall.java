package io.penstock.net.handler.fetch;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.PartitionImage;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.handler.TopicLookup;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import io.penstock.net.wire.SlicedRecords;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * One fetch request from its session to its answer. Owned by the connection's event loop.
 *
 * <p>Partitions that cannot be asked (unknown topic, unknown id) are answered with their error together with the others; as in
 * Kafka they do not end the waiting of the others.
 */
final class FetchCall {
    private static final short FIRST_REPLICA_STATE_VERSION = 15;
    private static final byte READ_COMMITTED = 1;
    /** An answer without partitions. */
    private static final int ANSWER_BYTES = 20;
    /** A partition with records, without them. */
    private static final int PARTITION_BYTES = 60;

    private final BrokerKernel kernel;
    private final KafkaRequest request;
    private final Responder responder;
    private final FetchContext context;
    private final LongSupplier clockMs;
    private final List<Entry> entries = new ArrayList<>();

    /** A wanted partition: refused at the door or on its way. */
    private record Entry(
            PartitionKey key, Errors refusal, @Nullable FetchTarget target) {}

    FetchCall(
            BrokerKernel kernel,
            KafkaRequest request,
            Responder responder,
            FetchContext context,
            LongSupplier clockMs) {
        this.kernel = kernel;
        this.request = request;
        this.responder = responder;
        this.context = context;
        this.clockMs = clockMs;
    }

    void start(FetchLimits limits, WaitTimer timer) {
        FetchRequestData data = request.data(FetchRequestData.class);
        List<FetchTarget> targets = resolve(context.partitions(), isFromReplica(data));
        boolean readCommitted = data.isolationLevel() == READ_COMMITTED;
        FetchExchange exchange = new FetchExchange(
                kernel.partitions(), targets, limits, readCommitted, context.toleratesGaps(), timer, this::answer);
        exchange.start();
        responder.onAbandoned(exchange::cancel);
    }

    /** Other brokers fetch over a path of their own, so whoever claims to be one here is no replica of anything. */
    private boolean isFromReplica(FetchRequestData data) {
        int replicaId = request.version() >= FIRST_REPLICA_STATE_VERSION
                ? data.replicaState().replicaId()
                : data.replicaId();
        return replicaId >= 0;
    }

    private List<FetchTarget> resolve(Collection<RequestedPartition> wanted, boolean fromReplica) {
        List<FetchTarget> targets = new ArrayList<>(wanted.size());
        TopicLookup topics = TopicLookup.forFetch(kernel.metadata(), request.version());
        for (RequestedPartition requested : wanted) {
            PartitionKey key = requested.key();
            TopicImage topic = topics.topic(key.topicName(), key.topicId());
            PartitionImage partition = topics.partition(topic, key.index());
            Errors refusal = refusal(topics, topic, partition, fromReplica);
            if (partition != null && refusal == Errors.NONE) {
                FetchTarget target = new FetchTarget(requested, partition.id());
                targets.add(target);
                entries.add(new Entry(key, Errors.NONE, target));
            } else {
                entries.add(new Entry(key, refusal, null));
            }
        }
        return targets;
    }

    private Errors refusal(
            TopicLookup topics, @Nullable TopicImage topic, @Nullable PartitionImage partition, boolean fromReplica) {
        if (topic == null || partition == null) {
            return topics.unknown(topic);
        }
        return fromReplica ? Errors.NOT_LEADER_OR_FOLLOWER : Errors.NONE;
    }

    private void answer() {
        try {
            responder.send(response());
        } catch (RuntimeException bug) {
            responder.fail(bug);
        }
    }

    private FetchResponseData response() {
        MetadataImage image = kernel.metadata();
        FetchAnswers convert = new FetchAnswers(kernel.nodeId(), image, request);
        List<PartitionAnswer> answers = new ArrayList<>(entries.size());
        for (Entry entry : entries) {
            FetchTarget target = entry.target();
            if (target == null) {
                answers.add(PartitionAnswer.refused(entry.key(), entry.refusal()));
            } else if (target.result() != null) {
                answers.add(convert.answer(target.key(), target.result()));
            }
        }
        if (request.quota().onFetch(sizeOf(answers)) > 0) {
            answers.forEach(FetchCall::release);
            return context.throttled();
        }
        FetchResponseData response = context.answer(answers, clockMs.getAsLong());
        if (response.errorCode() != Errors.NONE.code()) {
            answers.forEach(FetchCall::release);
        }
        return response.setNodeEndpoints(convert.leaderEndpoints());
    }

    /** What counts against the quota for bytes: the records, and a fixed measure of what goes around them. */
    private static long sizeOf(List<PartitionAnswer> answers) {
        long bytes = ANSWER_BYTES;
        for (PartitionAnswer answer : answers) {
            int recordBytes = answer.data().records() == null
                    ? 0
                    : answer.data().records().sizeInBytes();
            bytes += recordBytes == 0 ? 0 : recordBytes + PARTITION_BYTES;
        }
        return bytes;
    }

    private static void release(PartitionAnswer answer) {
        if (answer.data().records() instanceof SlicedRecords records) {
            records.release();
        }
    }
}
