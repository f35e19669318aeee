package io.penstock.net.wire;

import io.netty.channel.DefaultFileRegion;
import io.penstock.storage.FileSlice;
import java.io.IOException;

/**
 * Batches that a socket takes from their file. The file is the log's: Netty's own region closes it with the last reference, this one
 * does not. It is a {@link DefaultFileRegion} because the native transports hand only those to the system.
 */
final class SegmentRegion extends DefaultFileRegion {
    private final FileSlice slice;

    SegmentRegion(FileSlice slice) {
        super(slice.channel(), slice.position(), slice.bytes());
        this.slice = slice;
    }

    /** Whether the file has all bytes. The log's reference must be held. Asks the system, but never waits for the disk. */
    boolean isWhole() throws IOException {
        return slice.channel().size() >= slice.position() + slice.bytes();
    }

    @Override
    protected void deallocate() {
        // The log closes the file when its slices are released.
    }
}
