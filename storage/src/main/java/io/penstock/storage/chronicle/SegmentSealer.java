package io.penstock.storage.chronicle;

import io.penstock.storage.file.DurableFiles;
import io.penstock.storage.index.SegmentIndex;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Finishes the files of segments that are not written any more. Immutable; every method blocks.
 *
 * <p>Order: batches, then index, then the manifest that names the segment sealed, whose writing also makes the directory's entries
 * survive. A crash in between costs a scan, not a record.
 */
final class SegmentSealer {
    private final LogFiles files;

    SegmentSealer(LogFiles files) {
        this.files = files;
    }

    /**
     * Gives back the space that a segment had reserved, and writes its index. When this returns batches and index survive the loss
     * of power.
     *
     * @param fileEnd where the last excerpt ends, dead ones included: slices of those may still be held
     * @return the file's length now
     */
    long finish(int number, SegmentIndex index, long fileEnd) throws IOException {
        long fileBytes = shorten(number, fileEnd);
        sync(number);
        files.index(number).write(index.toBytes());
        return fileBytes;
    }

    /** Makes a segment's batches survive the loss of power, and the directory entry of their file. */
    void sync(int number) throws IOException {
        try (FileChannel channel = FileChannel.open(files.batches(number), StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        DurableFiles.syncDirectory(files.segment(number));
    }

    /** Gives back what a segment had reserved, and Chronicle's own file, without syncing. Returns the file's length now. */
    long shorten(int number, long fileEnd) throws IOException {
        Files.deleteIfExists(files.metadata(number));
        // Room for a zero header behind the last excerpt: Chronicle's readers look there. And no more, not even to the
        // end of the page: a close that comes after an append must not leave the length that the manifest of an
        // earlier close tells.
        long fileBytes = fileEnd + Excerpts.HEADER_BYTES;
        try (FileChannel channel = FileChannel.open(files.batches(number), StandardOpenOption.WRITE)) {
            if (channel.size() > fileEnd) {
                FileSpace.writeZeros(channel, fileEnd, fileBytes);
                // What lies behind in the page, of a batch that was staged and not appended, the file system zeroes.
                channel.truncate(fileBytes);
            }
            return channel.size();
        }
    }

    /** Writes down the producers as they were before a segment, unless it is gone already. */
    void writeProducers(int number, byte @Nullable [] snapshot) throws IOException {
        Path directory = files.segment(number);
        if (snapshot != null && Files.isDirectory(directory)) {
            files.producers(number).write(snapshot);
        }
    }
}
