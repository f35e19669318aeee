package io.penstock.net.handler;

import io.penstock.core.metadata.BrokerImage;
import io.penstock.core.metadata.ImageReplay;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.TopicImage;
import io.penstock.core.partition.PartitionId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/** Metadata that a test writes by hand. Node 1 is registered and leads every topic that is added without further words. */
public final class FakeCluster {
    public static final int NODE = 1;
    public static final String CLUSTER_ID = "cluster-of-tests-00000";

    private MetadataImage image = MetadataImage.EMPTY;

    public FakeCluster() {
        replay(new ClusterNamed(CLUSTER_ID));
        register(NODE, false, null, Map.of());
    }

    public MetadataImage image() {
        return image;
    }

    public void replay(MetadataRecord... records) {
        ImageReplay replay = new ImageReplay(image);
        for (MetadataRecord record : records) {
            replay.replay(replay.image().offset(), record);
        }
        image = replay.image();
    }

    public void register(
            int nodeId, boolean fenced, @Nullable String rack, Map<String, BrokerImage.HostPort> advertised) {
        replay(new BrokerRegistered(nodeId, 1, fenced, rack, advertised));
    }

    /** Adds a topic led by this broker. */
    public TopicImage addTopic(String name, int partitions) {
        return addTopic(name, partitions, List.of(NODE));
    }

    /** Adds a topic whose partitions all have these replicas, the first of them leading. */
    public TopicImage addTopic(String name, int partitions, List<Integer> replicas) {
        Uuid id = Uuid.randomUuid();
        replay(
                new TopicCreated(name, id),
                new PartitionsAdded(id, 0, Collections.nCopies(partitions, new Placement(replicas, replicas))));
        return topic(name);
    }

    public void configure(String topic, String key, String value) {
        replay(new ConfigChanged(ConfigScope.TOPIC, topic, key, value));
    }

    public TopicImage topic(String name) {
        return Objects.requireNonNull(image.topic(name), name);
    }

    public PartitionId partition(String topic, int index) {
        return topic(topic).partitions().get(index).id();
    }
}
