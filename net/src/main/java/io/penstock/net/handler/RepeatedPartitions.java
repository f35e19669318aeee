package io.penstock.net.handler;

import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;

/** Finds partitions that a produce request names more than once: of those the last counts, as in Kafka. Stateless. */
final class RepeatedPartitions {
    private record Key(String topic, Uuid topicId, int index) {}

    private RepeatedPartitions() {}

    /** The entries that do not count, compared by identity; mostly none. */
    static Set<PartitionProduceData> of(ProduceRequestData request) {
        if (isSingle(request)) {
            return Set.of();
        }
        Map<Key, PartitionProduceData> last = new HashMap<>();
        Set<PartitionProduceData> repeated = Set.of();
        for (TopicProduceData topic : request.topicData()) {
            for (PartitionProduceData partition : topic.partitionData()) {
                PartitionProduceData earlier =
                        last.put(new Key(topic.name(), topic.topicId(), partition.index()), partition);
                if (earlier != null) {
                    repeated = repeated.isEmpty() ? Collections.newSetFromMap(new IdentityHashMap<>()) : repeated;
                    repeated.add(earlier);
                }
            }
        }
        return repeated;
    }

    private static boolean isSingle(ProduceRequestData request) {
        return request.topicData().isEmpty()
                || (request.topicData().size() == 1
                        && request.topicData().iterator().next().partitionData().size() <= 1);
    }
}
