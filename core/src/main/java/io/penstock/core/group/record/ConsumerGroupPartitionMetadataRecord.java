package io.penstock.core.group.record;

/**
 * How old brokers kept the topics that a consumer group subscribes to. Newer ones keep a hash in {@link ConsumerGroupRecord} and write
 * only the tombstone, so what else such a record says is not read.
 */
public record ConsumerGroupPartitionMetadataRecord(String groupId, boolean isTombstone) implements GroupRecord {

    public static ConsumerGroupPartitionMetadataRecord tombstone(String groupId) {
        return new ConsumerGroupPartitionMetadataRecord(groupId, true);
    }

    @Override
    public Type type() {
        return Type.CONSUMER_GROUP_PARTITION_METADATA;
    }
}
