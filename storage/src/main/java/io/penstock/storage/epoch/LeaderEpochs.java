package io.penstock.storage.epoch;

/** Start offsets of leader epochs in one log. Owned by the log. */
public interface LeaderEpochs {
    /** The latest epoch, or -1 if nothing was ever written. */
    int latestEpoch();

    /** Epoch of the record at {@code offset}; -1 if unknown. */
    int epochAt(long offset);

    /**
     * Answers OffsetForLeaderEpoch: the largest known epoch at or below {@code requestedEpoch}, and the offset at which the next one
     * starts ({@code logEndOffset} for the latest).
     *
     * @return epoch -1 and offset -1 if {@code requestedEpoch} is above the latest one or nothing is known; an epoch below the
     *     first known one answers the requested epoch with the start offset of the first known one
     */
    EpochEnd endOffsetFor(int requestedEpoch, long logEndOffset);

    /** An epoch and the offset one past its last record. */
    record EpochEnd(int leaderEpoch, long endOffset) {
        public static final EpochEnd UNDEFINED = new EpochEnd(-1, -1);
    }
}
