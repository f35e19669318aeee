package io.penstock.storage.chronicle;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogOfflineException;
import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of a log's segments: prepares the next one ahead and rolls to it. Owned by the log's owner; disk work goes through the
 * log's lane.
 */
final class LogSegments {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogSegments.class);
    /** After a failure to create a segment for want of space, try again no sooner than this. */
    private static final long RETRY_AFTER_NS = 200_000_000L;

    private static final int NEARLY_FULL_PART = 8;

    private final LogState state;
    private final DiskLane lane;
    private final SegmentOpener opener;
    private final LogFiling filing;
    private final SegmentEvents events;

    private @Nullable ActiveSegment prepared;
    private boolean preparing;
    private long notBeforeNs = System.nanoTime();
    private boolean full;
    private boolean stopped;
    private long inPlaceCreations;

    LogSegments(LogState state, DiskLane lane, SegmentOpener opener, LogFiling filing, SegmentEvents events) {
        this.state = state;
        this.lane = lane;
        this.opener = opener;
        this.filing = filing;
        this.events = events;
    }

    /** How often a roll found no segment ready and created one in place. */
    long inPlaceCreations() {
        return inPlaceCreations;
    }

    /** Has a segment ready for the time when the active one is full. To be called after each append. */
    void prepareWhenNear() {
        ActiveSegment active = state.active;
        if (prepared == null && (active == null || isNearlyFull(active))) {
            prepare(0);
        }
    }

    /** The last eighth, or more where the log is written fast: a segment that waits costs as much as one in use. */
    private boolean isNearlyFull(ActiveSegment active) {
        long leftBytes = state.config.segmentBytes() - active.index().sizeBytes();
        return leftBytes
                <= Math.max(
                        state.config.segmentBytes() / NEARLY_FULL_PART,
                        (long) NEARLY_FULL_PART * active.writeAhead().window().blockBytes());
    }

    /** Starts to create a segment, if none is on its way. */
    void prepare(int minBatchBytes) {
        if (preparing || System.nanoTime() - notBeforeNs < 0) {
            return;
        }
        preparing = true;
        int number = ++state.lastNumber;
        WriteAhead.Window window = window();
        LogConfig config = state.config;
        lane.run(() -> opener.create(number, config, window, minBatchBytes)).whenComplete(this::onPrepared);
    }

    /** Whether {@link #roll} needs not wait for the disk before a batch is appended: a segment is ready, or is known not to be had. */
    boolean isReadyToRoll(int batchBytes) {
        ActiveSegment next = prepared;
        if (next == null) {
            return mustRefuse();
        }
        return next.hasRoomFor(batchBytes) && next.isReadyFor(batchBytes);
    }

    /** Whether the segment to roll to is there, with blocks for a batch to be staged in. */
    boolean isReadyToStage(int batchBytes) {
        ActiveSegment next = prepared;
        return next != null && next.hasRoomFor(batchBytes) && next.isReservedFor(batchBytes);
    }

    /** Sees to it that {@link SegmentEvents#onProgress} is told when {@link #isReadyToRoll} may have become true. */
    void expect(int batchBytes) {
        ActiveSegment next = prepared;
        if (next != null && next.hasRoomFor(batchBytes)) {
            next.expect(batchBytes);
            return;
        }
        if (next != null) {
            filing.discard(next);
            prepared = null;
        }
        prepare(batchBytes);
    }

    private void onPrepared(@Nullable ActiveSegment segment, @Nullable Throwable failure) {
        takeOver(segment, failure);
        events.onProgress();
    }

    private void takeOver(@Nullable ActiveSegment segment, @Nullable Throwable failure) {
        preparing = false;
        if (failure instanceof LogFullException) {
            noteFull();
        } else if (failure != null) {
            events.onFailure(failure);
        }
        if (segment == null) {
            return;
        }
        full = false;
        boolean late = stopped || prepared != null || segment.number() < state.activeNumber();
        if (late) {
            filing.discard(segment);
        } else if (state.active == null) {
            begin(segment);
        } else {
            prepared = segment;
        }
    }

    /**
     * A batch could not be staged for want of space. Without this it would be staged in one new segment after the other, and its producer
     * never be answered; now it is refused, as is all that needs a new segment, until it is time to look for space again.
     */
    void onFull() {
        noteFull();
        if (prepared != null) {
            filing.discard(prepared);
            prepared = null;
        }
    }

    private void noteFull() {
        full = true;
        notBeforeNs = System.nanoTime() + RETRY_AFTER_NS;
    }

    private WriteAhead.Window window() {
        ActiveSegment active = state.active;
        return active == null ? WriteAhead.Window.IDLE : active.writeAhead().window();
    }

    /**
     * Goes on in a new segment. Usually one is ready; if not, it is created here and now, which waits for the disk.
     *
     * @param batchBytes the batch that is to be appended next must fit
     * @throws LogFullException no space for a segment; nothing was changed
     */
    void roll(int batchBytes) {
        ActiveSegment next = takePrepared(batchBytes);
        ActiveSegment last = state.active;
        if (last != null) {
            retire(last);
        }
        begin(next);
    }

    /** Rolls as soon as there is a segment, without making the owner wait for the disk; not at all if there is no space. */
    CompletionStage<Boolean> rollWhenPrepared() {
        ActiveSegment last = state.active;
        if (prepared != null) {
            roll(0);
            return CompletableFuture.completedFuture(true);
        }
        int number = ++state.lastNumber;
        LogConfig config = state.config;
        return lane.run(() -> createIfSpace(number, config)).thenApply(segment -> rollTo(segment, last));
    }

    private @Nullable ActiveSegment createIfSpace(int number, LogConfig config) throws IOException {
        try {
            return opener.create(number, config, WriteAhead.Window.IDLE, 0);
        } catch (LogFullException e) {
            return null;
        }
    }

    private boolean rollTo(@Nullable ActiveSegment segment, @Nullable ActiveSegment last) {
        if (segment == null) {
            return false;
        }
        if (state.active != last || prepared != null || segment.number() < state.activeNumber()) {
            // The log has rolled or was cut meanwhile.
            filing.discard(segment);
            return false;
        }
        prepared = segment;
        roll(0);
        return true;
    }

    /** Goes on in {@code next}, or without an active segment for want of space; the state has been changed to end where it begins. */
    void restartWith(@Nullable ActiveSegment next) {
        if (prepared != null) {
            filing.discard(prepared);
            prepared = null;
        }
        state.changed = true;
        state.activeBaseOffset = state.endOffset;
        // What is being created now must not become active: its number may be below that of a segment that was cut.
        state.floorNumber = state.lastNumber + 1;
        if (next != null) {
            begin(next);
        }
    }

    /** Makes {@code next} the segment that the next append goes to. */
    private void begin(ActiveSegment next) {
        state.changed = true;
        state.active = next;
        state.activeBaseOffset = state.endOffset;
        filing.writeProducers(next.number());
        filing.writeManifest();
        filing.coolDown();
    }

    private ActiveSegment takePrepared(int batchBytes) {
        ActiveSegment ready = prepared;
        prepared = null;
        if (ready != null && ready.hasRoomFor(batchBytes)) {
            return ready;
        }
        if (ready != null) {
            filing.discard(ready);
        }
        return createInPlace(batchBytes);
    }

    private boolean mustRefuse() {
        return full || state.active == null;
    }

    private ActiveSegment createInPlace(int batchBytes) {
        if (mustRefuse()) {
            // There was no space a moment ago: let the disk thread find out when there is, not the owner.
            prepare(batchBytes);
            throw new LogFullException("no space for a new segment of log " + state.id);
        }
        long startedNs = System.nanoTime();
        try {
            ActiveSegment created = opener.create(++state.lastNumber, state.config, window(), batchBytes);
            inPlaceCreations++;
            LOGGER.atDebug()
                    .addKeyValue("log", state.id)
                    .addKeyValue("elapsedUs", (System.nanoTime() - startedNs) / 1000)
                    .addKeyValue("times", inPlaceCreations)
                    .log("no segment was ready: created one in place");
            return created;
        } catch (LogFullException e) {
            noteFull();
            throw e;
        } catch (IOException e) {
            events.onFailure(e);
            throw new LogOfflineException("cannot create a segment of log " + state.id, e);
        }
    }

    /** Turns the active segment into a sealed one, and finishes its files behind the owner's back. */
    private void retire(ActiveSegment last) {
        if (last.isEmpty()) {
            filing.discard(last);
            return;
        }
        retire(last, last.index().seal(), last.endPosition());
    }

    /** Seals a segment of which {@code index} is left, up to {@code endPosition}. */
    void retire(ActiveSegment last, SegmentIndex index, long endPosition) {
        SegmentFacts facts = LogRecovery.factsOf(
                last.number(), state.activeBaseOffset, index, endPosition, last.lastAppendMs(), false);
        last.mapping().retain();
        SealedSegment sealed =
                new SealedSegment(facts, index, last.mapping(), last.firstHotPosition(), last.endPosition());
        state.sealed.add(sealed);
        filing.seal(last, sealed, index);
    }

    /** Applies changed settings; a segment that is ready for other ones is made anew. */
    void reconfigure(LogConfig config) {
        boolean larger = config.segmentBytes() > state.config.segmentBytes()
                || config.maxBatchBytes() > state.config.maxBatchBytes();
        state.config = config;
        if (larger && prepared != null) {
            filing.discard(prepared);
            prepared = null;
        }
    }

    /** Discards what is ready, and from now on whatever is being created. */
    void stop() {
        stopped = true;
        if (prepared != null) {
            filing.discard(prepared);
            prepared = null;
        }
    }
}
