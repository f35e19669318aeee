package io.penstock.core.runtime;

import io.penstock.config.BrokerConfig;
import io.penstock.config.CoordinatorSettings;
import io.penstock.core.ClusterAdmin;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes {@code __consumer_offsets} when somebody needs it; many who need it at once make it once. Safe from any thread. */
final class OffsetsTopic {
    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetsTopic.class);

    private final Supplier<ClusterAdmin> admin;
    private final BrokerConfig config;
    private final AtomicReference<@Nullable Future<Boolean>> creation = new AtomicReference<>();

    OffsetsTopic(Supplier<ClusterAdmin> admin, BrokerConfig config) {
        this.admin = admin;
        this.config = config;
    }

    /** Completes with whether the topic exists now. */
    Future<Boolean> create() {
        Future<Boolean> running = creation.get();
        if (running != null) {
            return running;
        }
        Promise<Boolean> promise = Promise.promise();
        if (!creation.compareAndSet(null, promise.future())) {
            return create();
        }
        admin.get()
                .createTopics(request())
                .map(answer -> exists(answer.topics().iterator().next()))
                .onComplete(done -> {
                    creation.set(null);
                    promise.handle(done);
                });
        return promise.future();
    }

    private CreateTopicsRequestData request() {
        CreatableTopic topic = new CreatableTopic()
                .setName(Topic.GROUP_METADATA_TOPIC_NAME)
                .setNumPartitions(config.get(CoordinatorSettings.OFFSETS_TOPIC_PARTITIONS))
                .setReplicationFactor(config.get(CoordinatorSettings.OFFSETS_TOPIC_REPLICATION_FACTOR));
        Map.of(
                        "cleanup.policy", "compact",
                        "compression.type", "producer",
                        "segment.bytes", Integer.toString(config.get(CoordinatorSettings.OFFSETS_TOPIC_SEGMENT_BYTES)))
                .forEach((key, value) -> topic.configs()
                        .add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic);
        return request;
    }

    private static boolean exists(CreatableTopicResult result) {
        Errors error = Errors.forCode(result.errorCode());
        if (error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS) {
            return true;
        }
        LOGGER.atWarn()
                .addKeyValue("topic", Topic.GROUP_METADATA_TOPIC_NAME)
                .addKeyValue("errorCode", error)
                .log("The topic of committed offsets cannot be made: {}", result.errorMessage());
        return false;
    }
}
