package io.penstock.bench.zerocopy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Sends a segment whose pages are in memory, as answers of up to {@value #ANSWER_BYTES} bytes, or of one batch if that is larger. */
final class FetchPass implements Pass {
    static final int ANSWER_BYTES = 64 << 10;

    private final FetchPath path;
    private final Touch touch;
    private final Segment segment;
    private final Drain drain;
    private long sentBytes;

    FetchPass(FetchPath path, Touch touch, SegmentLayout layout, Path directory, ByteBuffer batch) throws IOException {
        this.path = path;
        this.touch = touch;
        this.segment = Segment.create(directory, layout, Math.max(ANSWER_BYTES, layout.batchBytes()));
        this.drain = Drain.open();
        segment.fill(batch);
    }

    @Override
    public void prepare() throws IOException {
        if (touch == Touch.FIRST) {
            segment.remap();
        }
    }

    /** Ends when the receiver has everything. */
    @Override
    public void run() throws IOException {
        SegmentLayout layout = segment.layout();
        int step = layout.batchesIn(ANSWER_BYTES);
        for (int first = 0; first < layout.batches(); first += step) {
            path.send(segment, first, Math.min(step, layout.batches() - first), drain.socket());
        }
        sentBytes += layout.payloadBytes();
        drain.await(sentBytes);
    }

    @Override
    public long receiverCpuNs() {
        return drain.readerCpuNs();
    }

    @Override
    public void close() throws IOException {
        drain.close();
        segment.close();
    }
}
