package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.batch.BatchHeader;

/**
 * Walks over batches that are known to be there, and fails on anything else: an excerpt that cannot be, a batch that is missing, offsets
 * that do not follow each other. A checksum covers neither the framing nor a batch's base offset; that they fit is the proof. Owned by
 * the task that walks; the caller holds a reference to the mapping.
 *
 * <p>So a damaged file ends as an error. A reader that took it for the end of the log would wait there for ever, or miss records.
 */
final class KnownBatches {
    private final BatchCursor cursor;
    private final Stretch stretch;
    private final boolean verifying;
    private long nextOffset;

    /** @param verifying whether checksums are looked at, too, before anything else in a header is believed; touches every page */
    KnownBatches(SegmentMapping mapping, Stretch stretch, boolean verifying) {
        this.cursor = new BatchCursor(mapping, stretch.position(), stretch.endPosition());
        this.stretch = stretch;
        this.verifying = verifying;
        this.nextOffset = stretch.baseOffset();
    }

    /**
     * Goes to the next batch; false at the end of the stretch.
     *
     * @throws LogOfflineException the file is damaged here
     */
    boolean advance() {
        if (!cursor.advance()) {
            expectEnd();
            return false;
        }
        if (verifying && !BatchHeader.isIntact(cursor.view(), cursor.index())) {
            throw damaged("no intact batch", cursor.position());
        }
        long baseOffset = cursor.baseOffset();
        long lastOffset = cursor.lastOffset();
        boolean gapAllowed = nextOffset == stretch.baseOffset() ? stretch.mayBeginLater() : stretch.gapsAllowed();
        boolean follows = baseOffset == nextOffset || (baseOffset > nextOffset && gapAllowed);
        if (!follows || lastOffset < baseOffset || lastOffset >= stretch.endOffset()) {
            throw damaged("offsets " + baseOffset + " to " + lastOffset, cursor.position());
        }
        nextOffset = lastOffset + 1;
        return true;
    }

    private void expectEnd() {
        if (cursor.isDamaged() || cursor.nextPosition() < stretch.endPosition() || nextOffset != stretch.endOffset()) {
            throw damaged("no whole batch", cursor.nextPosition());
        }
    }

    private LogOfflineException damaged(String found, long position) {
        return new LogOfflineException("expected a batch from offset " + nextOffset + " on, below "
                + stretch.endOffset() + ", found " + found + " at position " + position);
    }

    /** The current batch. */
    BatchCursor batch() {
        return cursor;
    }

    /** Offset of the current batch's last record. */
    long lastOffset() {
        return nextOffset - 1;
    }
}
