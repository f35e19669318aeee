package io.penstock.core.transaction;

import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction is decided: its marker has to get into every partition of it, however long that takes. Immutable.
 *
 * @param partitions one or more
 */
public record MarkersToWrite(String transactionalId, TransactionMarker marker, Set<TopicPartition> partitions) {}
