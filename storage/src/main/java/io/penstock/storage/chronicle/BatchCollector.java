package io.penstock.storage.chronicle;

import io.penstock.storage.LogOfflineException;
import io.penstock.storage.LogSlices;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Gathers the batches that answer one read, segment after segment, by the rules of {@link io.penstock.storage.PartitionLog#readHot}.
 * Owned by the read.
 *
 * <p>Each batch is a slice of mapped memory, since eight bytes of framing lie between two of them. Many small ones are copied into
 * one buffer instead: a slice costs about as much as copying a kilobyte, here and again in whatever writes it to a socket.
 */
final class BatchCollector {
    /** Batches that are smaller than this on average are copied. */
    static final int COPIED_AVERAGE_BYTES = 1024;
    /** Fewer slices than this are not worth a copy. */
    static final int MIN_COPIED_BATCHES = 8;
    /** A consumer that keeps up reads few at a time. */
    private static final int FIRST_BATCHES = 4;

    private final long offset;
    private final long endOffset;
    private final int maxBytes;
    private final boolean atLeastOne;
    private final CopyBuffers copies;

    private final List<SegmentMapping> mappings = new ArrayList<>(1);
    private int[] mappingOf = new int[FIRST_BATCHES];
    private long[] positions = new long[FIRST_BATCHES];
    private int[] sizes = new int[FIRST_BATCHES];
    private int count;
    private int totalBytes;
    private long nextOffset = -1;

    BatchCollector(long offset, long endOffset, int maxBytes, boolean atLeastOne, CopyBuffers copies) {
        this.offset = offset;
        this.endOffset = endOffset;
        this.maxBytes = maxBytes;
        this.atLeastOne = atLeastOne;
        this.copies = copies;
    }

    /**
     * Takes what it can from one segment.
     *
     * @param mapping retained until {@link #toSlices} or {@link #release}, if anything was taken
     * @param verifying whether to check every batch that is passed over or taken and not trusted yet, which also brings its pages into memory
     * @return whether the next segment is wanted
     * @throws LogOfflineException the segment is damaged
     */
    boolean collect(SegmentMapping mapping, Stretch stretch, boolean verifying) {
        KnownBatches batches = new KnownBatches(mapping, stretch);
        while (batches.advance()) {
            BatchCursor batch = batches.batch();
            long lastOffset = batches.lastOffset();
            // One that does not fit is not looked at: its pages may not be in memory.
            if (lastOffset >= offset && !fits(batch.sizeInBytes())) {
                return false;
            }
            if (verifying) {
                verify(mapping, batches);
            }
            if (lastOffset >= endOffset) {
                return false;
            }
            if (lastOffset >= offset) {
                add(mapping, batch, lastOffset);
            }
        }
        return totalBytes < maxBytes;
    }

    private static void verify(SegmentMapping mapping, KnownBatches batches) {
        long from = batches.batch().position();
        long to = batches.batch().nextPosition();
        if (!mapping.trusted().covers(from, to)) {
            batches.verify();
            mapping.trusted().add(from, to);
        }
    }

    private boolean fits(int bytes) {
        return bytes <= maxBytes - totalBytes || (count == 0 && atLeastOne);
    }

    private void add(SegmentMapping mapping, BatchCursor cursor, long lastOffset) {
        if (mappings.isEmpty() || mappings.get(mappings.size() - 1) != mapping) {
            mapping.retain();
            mappings.add(mapping);
        }
        if (count == positions.length) {
            mappingOf = Arrays.copyOf(mappingOf, count * 2);
            positions = Arrays.copyOf(positions, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
        }
        mappingOf[count] = mappings.size() - 1;
        positions[count] = cursor.position() + Excerpts.HEADER_BYTES;
        sizes[count] = cursor.sizeInBytes();
        count++;
        totalBytes += cursor.sizeInBytes();
        nextOffset = lastOffset + 1;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The answer; the collector's references go with it. */
    LogSlices toSlices() {
        if (count == 0) {
            return LogSlices.EMPTY;
        }
        boolean small = count >= MIN_COPIED_BATCHES && totalBytes / count < COPIED_AVERAGE_BYTES;
        return small ? copied() : sliced();
    }

    private LogSlices sliced() {
        return new MappedSlices(new BatchPlaces(mappings, mappingOf, positions, sizes, count), totalBytes, nextOffset);
    }

    private LogSlices copied() {
        ByteBuffer buffer = copies.acquire(totalBytes);
        int at = 0;
        for (int i = 0; i < count; i++) {
            long position = positions[i];
            buffer.put(at, mappings.get(mappingOf[i]).view(position), SegmentMapping.indexOf(position), sizes[i]);
            at += sizes[i];
        }
        release();
        return new CopiedSlices(buffer, totalBytes, nextOffset, copies);
    }

    /** Gives the references back, if there will be no answer. */
    void release() {
        mappings.forEach(SegmentMapping::release);
        mappings.clear();
    }
}
