package io.penstock.storage.chronicle;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycle;

/**
 * Cycles that are numbered by us and not by the clock: cycle n is segment n, and the queue's time stands at n seconds for as long as
 * the segment is written. Immutable.
 *
 * <p>Chronicle's own index is kept as small as its format allows: we find excerpts by position, through the segment index.
 */
final class SegmentRollCycle implements RollCycle {
    static final SegmentRollCycle INSTANCE = new SegmentRollCycle();

    private static final int CYCLE_MS = 1000;
    private static final int SEQUENCE_BITS = 32;
    private static final String FORMAT = "yyyyMMddHHmmss";
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern(FORMAT);

    private SegmentRollCycle() {}

    /** Time at which the queue's current cycle is {@code segmentNumber}. */
    static TimeProvider timeOf(int segmentNumber) {
        long timeMs = (long) segmentNumber * CYCLE_MS;
        return () -> timeMs;
    }

    /** Name, without suffix, of the file that Chronicle gives to the cycle {@code segmentNumber}. */
    static String fileNameOf(int segmentNumber) {
        return NAME.format(LocalDateTime.ofEpochSecond(segmentNumber, 0, ZoneOffset.UTC));
    }

    @Override
    public String format() {
        return FORMAT;
    }

    @Override
    public int lengthInMillis() {
        return CYCLE_MS;
    }

    /** 8 × 8 × 2^20 excerpts: 64 M, while a segment of 2 GiB holds at most 33 M of the smallest batches. */
    @Override
    public int defaultIndexCount() {
        return 8;
    }

    @Override
    public int defaultIndexSpacing() {
        return 1 << 20;
    }

    @Override
    public long toIndex(int cycle, long sequenceNumber) {
        return ((long) cycle << SEQUENCE_BITS) + (sequenceNumber & 0xFFFF_FFFFL);
    }

    @Override
    public long toSequenceNumber(long index) {
        return index & 0xFFFF_FFFFL;
    }

    @Override
    public int toCycle(long index) {
        return (int) (index >>> SEQUENCE_BITS);
    }

    @Override
    public long maxMessagesPerCycle() {
        return (long) defaultIndexCount() * defaultIndexCount() * defaultIndexSpacing();
    }
}
