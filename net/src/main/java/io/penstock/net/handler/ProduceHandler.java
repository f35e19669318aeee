package io.penstock.net.handler;

import io.penstock.core.BrokerKernel;
import io.penstock.net.server.ApiHandler;
import io.penstock.net.server.KafkaRequest;
import io.penstock.net.server.Responder;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * Answers Produce: checks what can be told from the request itself and hands each batch to its partition in a
 * {@link ProduceCall}. Stateless.
 *
 * <p>A transactional batch must come with a transactional id. As this broker has no transactions, it is refused even then.
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
    public void handle(KafkaRequest request, Responder responder) {
        ProduceRequestData data = request.data(ProduceRequestData.class);
        ProduceCall call = new ProduceCall(kernel, request, responder);
        if (data.transactionalId() == null && hasTransactionalBatch(data)) {
            call.refuseAll(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        } else {
            call.run();
        }
    }

    private static boolean hasTransactionalBatch(ProduceRequestData data) {
        for (TopicProduceData topic : data.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                if (ProducedBatch.of(partition.records()).isTransactional()) {
                    return true;
                }
            }
        }
        return false;
    }
}
