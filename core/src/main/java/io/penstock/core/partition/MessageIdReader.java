package io.penstock.core.partition;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.dedup.MessageIds;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.RecordScan;
import io.penstock.storage.batch.UnpackBuffers;
import io.penstock.storage.batch.UnpackedRecords;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the message ids of batches that are in a log, where offsets may be missing. Not for an event loop. Owned by one task at a time.
 */
public final class MessageIdReader {
    private final byte[] header;
    private final IdCollector ids = new IdCollector();
    private final UnpackBuffers buffers = new UnpackBuffers();

    public MessageIdReader(DedupConfig config) {
        header = config.headerBytes();
    }

    /**
     * The ids by place in the batch, which is the distance to its base offset.
     *
     * @param batch position to limit is one v2 batch with a right checksum; not changed
     * @return null if no record has one
     * @throws io.penstock.storage.batch.CorruptBatchException the records cannot be read
     */
    public @Nullable MessageIds read(ByteBuffer batch) {
        ids.start(header, BatchHeader.lastOffsetDelta(batch, batch.position()) + 1);
        try (UnpackedRecords records = new UnpackedRecords(batch, RecordScan.DEFAULT_MAX_UNPACKED_BYTES, buffers)) {
            while (records.advance()) {
                ByteBuffer id = records.lastHeader(header);
                if (id != null) {
                    ids.see(records.offsetDelta(), id);
                }
            }
        }
        return ids.finish();
    }
}
