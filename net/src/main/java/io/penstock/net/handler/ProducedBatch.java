package io.penstock.net.handler;

import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/**
 * What a client sent for one partition, looked at from outside: exactly one v2 batch, or why not. Reads headers only, and those
 * without trusting them.
 */
final class ProducedBatch {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final short FIRST_ZSTD_VERSION = 7;
    private static final int ZSTD = 4;
    private static final byte MAGIC_V2 = 2;
    /** Bytes after the length field of the smallest message of any format: crc, magic, attributes, key and value length. */
    private static final int SMALLEST_LENGTH = 14;

    private final ByteBuffer sent;

    private ProducedBatch(ByteBuffer sent) {
        this.sent = sent;
    }

    /** Null and anything else than memory count as no records at all. */
    static ProducedBatch of(@Nullable BaseRecords records) {
        return new ProducedBatch(records instanceof MemoryRecords memory ? memory.buffer() : NOTHING);
    }

    /** Why the records cannot be appended. */
    record Refusal(Errors error, String message) {}

    /** Null if {@link #batch} is worth asking the partition for. */
    @Nullable
    Refusal refusal(short version) {
        String which = "Produce requests with version " + version;
        int start = sent.position();
        if (sent.remaining() < BatchHeader.LOG_OVERHEAD) {
            return noBatch(which);
        }
        int length = sent.getInt(start + BatchHeader.LENGTH);
        if (length < SMALLEST_LENGTH) {
            return new Refusal(
                    Errors.CORRUPT_MESSAGE,
                    "Record size " + length + " is less than the minimum record overhead (" + SMALLEST_LENGTH + ")");
        }
        if (sent.remaining() <= BatchHeader.MAGIC || length > sent.remaining() - BatchHeader.LOG_OVERHEAD) {
            return noBatch(which);
        }
        byte magic = BatchHeader.magic(sent, start);
        if (magic < 0 || magic > MAGIC_V2) {
            return new Refusal(Errors.CORRUPT_MESSAGE, "Invalid magic found in record: " + magic);
        }
        if (magic != MAGIC_V2) {
            return new Refusal(
                    Errors.INVALID_RECORD, which + " are only allowed to contain record batches with magic version 2");
        }
        return wholeBatchRefusal(version, which, start, BatchHeader.LOG_OVERHEAD + length);
    }

    private static Refusal noBatch(String which) {
        return new Refusal(Errors.INVALID_RECORD, which + " must have at least one record batch per partition");
    }

    private @Nullable Refusal wholeBatchRefusal(short version, String which, int start, int sizeBytes) {
        if (sizeBytes < BatchHeader.HEADER_BYTES) {
            return new Refusal(Errors.CORRUPT_MESSAGE, "Record batch is shorter than its header: " + sizeBytes);
        }
        if (version < FIRST_ZSTD_VERSION && BatchHeader.compressionCode(sent, start) == ZSTD) {
            return new Refusal(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE, which + " are not allowed to use ZStandard compression");
        }
        return startsAnotherBatch(start + sizeBytes)
                ? new Refusal(
                        Errors.INVALID_RECORD,
                        which + " are only allowed to contain exactly one record batch per partition")
                : null;
    }

    /** As Kafka, a tail that cannot be a whole batch is cut off rather than refused. */
    private boolean startsAnotherBatch(int end) {
        int rest = sent.limit() - end;
        if (rest <= BatchHeader.MAGIC) {
            return false;
        }
        int length = sent.getInt(end + BatchHeader.LENGTH);
        return length < SMALLEST_LENGTH || length <= rest - BatchHeader.LOG_OVERHEAD;
    }

    /** Whether the first batch says that it belongs to a transaction; false if there is none. */
    boolean isTransactional() {
        return sent.remaining() >= BatchHeader.HEADER_BYTES
                && BatchHeader.magic(sent, sent.position()) == MAGIC_V2
                && BatchHeader.isTransactional(sent, sent.position());
    }

    /** Producer id and epoch of a batch that {@link #isTransactional}. */
    record Producer(long id, short epoch) {}

    Producer producer() {
        int start = sent.position();
        return new Producer(BatchHeader.producerId(sent, start), BatchHeader.producerEpoch(sent, start));
    }

    /** The batch alone; a view that shares the frame's memory. Only if there is no {@link #refusal}. */
    ByteBuffer batch() {
        return sent.slice(sent.position(), BatchHeader.sizeInBytes(sent, sent.position()));
    }
}
