package io.penstock.bench.pause;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Tells whether the cleaner had anything to say: segments that it wrote carry a mark. */
final class CompactedSegments {
    private static final String MARK = "compacted";

    private CompactedSegments() {}

    /** Segments on the disk that the compaction has written; of a broker that has stopped. */
    static long countIn(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(file -> file.endsWith(MARK)).count();
        }
    }
}
