package io.penstock.core;

import io.penstock.core.metadata.MetadataImage;

/**
 * What a frontend may ask of a running broker. Safe from any thread: answers come from immutable images or through messages to
 * the verticle that owns the state.
 */
public interface BrokerKernel {
    /** This broker's node id. */
    int nodeId();

    /** The newest metadata that this broker has replayed; never null, replaced as a whole, read without locks. */
    MetadataImage metadata();

    /** Appends, fetches and offset questions, each routed to the verticle of its partition. */
    PartitionRouter partitions();

    /** Changes of topics and configurations, serialised by the metadata verticle. */
    ClusterAdmin admin();

    /** Groups and their committed offsets. */
    GroupCoordinator groups();

    /** Transactional ids and their transactions. */
    TransactionCoordinator transactions();
}
