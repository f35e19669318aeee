package io.penstock.core.runtime;

import io.penstock.core.partition.PartitionId;
import io.penstock.core.transaction.TransactionMarker;
import io.vertx.core.Future;
import org.apache.kafka.common.protocol.Errors;

/** Takes markers of partitions of {@code __consumer_offsets}, whose coordinators write them. Safe from any thread. */
@FunctionalInterface
interface OffsetMarkers {
    /** Completes when the marker is written, or with why it cannot be now. */
    Future<Errors> write(PartitionId partition, TransactionMarker marker);
}
