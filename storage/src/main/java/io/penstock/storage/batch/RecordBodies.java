package io.penstock.storage.batch;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The records of one batch without their length prefix, one after the other. Owned by {@link UnpackedRecords}. */
interface RecordBodies extends Closeable {
    /**
     * The next one, from position to limit, good until the one after it is asked for.
     *
     * @throws IOException or RuntimeException: it cannot be read; decompressors throw what they like
     */
    ByteBuffer next() throws IOException;
}
