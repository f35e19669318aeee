package io.penstock.core.runtime;

import io.penstock.core.dedup.Screening;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.BatchVerdict.Valid;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.BatchRebuild;
import io.penstock.storage.batch.UnpackBuffers;
import io.penstock.storage.batch.UnpackedRecords;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;

/**
 * Leaves the records out of a batch that came before. What is left keeps offsets, as after a compaction: so the offsets that a client
 * counts up from the base offset are right for the new records, and an idempotent producer's sequence numbers go on behind the batch,
 * which is why its batch is written even if no record is left in it. Used once, by one thread at a time.
 */
final class DuplicateRemoval {
    /** Larger batches, and all that are compressed, are rebuilt on a worker. */
    private static final int QUICK_BYTES = 16 << 10;

    private final Valid valid;
    private final Screening screening;
    private final long maxUnpackedBytes;

    DuplicateRemoval(Valid valid, Screening screening, long maxUnpackedBytes) {
        this.valid = valid;
        this.screening = screening;
        this.maxUnpackedBytes = maxUnpackedBytes;
    }

    /** Another transaction decides whether the records are there; a code that every client answers by trying again. */
    static AppendResult undecided() {
        return AppendResult.refused(
                Errors.NOT_ENOUGH_REPLICAS,
                "A record with one of these message ids is part of another producer's open transaction; try again when"
                        + " it is decided");
    }

    /** Whether nothing is to be written at all. */
    boolean leavesNothing() {
        return screening.isAllDuplicates()
                && !BatchHeader.hasProducerId(valid.batch(), valid.batch().position());
    }

    /** What to answer if nothing is written. */
    AppendResult original(long logStartOffset) {
        return AppendResult.appended(
                screening.originalBaseOffset(),
                screening.originalLastOffset(),
                valid.logAppendTimeMs(),
                logStartOffset);
    }

    /** Whether {@link #run} may be called on an event loop. */
    boolean isQuick() {
        ByteBuffer batch = valid.batch();
        return screening.isAllDuplicates()
                || (batch.remaining() <= QUICK_BYTES && BatchHeader.compressionCode(batch, batch.position()) == 0);
    }

    /** The batch with what is new. */
    Valid run() {
        ByteBuffer left = screening.isAllDuplicates() ? BatchRebuild.empty(valid.batch()) : rebuild(valid.batch());
        return valid.with(screening, left);
    }

    private ByteBuffer rebuild(ByteBuffer batch) {
        BatchRebuild rebuilt = BatchRebuild.of(batch);
        try (UnpackBuffers buffers = new UnpackBuffers();
                UnpackedRecords records = new UnpackedRecords(batch, maxUnpackedBytes, buffers)) {
            while (records.advance()) {
                if (!screening.isDuplicate(records.offsetDelta())) {
                    rebuilt.add(records);
                }
            }
        }
        return rebuilt.build();
    }
}
