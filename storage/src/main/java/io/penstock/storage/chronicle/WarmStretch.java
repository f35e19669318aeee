package io.penstock.storage.chronicle;

/**
 * Tells whether a read below the hot tail may be done in place: if it was read in before, is in memory still, needs no look at checksums,
 * and is of batches so large that few of them make an answer. Then the way to a disk thread and back costs more than the read. Stateless;
 * asks the kernel, which does not wait for the disk, though it may for another thread that changes the process's mappings.
 */
final class WarmStretch {
    /** Smaller ones are copied, and walking over many is work for a disk thread. */
    private static final int MIN_BATCH_BYTES = 16 << 10;
    /** The kernel looks at each page. */
    private static final int MAX_BYTES = 4 << 20;
    /** A batch that begins before the end of a read is looked at behind it, and a read begins at an index entry before its batch. */
    private static final int SLACK_BYTES = 64 << 10;

    private WarmStretch() {}

    /** Whether {@code maxBytes} from the start of {@code stretch} on are that. */
    static boolean isWarm(SegmentMapping mapping, Stretch stretch, int maxBytes) {
        long from = stretch.position();
        long to = Math.min(stretch.endPosition(), from + maxBytes + SLACK_BYTES);
        return maxBytes <= MAX_BYTES
                && mapping.trusted().covers(from, to)
                && mapping.mapped().covers(from, to)
                && Pages.areInMemory(mapping, from, to)
                && beginsWithLargeBatch(mapping, stretch);
    }

    private static boolean beginsWithLargeBatch(SegmentMapping mapping, Stretch stretch) {
        BatchCursor first = new BatchCursor(mapping, stretch.position(), stretch.endPosition());
        return first.advance() && first.sizeInBytes() >= MIN_BATCH_BYTES;
    }
}
