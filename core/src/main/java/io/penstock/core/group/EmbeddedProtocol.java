package io.penstock.core.group;

import io.penstock.core.group.consumer.TopicCatalog;
import io.penstock.core.group.consumer.TopicCatalog.KnownTopic;
import io.penstock.core.group.record.OpaqueBytes;
import io.penstock.core.group.record.PartitionSet;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.ConsumerProtocolAssignment;
import org.apache.kafka.common.message.ConsumerProtocolSubscription;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.Readable;
import org.jspecify.annotations.Nullable;

/**
 * What consumers of the classic protocol say to each other inside JoinGroup and SyncGroup: needed in full where the broker assigns to
 * them. A newer version is read as the newest that is known, which it begins with. Stateless.
 */
final class EmbeddedProtocol {
    private EmbeddedProtocol() {}

    /** What a member subscribes to and has; null if it cannot be read. */
    static @Nullable ConsumerProtocolSubscription subscription(OpaqueBytes bytes) {
        return read(bytes, ConsumerProtocolSubscription.HIGHEST_SUPPORTED_VERSION, ConsumerProtocolSubscription::new);
    }

    /** What a member was assigned; null if it cannot be read. */
    static @Nullable ConsumerProtocolAssignment assignment(OpaqueBytes bytes) {
        return read(bytes, ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION, ConsumerProtocolAssignment::new);
    }

    private static <T> @Nullable T read(OpaqueBytes bytes, short highest, BiFunction<Readable, Short, T> reader) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.array());
        try {
            short version = buffer.getShort();
            return version < 0
                    ? null
                    : reader.apply(new ByteBufferAccessor(buffer), (short) Math.min(version, highest));
        } catch (RuntimeException e) {
            return null; // a client's own bytes: whatever is wrong with them, they say nothing
        }
    }

    /**
     * An assignment in the version in which a member has subscribed.
     *
     * @param subscription what the member said
     */
    static OpaqueBytes assignment(PartitionSet partitions, TopicCatalog topics, OpaqueBytes subscription) {
        ConsumerProtocolAssignment message = new ConsumerProtocolAssignment();
        partitions.topicIds().forEach(topicId -> {
            KnownTopic topic = topics.topic(topicId);
            if (topic != null) {
                message.assignedPartitions()
                        .add(new ConsumerProtocolAssignment.TopicPartition()
                                .setTopic(topic.name())
                                .setPartitions(partitions.partitionList(topicId)));
            }
        });
        ByteBuffer bytes = MessageUtil.toVersionPrefixedByteBuffer(version(subscription), message);
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return OpaqueBytes.of(array);
    }

    private static short version(OpaqueBytes subscription) {
        short version = subscription.size() < Short.BYTES
                ? 0
                : ByteBuffer.wrap(subscription.array()).getShort();
        return (short) Math.max(0, Math.min(version, ConsumerProtocolAssignment.HIGHEST_SUPPORTED_VERSION));
    }

    /** What a member has, by the ids of those topics that exist. */
    static PartitionSet owned(ConsumerProtocolSubscription subscription, TopicCatalog topics) {
        PartitionSet.Builder owned = new PartitionSet.Builder();
        subscription.ownedPartitions().forEach(topic -> add(owned, topics, topic.topic(), topic.partitions()));
        return owned.build();
    }

    /** What a member was assigned, by the ids of those topics that exist. */
    static PartitionSet assigned(ConsumerProtocolAssignment assignment, TopicCatalog topics) {
        PartitionSet.Builder assigned = new PartitionSet.Builder();
        assignment.assignedPartitions().forEach(topic -> add(assigned, topics, topic.topic(), topic.partitions()));
        return assigned.build();
    }

    private static void add(
            PartitionSet.Builder set, TopicCatalog topics, String name, Collection<Integer> partitions) {
        KnownTopic topic = topics.topic(name);
        if (topic != null) {
            partitions.forEach(partition -> set.add(topic.id(), partition));
        }
    }
}
