package io.penstock.storage.chronicle;

import io.penstock.storage.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches where they lie in segments, mapped and open as files; both stay until the last reference is given back. */
final class MappedSlices extends CountedSlices {
    /**
     * Batches of at least so many bytes on average are offered as ranges of their files. Measured, in processor time: with 16 KB a call of
     * sendfile for each costs nearly twice as much as one gathering write that copies them all; with 64 KB and 160 KB both cost the same
     * where the pages are mapped, so it is for those that nobody has touched that files are offered.
     */
    static final int MIN_FILE_AVERAGE_BYTES = 128 << 10;

    private final BatchPlaces places;
    /** Made when it is asked for, as readers want one of both; made twice if two threads ask at once. */
    private volatile @Nullable List<ByteBuffer> buffers;

    /** @param places with one reference to each mapping, which this takes over */
    MappedSlices(BatchPlaces places, int sizeBytes, long nextOffset) {
        super(sizeBytes, nextOffset);
        this.places = places;
    }

    @Override
    public List<ByteBuffer> buffers() {
        List<ByteBuffer> made = buffers;
        if (made == null) {
            made = places.buffers();
            buffers = made;
        }
        return made;
    }

    @Override
    public List<FileSlice> fileSlices() {
        return sizeBytes() / places.count() < MIN_FILE_AVERAGE_BYTES ? List.of() : places.fileSlices();
    }

    @Override
    void free() {
        places.releaseMappings();
    }
}
