package io.penstock.core.partition;

import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** A partition's figures at one moment. Offsets are -1 while the log has not been opened; the size then is that of its files. */
public record PartitionStatus(
        Errors error,
        long logStartOffset,
        long highWatermark,
        long lastStableOffset,
        long logEndOffset,
        long sizeBytes,
        List<ProducerState> producers) {}
