package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Stores the same batch, again and again, from the start of a segment to its end: a new one for each pass, or the same. */
final class StorePass implements Pass {
    private final StorePath path;
    private final Touch touch;
    private final SegmentLayout layout;
    private final Path directory;
    private final ByteBuffer batch;
    private Segment segment;

    StorePass(StorePath path, Touch touch, SegmentLayout layout, Path directory, ByteBuffer batch) throws IOException {
        this.path = path;
        this.touch = touch;
        this.layout = layout;
        this.directory = directory;
        this.batch = batch;
        this.segment = newSegment();
        segment.fill(batch);
    }

    private Segment newSegment() throws IOException {
        return Segment.create(directory, layout, layout.batchBytes());
    }

    @Override
    public void prepare() throws IOException {
        if (touch == Touch.FIRST) {
            segment.close();
            segment = newSegment();
        }
    }

    @Override
    public void run() throws IOException {
        for (int i = 0; i < layout.batches(); i++) {
            path.store(segment, i, batch);
            segment.putWord(i);
        }
    }

    @Override
    public void close() throws IOException {
        segment.close();
    }
}
