package io.penstock.storage.chronicle;

import net.openhft.chronicle.wire.Wires;

/**
 * How Chronicle lays out a file of excerpts. Stateless.
 *
 * <p>An excerpt is a header of four bytes in the machine's byte order, at a position divisible by four, then the content. The header
 * holds the length in its lower 30 bits, a bit for "not a message of the user" and one for "not finished". Zero means: nothing yet.
 */
final class Excerpts {
    static final int HEADER_BYTES = Wires.SPB_HEADER_SIZE;
    /**
     * What an append may touch beyond the content itself: its header, the padding before it, the zeros after it, and once in millions
     * of excerpts a page of Chronicle's own index.
     */
    static final int APPEND_SLACK_BYTES = 1024;

    private Excerpts() {}

    static boolean isBatch(int header) {
        return Wires.isReadyData(header);
    }

    /** Whether the header is of an excerpt that is whole, be it a batch or Chronicle's own. */
    static boolean isReady(int header) {
        return Wires.isReady(header);
    }

    static int lengthOf(int header) {
        return Wires.lengthOf(header);
    }

    /** Position of the header that follows an excerpt of {@code length} bytes whose header is at {@code position}. */
    static long next(long position, int length) {
        return (position + HEADER_BYTES + length + 3) & ~3L;
    }
}
