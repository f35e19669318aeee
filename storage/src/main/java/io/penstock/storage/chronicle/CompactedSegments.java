package io.penstock.storage.chronicle;

import io.penstock.storage.file.CorruptFileException;
import io.penstock.storage.file.SealedReader;
import io.penstock.storage.file.SealedWriter;
import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What segments of the compaction say about themselves, for when the manifest is damaged: their numbers are not in the order of their
 * offsets, and their batches do not tell where they begin. Immutable; blocks.
 */
final class CompactedSegments {
    private static final Logger LOGGER = LoggerFactory.getLogger(CompactedSegments.class);
    private static final int MAGIC = SealedWriter.magic("PNCS");
    private static final int VERSION = 1;

    private final LogFiles files;

    CompactedSegments(LogFiles files) {
        this.files = files;
    }

    /** Marks a segment as one of the compaction. Sealed bytes, magic {@code PNCS}, version 1: the segment's facts. */
    void write(SegmentFacts facts) throws IOException {
        SealedWriter out = new SealedWriter(MAGIC, VERSION, SegmentFacts.ENCODED_BYTES);
        facts.encode(out);
        files.compacted(facts.number()).write(out.toBytes());
    }

    private @Nullable SegmentFacts read(int number) throws IOException {
        try {
            byte[] bytes = files.compacted(number).read();
            return bytes == null
                    ? null
                    : SegmentFacts.decode(SealedReader.open(bytes, MAGIC, VERSION, "mark of a compacted segment"));
        } catch (CorruptFileException e) {
            LOGGER.atError()
                    .addKeyValue("path", files.compacted(number).path())
                    .setCause(e)
                    .log("damaged mark of a compacted segment; the log goes on without the segment");
            return null;
        }
    }

    /** A segment is shorter now than when it was marked. */
    static void onCut(LogFiles files, SegmentFacts facts, SegmentIndex rest, long endPosition) throws IOException {
        if (facts.compacted()) {
            int aborted = SealedSegment.abortedIn(rest).size();
            new CompactedSegments(files).write(facts.cut(rest, endPosition, aborted));
        }
    }

    /**
     * The compacted head of a log: marked segments that follow each other without gaps, of several with the same start the newest. Not known
     * to be synced any more, so that they are read again.
     */
    List<SegmentFacts> chain(List<Integer> numbers) throws IOException {
        List<SegmentFacts> marked = new ArrayList<>();
        for (int number : numbers) {
            SegmentFacts facts = read(number);
            if (facts != null) {
                marked.add(facts.withFlags(true, false));
            }
        }
        marked.sort(Comparator.comparingLong(SegmentFacts::baseOffset)
                .thenComparing(SegmentFacts::number, Comparator.reverseOrder()));
        List<SegmentFacts> chain = new ArrayList<>();
        long nextOffset = marked.isEmpty() ? 0 : marked.get(0).baseOffset();
        for (SegmentFacts facts : marked) {
            if (facts.baseOffset() == nextOffset) {
                chain.add(facts);
                nextOffset = facts.endOffset();
            }
        }
        return chain;
    }
}
