package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.core.metadata.TopicImage;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Answers Produce: checks what can be told from the request itself and hands each batch to its partition in a
 * {@link ProduceCall}. Stateless.
 *
 * <p>A transactional batch must come with a transactional id, and all of a request from one producer.
 */
final class ProduceHandler implements ApiHandler {
    private final BrokerKernel kernel;

    ProduceHandler(BrokerKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public ApiKeys api() {
        return ApiKeys.PRODUCE;
    }

    @Override
    public @Nullable Thread cheapestLoop(ApiMessage request, short version) {
        TopicLookup lookup = TopicLookup.forProduce(kernel.metadata(), version);
        PartitionHomes homes = new PartitionHomes(kernel);
        for (TopicProduceData topic : ((ProduceRequestData) request).topicData()) {
            TopicImage image = lookup.topic(topic.name(), topic.topicId());
            for (PartitionProduceData partition : topic.partitionData()) {
                if (!homes.isFull()) {
                    homes.count(lookup.partition(image, partition.index()));
                }
            }
        }
        return homes.majority();
    }

    @Override
    public void handle(KafkaRequest request, Responder responder) {
        ProduceRequestData data = request.data(ProduceRequestData.class);
        ProduceCall call = new ProduceCall(kernel, request, responder);
        Set<ProducedBatch.Producer> producers = transactionalProducers(data);
        if (data.transactionalId() == null && !producers.isEmpty()) {
            call.refuseAll(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        } else if (producers.size() > 1) {
            call.refuseAll(Errors.INVALID_PRODUCER_ID_MAPPING);
        } else {
            call.run();
        }
    }

    private static Set<ProducedBatch.Producer> transactionalProducers(ProduceRequestData data) {
        Set<ProducedBatch.Producer> producers = Set.of();
        for (TopicProduceData topic : data.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                ProducedBatch batch = ProducedBatch.of(partition.records());
                if (batch.isTransactional()) {
                    producers = producers.isEmpty() ? new HashSet<>() : producers;
                    producers.add(batch.producer());
                }
            }
        }
        return producers;
    }
}
