package io.penstock.core.group.consumer;

import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.ConsumerGroupRecord;
import java.util.Collection;

/**
 * A number that tells whether topics are as they were: it changes when one of them comes, goes, is made again or gets more partitions.
 * It is kept with the group's epoch. Not the function that Kafka uses: its value means something only to who has computed it, and a
 * broker that finds another one merely begins a new epoch. Stateless.
 */
public final class TopicsHash {
    private TopicsHash() {}

    /**
     * The hash of those topics that exist.
     *
     * @param names in an order that is always the same
     * @return {@link ConsumerGroupRecord.Value#NO_HASH} if none exists
     */
    public static long of(Collection<String> names, TopicCatalog catalog) {
        long hash = ConsumerGroupRecord.Value.NO_HASH;
        for (String name : names) {
            KnownTopic topic = catalog.topic(name);
            if (topic != null) {
                hash = mix(hash ^ topic.id().getMostSignificantBits());
                hash = mix(hash ^ topic.id().getLeastSignificantBits());
                hash = mix(hash + topic.partitionCount());
            }
        }
        return hash;
    }

    /** The finalizer of SplitMix64, moved away from its fixed point 0. */
    private static long mix(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
