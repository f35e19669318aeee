package io.penstock.storage;

import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionFailedException;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.epoch.LeaderEpochs;
import io.penstock.storage.producer.ProducerStates;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The durable, offset-ordered sequence of record batches of one partition.
 *
 * <p>Owned by one thread at a time, the <em>owner</em> of {@link LogContext#owner()}: every method is called there, every
 * returned stage completes there, and no method ever waits for the disk (but see {@link #hasRoomFor}). Work that may wait (fsync, opening and deleting
 * files, faulting in cold pages) runs on {@link LogContext#disk()}.
 *
 * <p>Offsets: [startOffset, endOffset) can be read. {@code endOffset} is one past the last record. Batches are Kafka v2
 * record batches, stored byte for byte except base offset and partition leader epoch, which the checksum does not cover.
 *
 * <p>Failure has the size of this log: after an I/O error every call throws or completes with {@link LogOfflineException},
 * other logs go on. What {@link #append} has returned from survives the death of this process; what {@link #sync} has
 * reported survives the loss of power.
 */
public interface PartitionLog {
    /** Size bound of a {@link #keepNote note}. */
    int MAX_NOTE_BYTES = 1 << 26;

    /** First offset that can be read: moved up by retention and by {@link #advanceStartTo}. */
    long startOffset();

    /** Offset the next record will get; one past the last record. */
    long endOffset();

    /** Every record below this offset survives the loss of power; at most {@link #endOffset}. */
    long syncedOffset();

    /** Bytes of all live batches, as Kafka's log size counts them (batches only, without our indexes and padding). */
    long sizeBytes();

    /** Idempotent and transactional producers that have written here, as of {@link #endOffset}. */
    ProducerStates producers();

    /** Start offsets of all leader epochs seen in this log. */
    LeaderEpochs leaderEpochs();

    /**
     * Whether an {@link #append} of a batch of that size would be done, or refused, at once. If not, a part of the log must first be
     * made ready off the owner: wait for {@link #whenRoomFor} before the append, in order. An append that does not wait is done all
     * the same, but may hold up its owner for as long as the disk takes.
     */
    boolean hasRoomFor(int batchBytes);

    /**
     * Has room made, and completes when it is worth asking {@link #hasRoomFor} again; also when the log has failed or was closed
     * meanwhile. Never completes before this returns.
     */
    CompletionStage<Void> whenRoomFor(int batchBytes);

    /**
     * Whether to {@link #stage} this batch before its {@link #append}. To be asked after {@link #hasRoomFor}, which for such a size only
     * says that it can be staged at once, or will be refused.
     */
    default boolean wantsStaging(ByteBuffer batch) {
        return false;
    }

    /**
     * Brings the content of a large batch to its place in the log, off the owner. Nothing is appended by that: it cannot be read, and a
     * crash leaves nothing of it. The append of the very same buffer costs next to nothing then; if any other comes, the log goes on
     * elsewhere.
     *
     * <p>When the stage completes, the caller asks again for all that may have changed, {@link #hasRoomFor} and {@link #wantsStaging}
     * too: it completes even if the batch could not be staged, or the log has failed or was closed meanwhile. Never completes before
     * this returns.
     *
     * @param batch as for {@link #append}, and {@link #wantsStaging}; its memory is read until the stage completes
     */
    default CompletionStage<Void> stage(ByteBuffer batch) {
        throw new UnsupportedOperationException("this log stages nothing");
    }

    /** The batch that was staged last will not be appended. Does nothing if none was, or if it has been. */
    default void unstage() {}

    /**
     * Appends one whole batch at {@link #endOffset}. When it returns, the batch survives the death of the process.
     *
     * <p>The caller has validated the batch; base offset and leader epoch are overwritten in the stored copy, never in
     * {@code batch}. Updates {@link #producers} and {@link #leaderEpochs}. May roll to a new segment first.
     *
     * @param batch position to limit is exactly one v2 batch; neither position nor content is changed, and the buffer is not
     *     kept after the return
     * @param leaderEpoch epoch of the leader that accepted the batch; not below the log's latest epoch
     * @return base offset that the batch got
     * @throws LogFullException no disk space is reserved for it; nothing was written, and a later append may succeed
     * @throws LogOfflineException the log failed, now or earlier; whether this batch was written is unknown
     */
    long append(ByteBuffer batch, int leaderEpoch);

    /**
     * Reads whole batches, beginning with the one that contains {@code offset}, if that needs no disk access.
     *
     * <p>A batch is returned whole even when {@code offset} is in its middle; the client skips the rest. Returns
     * {@link LogSlices#EMPTY} at the end offset.
     *
     * @param endOffset exclusive bound: no batch with a record at or above it is returned (high watermark or last stable offset)
     * @param maxBytes no more than this, except that the first batch is returned whole if {@code atLeastOne}
     * @return slices that the caller must release, or null if the range is not in memory for sure: call {@link #readCold}
     * @throws OffsetOutOfRangeException {@code offset} below the start or above the end of the log
     */
    @Nullable
    LogSlices readHot(long offset, long endOffset, int maxBytes, boolean atLeastOne);

    /** As {@link #readHot}, for any range: pages are faulted in on the disk executor before the stage completes. */
    CompletionStage<LogSlices> readCold(long offset, long endOffset, int maxBytes, boolean atLeastOne);

    /**
     * Finds the first record with a timestamp at or after {@code timestampMs} and an offset in [startOffset, endOffset bound).
     *
     * @return null if there is none; may read the disk, off the owner
     */
    default CompletionStage<@Nullable TimestampedOffset> findByTimestamp(long timestampMs, long endOffset) {
        return findByTimestamp(timestampMs, endOffset, batch -> true);
    }

    /**
     * As {@link #findByTimestamp(long, long)}, among the records of some batches.
     *
     * @param counts whether a batch, position to limit, may be looked into; called on any thread, perhaps more than once for a batch
     */
    CompletionStage<@Nullable TimestampedOffset> findByTimestamp(
            long timestampMs, long endOffset, Predicate<ByteBuffer> counts);

    /** The record with the largest timestamp below the bound (the first such if several), or null if the log has none. */
    CompletionStage<@Nullable TimestampedOffset> findMaxTimestamp(long endOffset);

    /** Aborted transactions that overlap [fromOffset, toOffset), by first offset; what a read_committed fetch must name. */
    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset);

    /**
     * Makes everything appended so far survive the loss of power. Calls that meet while one is under way share the next one
     * (group commit).
     *
     * @return the new {@link #syncedOffset}, at least the end offset at the time of the call
     */
    CompletionStage<Long> sync();

    /**
     * Removes every record at or above {@code offset}.
     *
     * <p>Log [10..19][20..29], {@code truncateTo(20)}: the end offset becomes 20 and records 20 to 29 can never be read again.
     * When the stage completes, the cut survives the loss of power. The owner must not append in between. A batch
     * that straddles the offset is removed whole, so the end offset may become lower than asked.
     *
     * @param offset new end offset, exclusive; at or above the end it does nothing, below the start it does the same as
     *     {@link #truncateFullyAndStartAt}
     */
    CompletionStage<Void> truncateTo(long offset);

    /** Removes everything and starts again, empty, at {@code offset}. When the stage completes, that survives the loss of power. */
    CompletionStage<Void> truncateFullyAndStartAt(long offset);

    /**
     * Moves the start up to {@code offset} (DeleteRecords). When the stage completes, records below stay unreadable also after
     * a restart; whole segments below are deleted in the background.
     *
     * @return the new start offset
     * @throws OffsetOutOfRangeException above the end offset
     */
    CompletionStage<Long> advanceStartTo(long offset);

    /**
     * Deletes sealed segments by size and by age, as {@link LogConfig} says, oldest first, never the active one and none that
     * holds a record at or above {@code deletableEndOffset} (the high watermark). First rolls the active segment when it is older
     * than {@link LogConfig#segmentMs}, or when it may be deleted by age but for being active: so a log whose records are all too
     * old becomes empty. Records without a timestamp do not age by it. Drops producers idle for longer than
     * {@link LogConfig#producerIdExpirationMs}, counted from the first call after their last write; none that has a transaction open.
     *
     * @param nowMs wall-clock time
     * @return number of segments deleted
     */
    CompletionStage<Integer> enforceRetention(long nowMs, long deletableEndOffset);

    /**
     * Rolls the active segment if it is older than {@link LogConfig#rollMs}, so that its records may be compacted.
     *
     * @param nowMs wall-clock time
     * @return whether it has rolled
     */
    CompletionStage<Boolean> rollIfOld(long nowMs);

    /**
     * What there is to compact now; {@link Cleanable#NOTHING} unless {@link LogConfig#compaction} is on.
     *
     * @param nowMs wall-clock time
     * @param stableEndOffset the last stable offset: nothing at or above it is compacted
     */
    Cleanable cleanable(long nowMs, long stableEndOffset);

    /**
     * Compacts what {@link #cleanable} names: of the records of each key the newest stays, offsets and order never change, the end offset
     * stays what it is. May take minutes on {@link CompactionBudget#worker}; appends, reads, retention and cuts go on meanwhile, and
     * slices that are held stay good. Each finished segment takes the place of its predecessors at once and for good: a crash at any moment
     * leaves either. One run at a time.
     *
     * <p>Afterwards offsets are missing. A read at a missing one begins with the next batch, whose base offset is higher; a cut at a
     * missing one ends the log behind the last record below it.
     *
     * @return how it ended; fails with {@link CompactionFailedException} if a batch cannot be read, with {@link LogFullException} if
     *     there is no space: in both cases the log goes on as it is
     */
    CompletionStage<CompactionReport> compact(long nowMs, long stableEndOffset, CompactionBudget budget);

    /**
     * Keeps a note beside the records, in place of the one before: for what the owner must still know of records when retention or
     * compaction have taken them away. Cuts and retention leave it as it is; {@link #delete} takes it away.
     *
     * @param note at most {@value #MAX_NOTE_BYTES} bytes; taken over
     * @return stage completed when the note survives the loss of power; fails with {@link LogFullException} if there is no space, and
     *     then the note before is still there
     */
    CompletionStage<Void> keepNote(byte[] note);

    /** The note that was kept last; completes with null if there is none, or if it is damaged, which is logged as an error. */
    CompletionStage<byte @Nullable []> note();

    /** Applies changed settings to everything that happens from now on. */
    void reconfigure(LogConfig config);

    /** Syncs, writes what makes the next open fast, and closes. Slices still held stay readable until they are released. */
    CompletionStage<Void> close();

    /** Closes without syncing and deletes all files. Slices still held stay readable until they are released. */
    CompletionStage<Void> delete();
}
