package io.penstock.storage.chronicle;

import io.penstock.storage.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;

/** Where batches lie in segments, in order. Immutable; looking at places touches no batch. */
final class BatchPlaces {
    private final List<SegmentMapping> mappings;
    private final int[] mappingOf;
    private final long[] positions;
    private final int[] sizes;
    private final int count;

    /**
     * Batch i has {@code sizes[i]} bytes at {@code positions[i]} of {@code mappings.get(mappingOf[i])}. The arrays may be longer than
     * {@code count}, and are not written any more.
     *
     * @param mappings the caller sees to it that they are referenced for as long as this is used
     */
    BatchPlaces(List<SegmentMapping> mappings, int[] mappingOf, long[] positions, int[] sizes, int count) {
        this.mappings = mappings;
        this.mappingOf = mappingOf;
        this.positions = positions;
        this.sizes = sizes;
        this.count = count;
    }

    int count() {
        return count;
    }

    List<ByteBuffer> buffers() {
        ByteBuffer[] buffers = new ByteBuffer[count];
        for (int i = 0; i < count; i++) {
            buffers[i] = mappings.get(mappingOf[i]).slice(positions[i], sizes[i]);
        }
        return List.of(buffers);
    }

    List<FileSlice> fileSlices() {
        FileSlice[] slices = new FileSlice[count];
        for (int i = 0; i < count; i++) {
            slices[i] = new FileSlice(mappings.get(mappingOf[i]).channel(), positions[i], sizes[i]);
        }
        return List.of(slices);
    }

    void releaseMappings() {
        mappings.forEach(SegmentMapping::release);
    }
}
