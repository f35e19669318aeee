package io.penstock.core.metadata;

import io.penstock.config.BrokerConfig;
import io.penstock.config.source.ServerProperties;
import io.penstock.core.MutationQuota;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;

/** A cluster's metadata without a log: decisions are replayed at once and remembered as records. Owned by one test. */
final class ClusterFixture {
    final MetadataController controller;
    final List<MetadataRecord> log = new ArrayList<>();
    private final BrokerConfig given;
    private long nextTopicId = 1;
    MetadataImage image = MetadataImage.EMPTY;

    /** One broker with id 1 and these settings. */
    ClusterFixture(Map<String, String> settings) {
        given = BrokerConfig.of(ServerProperties.of(settings));
        controller = new MetadataController(() -> new Uuid(0x4000, nextTopicId++));
        apply(controller.registerBroker(image, broker(1, false), "cluster", false));
    }

    ClusterFixture() {
        this(Map.of());
    }

    static BrokerRegistered broker(int nodeId, boolean fenced) {
        return new BrokerRegistered(nodeId, 0, fenced, null, Map.of());
    }

    /** Adds brokers that are up. */
    ClusterFixture withBrokers(int... nodeIds) {
        for (int nodeId : nodeIds) {
            replay(List.of(broker(nodeId, false)));
        }
        return this;
    }

    BrokerConfig config() {
        return given.withDynamic(image.brokerConfigs(""), image.brokerConfigs("1"));
    }

    <T> T apply(Decision<T> decision) {
        replay(decision.records());
        return decision.answer();
    }

    void replay(List<MetadataRecord> records) {
        ImageReplay replay = new ImageReplay(image);
        long offset = log.size();
        for (MetadataRecord record : records) {
            replay.replay(offset++, record);
        }
        log.addAll(records);
        image = replay.image();
    }

    /** Creates topics and returns the results by name; the last one wins if a name is answered twice. */
    Map<String, CreatableTopicResult> create(CreatableTopic... topics) {
        CreateTopicsRequestData request = new CreateTopicsRequestData();
        for (CreatableTopic topic : topics) {
            request.topics().add(topic);
        }
        return create(request);
    }

    Map<String, CreatableTopicResult> create(CreateTopicsRequestData request) {
        Map<String, CreatableTopicResult> results = new HashMap<>();
        apply(controller.createTopics(image, config(), request, MutationQuota.UNLIMITED))
                .topics()
                .forEach(result -> results.put(result.name(), result));
        return results;
    }

    TopicImage topic(String name) {
        TopicImage topic = image.topic(name);
        if (topic == null) {
            throw new AssertionError("no topic " + name);
        }
        return topic;
    }

    static CreatableTopic newTopic(String name, int partitions, int replicationFactor) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short)
                replicationFactor);
    }

    static CreatableTopic newTopic(String name) {
        return newTopic(name, -1, -1);
    }

    static CreatableTopic withConfig(CreatableTopic topic, String key, String value) {
        topic.configs().add(new CreatableTopicConfig().setName(key).setValue(value));
        return topic;
    }

    static CreatableTopic withReplicas(CreatableTopic topic, int partition, Integer... replicas) {
        topic.assignments()
                .add(new CreatableReplicaAssignment()
                        .setPartitionIndex(partition)
                        .setBrokerIds(List.of(replicas)));
        return topic;
    }

    /** What an image says, in no order: equal for two images that say the same. */
    static Set<MetadataRecord> facts(MetadataImage image) {
        List<MetadataRecord> records = ImageRecords.snapshot(image);
        return new HashSet<>(records.subList(1, records.size() - 1));
    }
}
