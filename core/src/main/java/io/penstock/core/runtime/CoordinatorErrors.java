package io.penstock.core.runtime;

import org.apache.kafka.common.protocol.Errors;

/** What the failure of a write means to the clients of a coordinator, as in Kafka. Stateless. */
final class CoordinatorErrors {
    private CoordinatorErrors() {}

    static Errors ofAppend(Errors error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION,
                    UNKNOWN_TOPIC_ID,
                    NOT_ENOUGH_REPLICAS,
                    NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                    REQUEST_TIMED_OUT -> Errors.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> Errors.NOT_COORDINATOR;
            default -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }
}
