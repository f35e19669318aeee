package io.penstock.core.partition;

/**
 * What the transaction coordinator has said about a producer of which the log has no open transaction. Immutable.
 *
 * @param isAdmitted whether its transaction may write here
 * @param joins whether the transaction is one of version 2, whose first sequence is known to be 0
 * @param lowestSequence of all batches of this epoch that have come so far: one with a higher sequence may not be the first, or the
 *     lower one could not follow when it comes again
 */
public record TransactionAdmission(short producerEpoch, boolean isAdmitted, boolean joins, int lowestSequence) {
    private static final int HALF_CIRCLE = 1 << 30;

    boolean admits(short epoch) {
        return isAdmitted && epoch == producerEpoch;
    }

    /** The sequence that comes first on the shorter way round the circle of sequences; any is better than a negative one. */
    static int lower(int sequence, int other) {
        if (sequence < 0 || other < 0) {
            return Math.max(sequence, other);
        }
        return ((other - sequence) & Integer.MAX_VALUE) < HALF_CIRCLE ? sequence : other;
    }

    /** Whether a batch that begins with {@code baseSequence} leaves out one that has come before. */
    boolean isBehind(int baseSequence) {
        return baseSequence != lowestSequence && lower(baseSequence, lowestSequence) == lowestSequence;
    }
}
