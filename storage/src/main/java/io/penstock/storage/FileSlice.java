package io.penstock.storage;

import java.nio.channels.FileChannel;

/**
 * Whole batches as a range of a file, for whoever can send them from there without bringing them into the process. Good for as long as
 * its holder has a reference to the {@link LogSlices} that it is of, which keep the file open. Safe from any thread: the range is
 * never written again.
 *
 * @param channel to be read from at explicit positions; never to be closed, moved or written to by a reader
 * @param position of the first byte
 * @param bytes how many
 */
public record FileSlice(FileChannel channel, long position, int bytes) {
    public FileSlice {
        if (position < 0 || bytes <= 0) {
            throw new IllegalArgumentException("expected bytes of a file, found " + bytes + " at " + position);
        }
    }

    /** A part of this one, from its byte {@code from} on. */
    public FileSlice part(int from, int partBytes) {
        if (from < 0 || partBytes > bytes - from) {
            throw new IllegalArgumentException(
                    "expected a part of " + bytes + " bytes, found " + partBytes + " at " + from);
        }
        return new FileSlice(channel, position + from, partBytes);
    }
}
