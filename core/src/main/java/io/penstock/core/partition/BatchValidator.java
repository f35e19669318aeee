package io.penstock.core.partition;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.dedup.MessageIds;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchVerdict.TooMuchWork;
import io.penstock.core.partition.BatchVerdict.Valid;
import io.penstock.storage.batch.BatchHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Judges a record batch that somebody wants to append, as Kafka's broker does, and brings its timestamps and compression into
 * the topic's form. Never allocates per record and never unpacks a batch into memory.
 *
 * <p>Stricter than Kafka where Kafka fails with an unknown error or stores what no honest client sends: unreadable compressed
 * data and offset deltas that do not count up are INVALID_RECORD, records that unpack beyond the limit MESSAGE_TOO_LARGE.
 *
 * <p>Holds scratch buffers: owned by one thread at a time.
 */
public final class BatchValidator {
    private static final byte MAGIC = 2;
    private static final int KNOWN_COMPRESSIONS = 5;
    /** No batch of any format Kafka ever had is smaller. */
    private static final int MIN_ANY_FORMAT_BYTES = BatchHeader.LOG_OVERHEAD + 14;
    /** How many uncompressed bytes cost as much as one byte to unpack. */
    private static final int PLAIN_PER_PACKED = 4;
    /** How many times as much work it is to look at a batch and take the hash of its message ids. */
    private static final int IDS_WORK = 16;
    /** No bound on the work: for calls off the event loop. */
    public static final long UNLIMITED_WORK = Long.MAX_VALUE / PLAIN_PER_PACKED;

    private final BufferSupplier buffers = BufferSupplier.create();
    private final RecordBytes bytes = new RecordBytes();
    private final RecordRules rules = new RecordRules();
    private final PlainWalk plainWalk = new PlainWalk(rules);
    private final RecordWalk walk = new RecordWalk(bytes, rules);
    private final IdCollector ids = new IdCollector();

    /**
     * Judges one batch.
     *
     * @param batch position to limit should be exactly one v2 batch; neither position nor content is changed
     * @param nowMs wall-clock time
     * @param workLimitBytes answer {@link TooMuchWork} rather than unpack more than so many bytes of records, or look at more
     *     than {@value #PLAIN_PER_PACKED} times as many that are not compressed; where message ids are looked for, a part of that
     */
    public BatchVerdict validate(
            ByteBuffer batch, Origin origin, PartitionConfig config, long nowMs, long workLimitBytes) {
        return config.delivery().isKafka()
                ? judge(batch, origin, config, nowMs, workLimitBytes)
                : judgeByContract(batch, origin, config, nowMs, workLimitBytes);
    }

    private BatchVerdict judgeByContract(
            ByteBuffer batch, Origin origin, PartitionConfig config, long nowMs, long workLimitBytes) {
        boolean looksForIds = config.delivery().dedup() != null;
        BatchVerdict verdict =
                judge(batch, origin, config, nowMs, looksForIds ? workLimitBytes / IDS_WORK : workLimitBytes);
        if (!(verdict instanceof Valid valid) || origin != Origin.CLIENT) {
            return verdict;
        }
        BatchVerdict.Refused refusal = DeliveryRules.refuseBatch(valid.batch(), config.delivery(), valid.ids());
        return refusal == null ? verdict : refusal;
    }

    private BatchVerdict judge(
            ByteBuffer batch, Origin origin, PartitionConfig config, long nowMs, long workLimitBytes) {
        if (batch.remaining() <= config.maxBatchBytes() && batch.remaining() > workLimitBytes * PLAIN_PER_PACKED) {
            return TooMuchWork.INSTANCE; // the checksum alone would be
        }
        BatchVerdict.Refused refusal = checkHeader(batch, origin, config);
        if (refusal != null) {
            return refusal;
        }
        try {
            return checkRecords(batch, config, nowMs, workLimitBytes);
        } catch (BadRecordsException e) {
            return e.isTooMuchWork()
                    ? TooMuchWork.INSTANCE
                    : BatchVerdict.refused(e.error(), String.valueOf(e.getMessage()));
        } finally {
            bytes.clear();
        }
    }

    private static BatchVerdict.@Nullable Refused checkHeader(ByteBuffer batch, Origin origin, PartitionConfig config) {
        int at = batch.position();
        BatchVerdict.Refused refusal = checkFrame(batch, at, origin);
        if (refusal != null) {
            return refusal;
        }
        if (batch.remaining() > config.maxBatchBytes()) {
            return tooLarge(batch.remaining(), config);
        }
        if (!BatchHeader.crcMatches(batch, at)) {
            return refuse(
                    Errors.CORRUPT_MESSAGE, "Record is corrupt (stored crc = " + BatchHeader.crc(batch, at) + ")");
        }
        if (BatchHeader.compressionCode(batch, at) >= KNOWN_COMPRESSIONS) {
            return refuse(
                    Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    "Unknown compression type id: " + BatchHeader.compressionCode(batch, at));
        }
        return origin == Origin.CLIENT ? checkClientFields(batch, at) : null;
    }

    /** Exactly one whole batch of the only format that is taken. The order of the checks is Kafka's. */
    private static BatchVerdict.@Nullable Refused checkFrame(ByteBuffer batch, int at, Origin origin) {
        if (batch.remaining() < BatchHeader.LOG_OVERHEAD) {
            return invalid("Produce requests must have exactly one record batch per partition");
        }
        long sizeBytes = (long) BatchHeader.LOG_OVERHEAD + batch.getInt(at + BatchHeader.LENGTH);
        if (sizeBytes < MIN_ANY_FORMAT_BYTES) {
            return tooSmall(sizeBytes);
        }
        if (batch.remaining() <= BatchHeader.MAGIC) {
            return notOneBatch(sizeBytes, batch.remaining());
        }
        byte magic = BatchHeader.magic(batch, at);
        if (magic < 0 || magic > MAGIC) {
            return refuse(Errors.CORRUPT_MESSAGE, "Invalid magic found in record: " + magic);
        }
        if (magic != MAGIC) {
            return invalid("Produce requests may only contain record batches with magic version 2");
        }
        if (sizeBytes != batch.remaining()) {
            return notOneBatch(sizeBytes, batch.remaining());
        }
        if (sizeBytes < BatchHeader.HEADER_BYTES) {
            return tooSmall(sizeBytes);
        }
        return origin == Origin.CLIENT && BatchHeader.baseOffset(batch, at) != 0
                ? invalid("The baseOffset of the record batch should be 0, but it is "
                        + BatchHeader.baseOffset(batch, at))
                : null;
    }

    private static BatchVerdict.Refused tooSmall(long sizeBytes) {
        return refuse(
                Errors.CORRUPT_MESSAGE,
                "Record batch is corrupt (the size " + sizeBytes + " is smaller than the minimum allowed overhead "
                        + BatchHeader.HEADER_BYTES + ")");
    }

    private static BatchVerdict.Refused notOneBatch(long sizeBytes, int remaining) {
        return invalid("Produce requests must have exactly one whole record batch per partition: it says that it has "
                + sizeBytes + " bytes, " + remaining + " came");
    }

    private static BatchVerdict.@Nullable Refused checkClientFields(ByteBuffer batch, int at) {
        int lastOffsetDelta = BatchHeader.lastOffsetDelta(batch, at);
        int count = BatchHeader.recordCount(batch, at);
        if (count <= 0 || lastOffsetDelta != count - 1) {
            return invalid("Inconsistent batch: last offset delta " + lastOffsetDelta + ", count of records " + count);
        }
        if (BatchHeader.isControl(batch, at)) {
            return invalid("Clients are not allowed to write control records");
        }
        if (BatchHeader.hasDeleteHorizon(batch, at)) {
            return invalid("Clients are not allowed to set a delete horizon");
        }
        return checkProducer(batch, at);
    }

    private static BatchVerdict.@Nullable Refused checkProducer(ByteBuffer batch, int at) {
        long producerId = BatchHeader.producerId(batch, at);
        if (producerId == BatchHeader.NO_PRODUCER_ID) {
            return BatchHeader.isTransactional(batch, at)
                    ? invalid("Transactional records without a producer id")
                    : null;
        }
        if (producerId < 0) {
            return invalid("Invalid producer id " + producerId);
        }
        if (BatchHeader.baseSequence(batch, at) < 0) {
            return invalid("Invalid sequence number " + BatchHeader.baseSequence(batch, at)
                    + " in record batch with producerId " + producerId);
        }
        return BatchHeader.producerEpoch(batch, at) < 0 ? invalid("Invalid negative producer epoch") : null;
    }

    private BatchVerdict checkRecords(ByteBuffer batch, PartitionConfig config, long nowMs, long workLimitBytes) {
        int at = batch.position();
        rules.start(config, BatchHeader.isLogAppendTime(batch, at), nowMs);
        CompressionType source = CompressionType.forId(BatchHeader.compressionCode(batch, at));
        IdCollector collector = collector(batch, config);
        walkRecords(batch, source, config, workLimitBytes, collector);
        if (rules.isBroken()) {
            return rules.refusal();
        }
        BatchVerdict verdict = stored(batch, source, config, nowMs, workLimitBytes);
        MessageIds found = collector == null ? null : collector.finish();
        return found != null && verdict instanceof Valid valid ? valid.with(found) : verdict;
    }

    /** What takes the message ids out of the batch; null if nobody wants them. */
    private @Nullable IdCollector collector(ByteBuffer batch, PartitionConfig config) {
        DedupConfig dedup = config.delivery().dedup();
        int at = batch.position();
        if (dedup == null || BatchHeader.isControl(batch, at)) {
            return null;
        }
        int count = BatchHeader.recordCount(batch, at);
        if (count > dedup.maxBatchRecords()) {
            throw BadRecordsException.tooManyRecords(count, dedup.maxBatchRecords());
        }
        ids.start(dedup.headerBytes(), count);
        return ids;
    }

    /** The batch in the topic's form. */
    private BatchVerdict stored(
            ByteBuffer batch, CompressionType source, PartitionConfig config, long nowMs, long workLimitBytes) {
        int at = batch.position();
        // Control records are stored as the coordinator wrote them.
        boolean recompress = config.compression().changes(source) && !BatchHeader.isControl(batch, at);
        long maxTimestampMs = config.logAppendTime() ? nowMs : rules.maxTimestampMs();
        if (recompress) {
            return recompress(batch, source, config, maxTimestampMs, workLimitBytes);
        }
        boolean sameTimestamps = BatchHeader.isLogAppendTime(batch, at) == config.logAppendTime()
                && BatchHeader.maxTimestamp(batch, at) == maxTimestampMs;
        return new Valid(
                sameTimestamps ? batch : BatchRewrite.withTimestamps(batch, config.logAppendTime(), maxTimestampMs),
                config.logAppendTime() ? nowMs : -1);
    }

    private void walkRecords(
            ByteBuffer batch,
            CompressionType source,
            PartitionConfig config,
            long workLimitBytes,
            @Nullable IdCollector collector) {
        int at = batch.position();
        ByteBuffer records = batch.slice(at + BatchHeader.HEADER_BYTES, batch.remaining() - BatchHeader.HEADER_BYTES);
        int count = BatchHeader.recordCount(batch, at);
        long baseTimestampMs = BatchHeader.baseTimestamp(batch, at);
        if (source == CompressionType.NONE) {
            // Taking ids costs so much more that copying the records first does not matter.
            int walked = collector == null ? plainWalk.run(records, count, baseTimestampMs) : 0;
            bytes.start(records, workLimitBytes * PLAIN_PER_PACKED);
            walk.run(walked, count, baseTimestampMs, collector);
            return;
        }
        try (InputStream unpacked = open(records, source, config, workLimitBytes)) {
            bytes.start(unpacked, workLimitBytes, config.maxDecompressedBytes());
            walk.run(0, count, baseTimestampMs, collector);
        } catch (IOException e) {
            throw RecordBytes.unpackingFailed(e);
        }
    }

    /** The library unpacks a whole block before it hands out the first byte: judge by what the stream declares. */
    private static void checkSnappy(long unpackedBytes, long maxBytes, long workLimitBytes) {
        if (unpackedBytes > maxBytes) {
            throw BadRecordsException.tooLarge(maxBytes);
        }
        if (unpackedBytes > workLimitBytes) {
            throw BadRecordsException.tooMuchWork();
        }
    }

    private InputStream open(ByteBuffer records, CompressionType source, PartitionConfig config, long workLimitBytes) {
        if (source == CompressionType.SNAPPY) {
            checkSnappy(SnappyFraming.unpackedBytes(records), config.maxDecompressedBytes(), workLimitBytes);
        }
        try {
            return Compression.of(source).build().wrapForInput(records, MAGIC, buffers);
        } catch (RuntimeException e) { // the codecs read their headers in their constructors and wrap what they throw
            throw RecordBytes.unpackingFailed(e);
        }
    }

    private BatchVerdict recompress(
            ByteBuffer batch,
            CompressionType source,
            PartitionConfig config,
            long maxTimestampMs,
            long workLimitBytes) {
        Compression target = config.compression().codec();
        if (target == null) {
            throw new IllegalStateException("nothing to recompress to");
        }
        // Packing costs several times what unpacking does.
        if (bytes.position() > workLimitBytes / 4) {
            return TooMuchWork.INSTANCE;
        }
        ByteBuffer stored;
        try {
            stored = BatchRewrite.recompressed(
                    batch,
                    out -> copyRecords(batch, source, config, out),
                    target,
                    config.logAppendTime(),
                    maxTimestampMs);
        } catch (IOException e) {
            throw RecordBytes.unpackingFailed(e);
        }
        return stored.remaining() > config.maxBatchBytes()
                ? tooLarge(stored.remaining(), config)
                : new Valid(stored, config.logAppendTime() ? maxTimestampMs : -1);
    }

    private void copyRecords(ByteBuffer batch, CompressionType source, PartitionConfig config, OutputStream out)
            throws IOException {
        ByteBuffer records =
                batch.slice(batch.position() + BatchHeader.HEADER_BYTES, batch.remaining() - BatchHeader.HEADER_BYTES);
        try (InputStream unpacked = open(records, source, config, UNLIMITED_WORK)) {
            unpacked.transferTo(out);
        }
    }

    private static BatchVerdict.Refused tooLarge(int sizeBytes, PartitionConfig config) {
        return refuse(
                Errors.MESSAGE_TOO_LARGE,
                "The record batch size is " + sizeBytes + " bytes which exceeds the maximum configured value of "
                        + config.maxBatchBytes());
    }

    private static BatchVerdict.Refused invalid(String message) {
        return refuse(Errors.INVALID_RECORD, message);
    }

    private static BatchVerdict.Refused refuse(Errors error, String message) {
        return new BatchVerdict.Refused(error, message, List.of());
    }
}
