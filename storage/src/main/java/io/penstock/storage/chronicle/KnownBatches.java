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
    private long nextOffset;

    KnownBatches(SegmentMapping mapping, Stretch stretch) {
        this.cursor = new BatchCursor(mapping, stretch.position(), stretch.endPosition());
        this.stretch = stretch;
        this.nextOffset = stretch.baseOffset();
    }

    /**
     * Goes to the next batch, of which nothing but the framing is looked at; false at the end of the stretch.
     *
     * @throws LogOfflineException the file is damaged here
     */
    boolean advance() {
        if (!cursor.advance()) {
            expectEnd();
            return false;
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

    /** As {@link #advance}, and looks at the batch as {@link #verify} does. */
    boolean advanceVerified() {
        boolean advanced = advance();
        if (advanced) {
            verify();
        }
        return advanced;
    }

    /**
     * Checks magic and checksum of the current batch, which touches all its pages. Before that its header is not to be believed.
     *
     * @throws LogOfflineException the batch is damaged
     */
    void verify() {
        if (!BatchHeader.isIntact(cursor.view(), cursor.index())) {
            throw new LogOfflineException("expected an intact batch of offsets " + cursor.baseOffset() + " to "
                    + lastOffset() + " at position " + cursor.position() + ", found one with a wrong checksum");
        }
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
