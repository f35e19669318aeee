package io.penstock.core.transaction;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the transaction of a transactional id is.
 *
 * <pre>
 * EMPTY ──► ONGOING ──► PREPARE_COMMIT ──► COMPLETE_COMMIT        COMPLETE_* ──► ONGOING or EMPTY
 *   │          └──────► PREPARE_ABORT  ──► COMPLETE_ABORT
 *   └──────────────────────►┘ an abort of nothing, in transactions of version 2
 * </pre>
 */
public enum TransactionStatus {
    /** Nothing has been added since the producer registered. */
    EMPTY(0, "Empty"),
    ONGOING(1, "Ongoing"),
    /** Decided, and nothing can change that; markers are being written. */
    PREPARE_COMMIT(2, "PrepareCommit"),
    PREPARE_ABORT(3, "PrepareAbort"),
    /** All markers are written. */
    COMPLETE_COMMIT(4, "CompleteCommit"),
    COMPLETE_ABORT(5, "CompleteAbort"),
    /** Expired; never stored, because the record is a tombstone then. */
    DEAD(6, "Dead"),
    /** On the way from ONGOING to PREPARE_ABORT in Kafka; never stored. */
    PREPARE_EPOCH_FENCE(7, "PrepareEpochFence");

    private static final TransactionStatus[] ALL = values();

    private final byte id;
    private final String wireName;

    TransactionStatus(int id, String wireName) {
        this.id = (byte) id;
        this.wireName = wireName;
    }

    /** Its number in the log. */
    byte id() {
        return id;
    }

    /** Its name in requests and answers. */
    public String wireName() {
        return wireName;
    }

    /** Whether markers are being written. */
    public boolean isPrepared() {
        return this == PREPARE_COMMIT || this == PREPARE_ABORT;
    }

    /** Whether the last transaction is over. */
    public boolean isComplete() {
        return this == COMPLETE_COMMIT || this == COMPLETE_ABORT;
    }

    /** The status with this number; null if there is none. */
    static @Nullable TransactionStatus of(byte id) {
        return id >= 0 && id < ALL.length ? ALL[id] : null;
    }

    /** The status of this name, in Kafka's spelling. */
    static Optional<TransactionStatus> named(String wireName) {
        for (TransactionStatus status : ALL) {
            if (status.wireName.equals(wireName)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }
}
