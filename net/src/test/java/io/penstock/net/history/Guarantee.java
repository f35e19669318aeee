package io.penstock.net.history;

/** What a history is held to. */
public enum Guarantee {
    /** Acknowledged records are there, at the offset that was acknowledged. */
    NOTHING_ACKED_IS_LOST,
    /** Nothing is read that was never sent, was refused, or was sent elsewhere. */
    NO_PHANTOMS,
    /** All readers see the same value at the same offset, and each reader's offsets rise. */
    ONE_VALUE_PER_OFFSET,
    /** No value is there twice. */
    NO_DUPLICATES,
    /** For each producer and partition, offsets rise with the sequence. */
    ORDER_PER_PRODUCER
}
