package io.penstock.bench.zerocopy;

import java.io.IOException;

/** All batches of a segment on one path, again and again. Used by one thread. */
interface Pass extends AutoCloseable {
    /** Makes ready for the next pass; not timed. */
    void prepare() throws IOException;

    /** Moves all batches once. */
    void run() throws IOException;

    /** Processor time of whoever receives, so far, in nanoseconds; 0 if nobody does. */
    default long receiverCpuNs() {
        return 0;
    }

    @Override
    void close() throws IOException;
}
