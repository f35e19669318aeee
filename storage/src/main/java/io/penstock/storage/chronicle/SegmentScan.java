package io.penstock.storage.chronicle;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.epoch.LeaderEpochTable;
import io.penstock.storage.index.SegmentIndexBuilder;
import io.penstock.storage.producer.ProducerStateTable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment from its first batch on and believes only what proves itself: whole excerpts, right checksums, offsets that rise,
 * without gaps unless the segment is known to be compacted. Notes all that it believes in the index, the producers and the leader epochs. Used once, by one disk thread.
 */
final class SegmentScan {
    private final SegmentMapping mapping;
    private final SegmentIndexBuilder index;
    private final ProducerStateTable producers;
    private final LeaderEpochTable epochs;
    private final boolean mayHaveGaps;
    private long nextOffset;
    private long endPosition;
    private @Nullable String damage;

    /**
     * @param baseOffset what the first batch must have
     * @param mayHaveGaps whether later ones will do as well
     */
    SegmentScan(
            SegmentMapping mapping,
            long baseOffset,
            boolean mayHaveGaps,
            SegmentIndexBuilder index,
            ProducerStateTable producers,
            LeaderEpochTable epochs) {
        this.mapping = mapping;
        this.index = index;
        this.producers = producers;
        this.epochs = epochs;
        this.nextOffset = baseOffset;
        this.mayHaveGaps = mayHaveGaps;
    }

    /**
     * Reads up to the first thing it does not believe.
     *
     * @param limitPosition reads no excerpt that ends beyond it
     * @param endOffset believes no batch that reaches to it or above
     */
    void run(long limitPosition, long endOffset) {
        BatchCursor cursor = new BatchCursor(mapping, 0, limitPosition);
        while (cursor.advance()) {
            String doubt = doubtAbout(cursor);
            if (doubt != null) {
                damage = doubt;
                return;
            }
            if (cursor.lastOffset() >= endOffset) {
                return;
            }
            note(cursor);
        }
        if (index.batchCount() == 0) {
            endPosition = cursor.nextPosition();
        }
        if (cursor.isDamaged()) {
            damage = "an excerpt that no append can have left";
        }
    }

    private @Nullable String doubtAbout(BatchCursor cursor) {
        long found = cursor.baseOffset();
        if (found < nextOffset || (found > nextOffset && !mayHaveGaps)) {
            return "base offset " + found + " instead of " + nextOffset;
        }
        return BatchHeader.isIntact(cursor.view(), cursor.index()) ? null : "a batch with a wrong checksum";
    }

    private void note(BatchCursor cursor) {
        ByteBuffer view = cursor.view();
        int at = cursor.index();
        long lastOffset = cursor.lastOffset();
        index.onBatch(
                cursor.baseOffset(),
                lastOffset,
                BatchHeader.maxRecordTimestamp(view, at),
                lastOffset,
                cursor.sizeInBytes(),
                cursor.position());
        AbortedTransaction aborted = producers.onAppended(cursor.batch(), cursor.baseOffset());
        if (aborted != null) {
            index.onAborted(aborted);
        }
        int epoch = BatchHeader.leaderEpoch(view, at);
        if (epoch > epochs.latestEpoch()) {
            epochs.assign(epoch, cursor.baseOffset());
        }
        nextOffset = lastOffset + 1;
        endPosition = cursor.nextPosition();
    }

    /** One past the last offset that is believed. */
    long endOffset() {
        return nextOffset;
    }

    /** Where the last excerpt that is believed ends. */
    long endPosition() {
        return endPosition;
    }

    /** What was found instead of a batch, or null if the scan ended where nothing was written yet. */
    @Nullable
    String damage() {
        return damage;
    }
}
