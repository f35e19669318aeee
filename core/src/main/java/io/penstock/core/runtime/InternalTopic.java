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

/**
 * Makes a topic in which coordinators keep their state when somebody needs it; many who need it at once make it once. Safe from any
 * thread.
 */
final class InternalTopic {
    private static final Logger LOGGER = LoggerFactory.getLogger(InternalTopic.class);

    private final Supplier<ClusterAdmin> admin;
    private final Shape shape;
    private final AtomicReference<@Nullable Future<Boolean>> creation = new AtomicReference<>();

    /** What the topic is like. */
    private record Shape(String name, int partitionCount, short replicationFactor, Map<String, String> configs) {}

    private InternalTopic(Supplier<ClusterAdmin> admin, Shape shape) {
        this.admin = admin;
        this.shape = shape;
    }

    /** {@code __consumer_offsets}. */
    static InternalTopic ofGroups(Supplier<ClusterAdmin> admin, BrokerConfig config) {
        return new InternalTopic(
                admin,
                new Shape(
                        Topic.GROUP_METADATA_TOPIC_NAME,
                        config.get(CoordinatorSettings.OFFSETS_TOPIC_PARTITIONS),
                        config.get(CoordinatorSettings.OFFSETS_TOPIC_REPLICATION_FACTOR),
                        Map.of(
                                "cleanup.policy", "compact",
                                "compression.type", "producer",
                                "segment.bytes", text(config.get(CoordinatorSettings.OFFSETS_TOPIC_SEGMENT_BYTES)))));
    }

    /** {@code __transaction_state}. */
    static InternalTopic ofTransactions(Supplier<ClusterAdmin> admin, BrokerConfig config) {
        return new InternalTopic(
                admin,
                new Shape(
                        Topic.TRANSACTION_STATE_TOPIC_NAME,
                        config.get(CoordinatorSettings.TRANSACTION_TOPIC_PARTITIONS),
                        config.get(CoordinatorSettings.TRANSACTION_TOPIC_REPLICATION_FACTOR),
                        Map.of(
                                "cleanup.policy", "compact",
                                "compression.type", "uncompressed",
                                "unclean.leader.election.enable", "false",
                                "min.insync.replicas", text(config.get(CoordinatorSettings.TRANSACTION_TOPIC_MIN_ISR)),
                                "segment.bytes",
                                        text(config.get(CoordinatorSettings.TRANSACTION_TOPIC_SEGMENT_BYTES)))));
    }

    private static String text(int value) {
        return Integer.toString(value);
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
                .setName(shape.name())
                .setNumPartitions(shape.partitionCount())
                .setReplicationFactor(shape.replicationFactor());
        shape.configs()
                .forEach((key, value) -> topic.configs()
                        .add(new CreatableTopicConfig().setName(key).setValue(value)));
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        request.topics().add(topic);
        return request;
    }

    private boolean exists(CreatableTopicResult result) {
        Errors error = Errors.forCode(result.errorCode());
        if (error == Errors.NONE || error == Errors.TOPIC_ALREADY_EXISTS) {
            return true;
        }
        LOGGER.atWarn()
                .addKeyValue("topic", shape.name())
                .addKeyValue("errorCode", error)
                .log("A topic of coordinators cannot be made: {}", result.errorMessage());
        return false;
    }
}
