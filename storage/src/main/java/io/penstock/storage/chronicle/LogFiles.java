package io.penstock.storage.chronicle;

import io.penstock.storage.file.CheckpointFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the files of one log are. Immutable.
 *
 * <pre>
 * manifest                      checkpoint file: see {@link LogManifest}; not there before the first roll or close
 * note                          checkpoint file: what the owner keeps beside the records; perhaps not there
 * 0000000001/                   a segment: directories are numbered in the order in which they are written, never reused
 *   19700101000001.cq4          the batches: a Chronicle cycle file
 *   metadata.cq4t               Chronicle's own; only while the segment is open for writing
 *   index                       checkpoint file: segment index; once the segment is sealed
 *   producers                   checkpoint file: producer state at the segment's base offset
 *   compacted                   checkpoint file: {@link SegmentFacts}; only in a segment that the compaction has written
 * compacting/                   segments that the compaction is writing, until one rename brings each to its place
 * 0000000001.deleted/           a deleted segment that waits to be unlinked
 * </pre>
 */
record LogFiles(Path directory) {
    static final String MANIFEST = "manifest";
    static final String METADATA = "metadata.cq4t";
    private static final String COMPACTING = "compacting";
    private static final String DELETED_SUFFIX = ".deleted";
    private static final Pattern SEGMENT = Pattern.compile("[0-9]{10}");
    private static final Pattern DELETED = Pattern.compile("[0-9]{10}\\.deleted");

    CheckpointFile manifest() {
        return new CheckpointFile(directory.resolve(MANIFEST));
    }

    CheckpointFile note() {
        return new CheckpointFile(directory.resolve("note"));
    }

    Path segment(int number) {
        return directory.resolve(segmentName(number));
    }

    Path batches(int number) {
        return segment(number).resolve(SegmentRollCycle.fileNameOf(number) + ".cq4");
    }

    Path metadata(int number) {
        return segment(number).resolve(METADATA);
    }

    CheckpointFile index(int number) {
        return new CheckpointFile(segment(number).resolve("index"));
    }

    CheckpointFile producers(int number) {
        return new CheckpointFile(segment(number).resolve("producers"));
    }

    /** Marks a segment of the compaction, and says which offsets it is about: its batches do not tell. */
    CheckpointFile compacted(int number) {
        return new CheckpointFile(segment(number).resolve("compacted"));
    }

    /** Where the compaction writes. Whatever is found there at an open is rubbish. */
    LogFiles compacting() {
        return new LogFiles(directory.resolve(COMPACTING));
    }

    Path deletedSegment(int number) {
        return directory.resolve(segmentName(number) + DELETED_SUFFIX);
    }

    private static String segmentName(int number) {
        return String.format("%010d", number);
    }

    /** Numbers of the segments that have a directory, rising. */
    List<Integer> segmentNumbers() throws IOException {
        List<Integer> numbers = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (SEGMENT.matcher(name).matches()) {
                    numbers.add(Integer.parseInt(name));
                }
            }
        }
        Collections.sort(numbers);
        return numbers;
    }

    /** Directories of segments that were deleted, but not unlinked before the process ended. */
    List<Path> deletedSegments() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (DELETED.matcher(entry.getFileName().toString()).matches()) {
                    found.add(entry);
                }
            }
        }
        return found;
    }
}
