package io.penstock.net.history;

/**
 * One send as its producer saw it.
 *
 * @param producer the test's name for the producer
 * @param sequence counts the producer's sends to this partition from 0, without gaps
 * @param offset acknowledged offset; -1 unless the outcome is {@link Outcome#ACKED}
 */
public record Sent(int producer, int partition, long sequence, Outcome outcome, long offset) {
    /** What the producer knows of its send. */
    public enum Outcome {
        ACKED,
        /** The broker said that it was not written. */
        REFUSED,
        /** No answer, or one that leaves it open. */
        UNKNOWN
    }

    Value value() {
        return new Value(producer, partition, sequence);
    }
}
