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
            // What the log has against a transaction is the producer's, or its coordinator's, to know.
            case INVALID_PRODUCER_EPOCH, INVALID_TXN_STATE, TRANSACTION_COORDINATOR_FENCED -> error;
            default -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /** Why a transaction's coordinator does not admit a commit, as the group's coordinator says it. */
    static Errors ofAdmission(Errors error) {
        return switch (error) {
            case UNKNOWN_TOPIC_OR_PARTITION, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT -> Errors.COORDINATOR_NOT_AVAILABLE;
            case NETWORK_EXCEPTION -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
            default -> error;
        };
    }

    /** What became of a marker, as the partition itself would say it. */
    static Errors ofMarker(Errors error) {
        return switch (error) {
            case COORDINATOR_NOT_AVAILABLE, COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR ->
                Errors.NOT_LEADER_OR_FOLLOWER;
            default -> error;
        };
    }
}
