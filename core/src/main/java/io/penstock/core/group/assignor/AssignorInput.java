package io.penstock.core.group.assignor;

import io.penstock.core.group.record.PartitionSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Assignor} goes by. Immutable as long as nobody changes the collections, which are not copied.
 *
 * @param members by member id
 * @param partitionCounts by topic id, of all topics that members subscribe to; a topic that is not there is passed over
 */
public record AssignorInput(Map<String, Member> members, Map<Uuid, Integer> partitionCounts) {

    /** Partitions of a topic, none if it does not exist. */
    int partitionCount(Uuid topicId) {
        return partitionCounts.getOrDefault(topicId, 0);
    }

    /**
     * A member. Racks are not here: the assignors of Kafka 4.3 do not look at them.
     *
     * @param instanceId id of a static member, null for a dynamic one
     * @param topicIds the topics that it subscribes to
     * @param target what it was to have so far, subscribed or not
     */
    public record Member(@Nullable String instanceId, Set<Uuid> topicIds, PartitionSet target) {}
}
