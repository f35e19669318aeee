package io.penstock.core.transaction;

import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * What is stored about one transactional id. Immutable; each {@code toX} is a legal move, and gives what is to be written.
 *
 * <p>In transactions of version 2 (KIP-890) every end moves the epoch on, so nothing that is late from one transaction can be taken
 * for a part of the next. An epoch that is {@link #isExhausted} is moved on once more, for the markers, and then a new producer id
 * takes over at epoch 0.
 *
 * @param producerId whose batches count
 * @param previousProducerId the id before the last move; the same one unless that move changed it
 * @param nextProducerId takes over when the transaction is complete, -1 if none does
 * @param producerEpoch what the producer's batches must have, and nobody else's
 * @param lastProducerEpoch what the producer had before the last epoch that it asked for itself, so that it may ask again; -1 if
 *     somebody else has taken the id over. It is not in the log
 * @param timeoutMs how long a transaction may take
 * @param partitions what the transaction writes to; empty unless it is under way or prepared
 * @param startMs wall-clock time of the transaction's first partition, -1 if there is none
 * @param updateMs wall-clock time of the last move
 * @param clientVersion version of transactions that the client spoke when it made the last move: 2, or 0 for all older
 */
public record TransactionState(
        long producerId,
        long previousProducerId,
        long nextProducerId,
        short producerEpoch,
        short lastProducerEpoch,
        int timeoutMs,
        TransactionStatus status,
        Set<TopicPartition> partitions,
        long startMs,
        long updateMs,
        short clientVersion) {
    /** Clients that do not move the epoch on at the end of a transaction. */
    public static final short VERSION_1 = 0;
    /** Clients that do. */
    public static final short VERSION_2 = 2;

    static final long NO_ID = -1;
    static final short NO_EPOCH = -1;
    private static final long NO_TIME = -1;

    public TransactionState {
        partitions = Set.copyOf(partitions);
    }

    /** Whether an epoch is the last one that a producer is given: the one after it is for fencing that producer. */
    static boolean isExhausted(short epoch) {
        return epoch >= Short.MAX_VALUE - 1;
    }

    boolean isExhausted() {
        return isExhausted(producerEpoch);
    }

    /** Whether the transaction ends, or has ended, with a commit. */
    boolean isCommit() {
        return status == TransactionStatus.PREPARE_COMMIT || status == TransactionStatus.COMPLETE_COMMIT;
    }

    /**
     * Whether this is what the producer goes on with once the transaction that is being ended is complete: it is told so at once, and may
     * be quicker than the markers.
     */
    boolean isNext(long id, short epoch) {
        return status.isPrepared() && nextProducerId != NO_ID && nextProducerId == id && epoch == 0;
    }

    /** The first producer of a transactional id. */
    static TransactionState first(long producerId, int timeoutMs, long nowMs) {
        return new TransactionState(
                producerId,
                producerId,
                NO_ID,
                (short) 0,
                NO_EPOCH,
                timeoutMs,
                TransactionStatus.EMPTY,
                Set.of(),
                NO_TIME,
                nowMs,
                VERSION_1);
    }

    /**
     * The producer, or one that takes over, begins with another epoch.
     *
     * @param lastEpoch what it may name to ask once more
     */
    TransactionState toEmpty(short epoch, short lastEpoch, int newTimeoutMs, long nowMs) {
        return empty(producerId, epoch, lastEpoch, newTimeoutMs, nowMs);
    }

    /** As {@link #toEmpty}, with a new producer id. */
    TransactionState toNewProducerId(long newProducerId, short lastEpoch, int newTimeoutMs, long nowMs) {
        return empty(newProducerId, (short) 0, lastEpoch, newTimeoutMs, nowMs);
    }

    private TransactionState empty(long id, short epoch, short lastEpoch, int newTimeoutMs, long nowMs) {
        return new TransactionState(
                id,
                producerId,
                nextProducerId,
                epoch,
                lastEpoch,
                newTimeoutMs,
                TransactionStatus.EMPTY,
                Set.of(),
                NO_TIME,
                nowMs,
                clientVersion);
    }

    /** Partitions join the transaction, or begin one. */
    TransactionState toOngoing(Set<TopicPartition> more, short version, long nowMs) {
        Set<TopicPartition> all = new HashSet<>(partitions);
        all.addAll(more);
        return new TransactionState(
                producerId,
                producerId,
                nextProducerId,
                producerEpoch,
                lastProducerEpoch,
                timeoutMs,
                TransactionStatus.ONGOING,
                all,
                status == TransactionStatus.ONGOING ? startMs : nowMs,
                nowMs,
                version);
    }

    /** The producer ends its transaction, in version 1: its epoch stays. */
    TransactionState toPrepared(boolean commit, long nowMs) {
        return prepared(commit, producerEpoch, lastProducerEpoch, NO_ID, startMs, nowMs, VERSION_1);
    }

    /** Somebody else ends the producer's transaction, in version 1: the epoch moves on so that the producer is fenced. */
    TransactionState toFenced(long nowMs) {
        return prepared(false, nextEpoch(), NO_EPOCH, NO_ID, startMs, nowMs, VERSION_1);
    }

    /**
     * The transaction ends in version 2, whoever ends it: the epoch moves on.
     *
     * @param newProducerId takes over in the end if the epoch {@link #isExhausted}, else {@link #NO_ID}
     */
    TransactionState toPreparedAndBumped(boolean commit, long newProducerId, long nowMs) {
        long started = status == TransactionStatus.ONGOING ? startMs : nowMs;
        return prepared(commit, nextEpoch(), producerEpoch, newProducerId, started, nowMs, VERSION_2);
    }

    /** The largest epoch has none after it; it is never given to a producer, so that it fences all others is enough. */
    private short nextEpoch() {
        return producerEpoch == Short.MAX_VALUE ? producerEpoch : (short) (producerEpoch + 1);
    }

    private TransactionState prepared(
            boolean commit, short epoch, short lastEpoch, long newProducerId, long started, long nowMs, short version) {
        return new TransactionState(
                producerId,
                producerId,
                newProducerId,
                epoch,
                lastEpoch,
                timeoutMs,
                commit ? TransactionStatus.PREPARE_COMMIT : TransactionStatus.PREPARE_ABORT,
                partitions,
                started,
                nowMs,
                version);
    }

    /** All markers are written. */
    TransactionState toComplete(long nowMs) {
        boolean changesId = clientVersion >= VERSION_2 && nextProducerId != NO_ID;
        return new TransactionState(
                changesId ? nextProducerId : producerId,
                producerId,
                NO_ID,
                changesId ? 0 : producerEpoch,
                lastProducerEpoch,
                timeoutMs,
                isCommit() ? TransactionStatus.COMPLETE_COMMIT : TransactionStatus.COMPLETE_ABORT,
                Set.of(),
                startMs,
                nowMs,
                clientVersion);
    }
}
