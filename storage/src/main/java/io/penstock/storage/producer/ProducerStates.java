package io.penstock.storage.producer;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, for each producer id, its epoch, its last five batches and its open transaction. Owned by the log, which changes
 * it in {@code append}; readers use it on the owner.
 */
public interface ProducerStates {

    /** What a batch's producer id, epoch and sequence mean against what is known. Changes nothing. */
    SequenceCheck check(long producerId, short producerEpoch, int baseSequence, int lastSequence, boolean fromClient);

    /** First offset of the oldest open transaction, or -1 if none is open. */
    long firstOpenTransactionOffset();

    /**
     * First offset that a read_committed reader must not see yet, at most {@code highWatermark}. A transaction holds it at its first
     * offset until its marker is below the high watermark. May be below the log's start: the caller clamps it.
     *
     * @param highWatermark not below that of any earlier call
     */
    long lastStableOffset(long highWatermark);

    /** What is known about one producer, or null. */
    @Nullable
    ProducerState find(long producerId);

    /** Everything known about every live producer, for DescribeProducers. */
    Collection<ProducerState> all();

    /** Outcome of {@link #check}. */
    record SequenceCheck(Verdict verdict, long originalBaseOffset, long originalTimestampMs) {
        public static final SequenceCheck ACCEPTED = new SequenceCheck(Verdict.ACCEPTED, -1, -1);

        /** A refusal that has no original. */
        public static SequenceCheck refused(Verdict verdict) {
            return new SequenceCheck(verdict, -1, -1);
        }
    }

    /** How a batch relates to what its producer wrote before. */
    enum Verdict {
        /** The next batch in order, or the first one known. */
        ACCEPTED,
        /** One of the last five batches again: answer the original offset, append nothing. */
        DUPLICATE,
        /** Older than the last five batches, yet below the next sequence. */
        OLDER_DUPLICATE,
        /** A gap. */
        OUT_OF_ORDER,
        /** An epoch below the producer's current one. */
        STALE_EPOCH
    }

    /** One producer, as DescribeProducers shows it. */
    record ProducerState(
            long producerId,
            short producerEpoch,
            int coordinatorEpoch,
            int lastSequence,
            long lastTimestampMs,
            long openTransactionFirstOffset) {}
}
