package io.penstock.storage.chronicle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** How much of the disk a log takes that is not open. Stateless; blocks. */
final class ClosedSize {
    private ClosedSize() {}

    /** Bytes of the log's batch files, 0 if there is no such log. Of a segment that a crash has left long and sparse, its excerpts. */
    static long of(LogFiles files) throws IOException {
        long bytes = 0;
        try {
            for (int number : files.segmentNumbers()) {
                bytes += sizeOf(files.batches(number), files.metadata(number));
            }
        } catch (NoSuchFileException gone) {
            return bytes;
        }
        return bytes;
    }

    private static long sizeOf(Path batches, Path metadata) throws IOException {
        if (!Files.exists(batches)) {
            return 0;
        }
        if (!Files.exists(metadata)) {
            return Files.size(batches);
        }
        SegmentMapping mapping = SegmentMapping.readOnly(batches, Runnable::run);
        try {
            BatchCursor cursor = new BatchCursor(mapping, 0, mapping.lengthBytes());
            while (cursor.advance()) {
                // to the end
            }
            return cursor.nextPosition();
        } finally {
            mapping.release();
        }
    }
}
