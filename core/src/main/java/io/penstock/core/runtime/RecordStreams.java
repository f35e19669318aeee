package io.penstock.core.runtime;

import io.penstock.core.BrokerKernel;
import io.penstock.core.api.ReadFrom;
import io.penstock.core.api.RecordReader;
import io.penstock.core.api.RecordWriter;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.PartitionId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Function;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Writers and readers for the application that embeds a broker, each for the context that asks. Stateless. */
public final class RecordStreams {
    private static final short DEFAULT_REPLICAS = -1;
    private static final int CREATION_TIMEOUT_MS = 30_000;

    private final Vertx vertx;
    private final BrokerKernel kernel;

    public RecordStreams(Vertx vertx, BrokerKernel kernel) {
        this.vertx = vertx;
        this.kernel = kernel;
    }

    /** Makes a topic unless it exists. */
    public Future<Void> ensureTopic(String name, int partitions) {
        CreateTopicsRequestData request = new CreateTopicsRequestData().setTimeoutMs(CREATION_TIMEOUT_MS);
        request.topics()
                .add(new CreatableTopic()
                        .setName(name)
                        .setNumPartitions(partitions)
                        .setReplicationFactor(DEFAULT_REPLICAS));
        return kernel.admin().createTopics(request).compose(answer -> {
            CreatableTopicResult result = answer.topics().iterator().next();
            Errors error = Errors.forCode(result.errorCode());
            return error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS
                    ? Future.succeededFuture()
                    : Future.failedFuture(RecordErrors.of(error, result.errorMessage()));
        });
    }

    /** A writer for the caller's context. */
    public Future<RecordWriter> writer(String topic, int partition) {
        ContextInternal context = context();
        return find(
                context,
                topic,
                partition,
                id -> context.<RecordWriter>succeededFuture(
                        new PartitionWriter(context, kernel.partitions(), id, Clock.SYSTEM)));
    }

    /** A reader for the caller's context. */
    public Future<RecordReader> reader(String topic, int partition, ReadFrom from) {
        ContextInternal context = context();
        return find(
                context,
                topic,
                partition,
                id -> position(context, id, from)
                        .<RecordReader>map(offset -> new PartitionReader(context, kernel.partitions(), id, offset)));
    }

    private <T> Future<T> find(
            ContextInternal context, String topic, int partition, Function<PartitionId, Future<T>> found) {
        TopicImage image = kernel.metadata().topic(topic);
        return image == null || partition < 0 || partition >= image.partitions().size()
                ? context.failedFuture(RecordErrors.of(
                        Errors.UNKNOWN_TOPIC_OR_PARTITION, "there is no partition " + partition + " of topic " + topic))
                : found.apply(image.partitions().get(partition).id());
    }

    private Future<Long> position(ContextInternal context, PartitionId partition, ReadFrom from) {
        if (from.isOffset()) {
            return context.succeededFuture(from.offset());
        }
        Promise<Long> position = context.promise();
        kernel.partitions().listOffset(partition, new OffsetQuery(from.offset(), -1, true), found -> {
            if (found.error() == Errors.NONE) {
                position.complete(found.offset());
            } else {
                position.fail(RecordErrors.of(found.error(), null));
            }
        });
        return position.future();
    }

    private ContextInternal context() {
        return (ContextInternal) vertx.getOrCreateContext();
    }
}
