package io.penstock.storage.chronicle;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogId;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.producer.ProducerStateTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an open log knows in memory. Made by {@link LogRecovery} on a disk thread, then owned by the log's owner, who
 * shares it between the parts of the log.
 *
 * <p>Invariants: sealed segments follow each other without gaps, the active one follows the last; none of them is empty but the
 * active one; start offset ≤ end offset.
 */
final class LogState {
    final LogId id;
    final LogFiles files;
    LogConfig config;

    final List<SealedSegment> sealed = new ArrayList<>();
    /** Null while there is no space to create one. */
    @Nullable
    ActiveSegment active;

    long activeBaseOffset;
    /** Largest number ever given to a segment. */
    int lastNumber;
    /** While there is no active segment: least number that it may have. Smaller ones are dead. */
    int floorNumber = 1;

    long startOffset;
    /** Where the next compaction begins; may be below the start. At most the end offset. */
    long firstDirtyOffset;

    long endOffset;
    long syncedOffset;
    /** What will be the synced offset when the sync that is under way has succeeded: a cut meanwhile lowers it for good. */
    long syncingOffset;

    ProducerStateTable producers;
    LeaderEpochTable epochs;

    /** Whether anything has changed since the manifest said how the log was closed. */
    boolean changed = true;

    LogState(LogId id, LogFiles files, LogConfig config, ProducerStateTable producers, LeaderEpochTable epochs) {
        this.id = id;
        this.files = files;
        this.config = config;
        this.producers = producers;
        this.epochs = epochs;
    }

    List<SegmentFacts> sealedFacts() {
        return sealed.stream().map(SealedSegment::facts).toList();
    }

    long sizeBytes() {
        long bytes = active == null ? 0 : active.index().sizeBytes();
        for (SealedSegment segment : sealed) {
            bytes += segment.facts().sizeBytes();
        }
        return bytes;
    }

    /** Index in {@link #sealed} of the segment that holds {@code offset}; the list's size if that is the active one. */
    int indexOf(long offset) {
        int low = 0;
        int high = sealed.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sealed.get(middle).facts().endOffset() <= offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** See {@link io.penstock.storage.PartitionLog#abortedTransactions}. */
    List<AbortedTransaction> abortedTransactions(long fromOffset, long toOffset) {
        List<AbortedTransaction> found = new ArrayList<>();
        boolean over = false;
        for (int i = indexOf(fromOffset); i < sealed.size() && !over; i++) {
            over = sealed.get(i).collectAborted(fromOffset, toOffset, found);
        }
        if (!over && active != null) {
            active.index().collectAborted(fromOffset, toOffset, found);
        }
        found.sort(Comparator.comparingLong(AbortedTransaction::firstOffset));
        return found;
    }

    /** Number of the active segment, or the least that it can have. */
    int activeNumber() {
        return active == null ? floorNumber : active.number();
    }

    /** What to write down of the log while it is open. */
    LogManifest toManifest() {
        return new LogManifest(
                startOffset, firstDirtyOffset, sealedFacts(), activeNumber(), activeBaseOffset, epochs.toBytes(), null);
    }
}
