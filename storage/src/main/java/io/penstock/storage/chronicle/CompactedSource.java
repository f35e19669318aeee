package io.penstock.storage.chronicle;

import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.CompactionFailedException;
import io.penstock.storage.compact.CompactionRun;
import java.io.IOException;
import java.util.concurrent.Executor;

/**
 * A sealed segment as a run of the compaction reads it, from front to back, with every checksum verified. Its mapping is its own, not one
 * of the {@link ReaderCache}: a run over a large log must not push out what consumers read. Used by the worker of one run.
 */
final class CompactedSource implements CompactionRun.Batches {
    private static final int READ_AHEAD_BYTES = 1 << 20;

    private final LogFiles files;
    private final SegmentFacts facts;
    private final Executor unmapper;
    private int largestBatchBytes;

    CompactedSource(LogFiles files, SealedSegment segment, Executor unmapper) {
        this.files = files;
        this.facts = segment.facts();
        this.unmapper = unmapper;
    }

    SegmentFacts facts() {
        return facts;
    }

    /** Finds out the size of the largest batch. Blocks. */
    int largestBatchBytes() throws IOException {
        if (largestBatchBytes == 0) {
            SegmentMapping mapping = SegmentMapping.readOnly(files.batches(facts.number()), unmapper);
            try {
                BatchCursor cursor = new BatchCursor(mapping, 0, facts.endPosition());
                while (cursor.advance()) {
                    largestBatchBytes = Math.max(largestBatchBytes, cursor.sizeInBytes());
                }
            } finally {
                mapping.release();
            }
        }
        return largestBatchBytes;
    }

    @Override
    public boolean forEach(CompactionRun.Visitor visitor) throws IOException {
        SegmentMapping mapping = SegmentMapping.readOnly(files.batches(facts.number()), unmapper);
        try {
            BatchCursor cursor = new BatchCursor(mapping, 0, facts.endPosition());
            long readAheadTo = 0;
            while (cursor.advance()) {
                if (cursor.nextPosition() > readAheadTo) {
                    readAheadTo = Math.min(facts.endPosition(), cursor.nextPosition() + READ_AHEAD_BYTES);
                    Pages.readIn(mapping, cursor.position(), readAheadTo);
                }
                if (!BatchHeader.isIntact(cursor.view(), cursor.index())) {
                    throw corrupt(
                            "a batch with a wrong checksum, base offset " + cursor.baseOffset(), cursor.position());
                }
                if (!visitor.visit(cursor.batch())) {
                    return false;
                }
            }
            if (cursor.isDamaged() || cursor.nextPosition() < facts.endPosition()) {
                throw corrupt("no whole batch", cursor.nextPosition());
            }
            return true;
        } finally {
            mapping.release();
        }
    }

    private CompactionFailedException corrupt(String found, long position) {
        return new CompactionFailedException("expected batches up to position " + facts.endPosition() + " of "
                + files.batches(facts.number()) + ", found " + found + " at position " + position);
    }
}
