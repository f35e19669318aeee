package io.penstock.storage.chronicle;

import java.nio.ByteBuffer;
import java.util.List;

/** Batches where they lie in mapped memory; the mappings stay until the last reference is given back. */
final class MappedSlices extends CountedSlices {
    private final List<SegmentMapping> mappings;

    /** @param mappings one reference to each, which this takes over */
    MappedSlices(List<ByteBuffer> buffers, int sizeBytes, long nextOffset, List<SegmentMapping> mappings) {
        super(buffers, sizeBytes, nextOffset);
        this.mappings = mappings;
    }

    @Override
    void free() {
        mappings.forEach(SegmentMapping::release);
    }
}
