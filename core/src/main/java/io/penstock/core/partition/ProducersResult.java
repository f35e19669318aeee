package io.penstock.core.partition;

import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/** The producers that a partition remembers, in no order; empty with an error. */
public record ProducersResult(Errors error, List<ProducerState> producers) {
    public ProducersResult {
        producers = List.copyOf(producers);
    }
}
