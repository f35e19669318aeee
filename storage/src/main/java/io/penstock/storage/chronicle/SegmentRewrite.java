package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogFullException;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.CompactionFailedException;
import io.penstock.storage.compact.CompactionRun;
import io.penstock.storage.file.DurableFiles;
import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * Writes one compacted segment. Used once, by the worker of a run; blocks.
 *
 * <p>Order, so that a crash at any step leaves the log as it was:
 *
 * <pre>
 * 1  batches, index, producers and mark are written in compacting/, and synced      found there: deleted
 * 2  one rename brings the segment to its place, synced                            found, not listed, marked: deleted
 * 3  (the owner) the manifest that lists it instead of the old ones is written     from here on it is the log
 * 4  (the owner) the old ones are renamed and deleted                              found, not listed: deleted
 * </pre>
 */
final class SegmentRewrite {
    /** Blocks are reserved in pieces of this size. */
    private static final int RESERVE_BYTES = 1 << 20;
    /** A batch that gets a delete horizon may grow, but hardly to twice its size. */
    private static final int MAX_GROWTH = 2;

    private final LogFiles files;
    private final LogFiles staging;
    private final LogContext context;
    private final LogConfig config;
    private final List<CompactedSource> sources;
    private final int number;
    private final SegmentEvents events;

    private long reservedEnd;
    private long writtenBackTo;

    /**
     * @param sources neighbours, oldest first
     * @param number of the segment to be written
     */
    SegmentRewrite(
            LogFiles files,
            LogContext context,
            LogConfig config,
            List<CompactedSource> sources,
            int number,
            SegmentEvents events) {
        this.files = files;
        this.staging = files.compacting();
        this.context = context;
        this.config = config;
        this.sources = sources;
        this.number = number;
        this.events = events;
    }

    /**
     * Writes what {@code run} leaves of the sources.
     *
     * @return the segment, which is in its place and survives the loss of power, but which no manifest lists yet
     * @throws LogFullException no space; nothing is left behind
     */
    SealedSegment write(CompactionRun run) throws IOException {
        boolean done = false;
        try {
            Files.createDirectories(staging.directory());
            SegmentFacts facts = writeStaged(run);
            Files.move(staging.segment(number), files.segment(number), StandardCopyOption.ATOMIC_MOVE);
            DurableFiles.syncDirectory(files.directory());
            done = true;
            return CrashRecovery.sealedOf(files, List.of(), facts, context.disk());
        } catch (IOException e) {
            if (FileSpace.isDiskFull(e)) {
                throw new LogFullException("no space to compact segments of " + files.directory(), e);
            }
            throw e;
        } finally {
            if (!done) {
                FileTrees.deleteQuietly(staging.segment(number));
            }
        }
    }

    private SegmentFacts writeStaged(CompactionRun run) throws IOException {
        ActiveSegment out = create();
        SegmentIndex index;
        long endPosition;
        try {
            long endOffset = last().facts().endOffset();
            writeProducers(run);
            run.rewrite(sources, endOffset, batch -> add(out, batch));
            run.takeAborted().forEach(out.index()::onAborted);
            index = out.index().seal();
            endPosition = out.endPosition();
            if (index.lastOffset() != endOffset - 1) {
                throw new CompactionFailedException("expected a batch that ends with offset " + (endOffset - 1)
                        + " in segment " + last().facts().number() + " of " + files.directory() + ", found "
                        + index.lastOffset());
            }
        } finally {
            out.closeQueue();
            out.mapping().release();
        }
        new SegmentSealer(staging).finish(number, index, endPosition);
        SegmentFacts facts = factsOf(index, endPosition);
        new CompactedSegments(staging).write(facts);
        return facts;
    }

    /** Room for all of it, whatever the settings are now. */
    private ActiveSegment create() throws IOException {
        long bytes = 0;
        int largest = 0;
        for (CompactedSource source : sources) {
            bytes += source.facts().sizeBytes();
            largest = Math.max(largest, source.largestBatchBytes());
        }
        int room = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes) * MAX_GROWTH);
        SegmentOpener opener = new SegmentOpener(staging, context, events);
        int largestLeft = (int) Math.min(Integer.MAX_VALUE / 2, (long) largest * MAX_GROWTH);
        ActiveSegment out = opener.create(
                number,
                config.withSegmentBytes(room),
                new WriteAhead.Window(RESERVE_BYTES, RESERVE_BYTES),
                largestLeft);
        reservedEnd = 0;
        return out;
    }

    private void add(ActiveSegment out, ByteBuffer batch) throws IOException {
        int size = batch.remaining();
        long neededEnd = out.neededEnd(size);
        if (!out.hasRoomFor(size)) {
            throw new CompactionFailedException("the batch at offset " + BatchHeader.baseOffset(batch, batch.position())
                    + " has grown beyond the room of its segment");
        }
        if (neededEnd > reservedEnd) {
            long to = neededEnd + RESERVE_BYTES;
            if (!FileSpace.reserve(staging.batches(number), out.endPosition(), to)) {
                throw new LogFullException("no space to compact segments of " + files.directory());
            }
            // A fault in Java code would hold up every thread of the process at the next safepoint.
            Pages.populate(out.mapping(), out.endPosition(), to);
            reservedEnd = to;
        }
        int at = batch.position();
        long baseOffset = BatchHeader.baseOffset(batch, at);
        long position = out.append(batch, baseOffset, BatchHeader.leaderEpoch(batch, at));
        long lastOffset = BatchHeader.lastOffset(batch, at);
        long maxTimestampMs = BatchHeader.maxRecordTimestamp(batch, at);
        out.index().onBatch(baseOffset, lastOffset, maxTimestampMs, lastOffset, size, position);
        writeBack(out);
    }

    /** Steadily, so that neither dirty memory nor the sync at the end grows with the segment. */
    private void writeBack(ActiveSegment out) throws IOException {
        long end = Pages.floor(out.endPosition());
        if (end - writtenBackTo >= LogSync.WRITE_BACK_BYTES) {
            Pages.sync(out.mapping(), writtenBackTo, end, staging.batches(number));
            writtenBackTo = end;
        }
    }

    private SegmentFacts factsOf(SegmentIndex index, long endPosition) {
        long baseOffset = sources.get(0).facts().baseOffset();
        long lastAppendMs = last().facts().lastAppendMs();
        return LogRecovery.factsOf(number, baseOffset, index, endPosition, lastAppendMs, true)
                .withFlags(true, true);
    }

    private void writeProducers(CompactionRun run) throws IOException {
        Path snapshot = files.producers(sources.get(0).facts().number()).path();
        if (Files.exists(snapshot)) {
            byte[] producers = run.producersBefore(Files.readAllBytes(snapshot));
            DurableFiles.replace(staging.producers(number).path(), ByteBuffer.wrap(producers));
        }
    }

    private CompactedSource last() {
        return sources.get(sources.size() - 1);
    }
}
