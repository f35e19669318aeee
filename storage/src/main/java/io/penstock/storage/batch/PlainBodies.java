package io.penstock.storage.batch;

import java.nio.ByteBuffer;

/** Of a batch that is not compressed: where they lie, without a copy. */
final class PlainBodies implements RecordBodies {
    private final ByteBuffer body;
    private final int end;

    /** @param records position to limit is what follows the batch's header; used from now on */
    PlainBodies(ByteBuffer records) {
        body = records;
        end = records.limit();
        body.limit(records.position());
    }

    @Override
    public ByteBuffer next() {
        body.position(body.limit()).limit(end);
        int bytes = Varints.readInt(body);
        if (bytes < 0 || bytes > body.remaining()) {
            throw new IllegalArgumentException("record of " + bytes + " bytes with " + body.remaining() + " left");
        }
        return body.limit(body.position() + bytes);
    }

    @Override
    public void close() {
        // The memory is the batch's.
    }
}
