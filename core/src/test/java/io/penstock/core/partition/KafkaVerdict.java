package io.penstock.core.partition;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.function.Supplier;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.common.utils.PrimitiveRef;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogValidator;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.jspecify.annotations.Nullable;
import org.xerial.snappy.SnappyError;

/**
 * What Apache Kafka's broker says of a batch in a Produce request: its request check, its log's analysis of the header, and its
 * own validator class.
 *
 * @param stored what it would store; null if it refuses
 */
record KafkaVerdict(
        Errors error,
        @Nullable MemoryRecords stored,
        @Nullable Throwable cause) {

    static KafkaVerdict of(ByteBuffer batch, PartitionConfig config, long nowMs) {
        MemoryRecords records = MemoryRecords.readableRecords(BatchBytes.copy(batch));
        try {
            ProduceRequest.validateRecords((short) 12, records);
            CompressionType source = analyze(records, config);
            return new KafkaVerdict(Errors.NONE, validate(records, source, config, nowMs), null);
        } catch (RecordValidationException e) {
            return new KafkaVerdict(Errors.forException(e.invalidException()), null, e);
        } catch (ApiException e) {
            return new KafkaVerdict(Errors.forException(e), null, e);
        } catch (RuntimeException | SnappyError e) {
            return new KafkaVerdict(Errors.UNKNOWN_SERVER_ERROR, null, e);
        }
    }

    /** The checks of its log before the validator. */
    private static CompressionType analyze(MemoryRecords records, PartitionConfig config) {
        Iterator<MutableRecordBatch> batches = records.batches().iterator();
        MutableRecordBatch batch = batches.next();
        if (batch.baseOffset() != 0) {
            throw new InvalidRecordException("base offset");
        }
        if (batch.sizeInBytes() > config.maxBatchBytes()) {
            throw new RecordTooLargeException();
        }
        if (!batch.isValid()) {
            throw new CorruptRecordException();
        }
        return batch.compressionType();
    }

    private static MemoryRecords validate(
            MemoryRecords records, CompressionType source, PartitionConfig config, long nowMs) {
        Compression codec = config.compression().codec();
        Compression target = codec == null ? Compression.of(source).build() : codec;
        LogValidator validator = new LogValidator(
                records,
                new TopicPartition("topic", 0),
                new StoppedTime(nowMs),
                source,
                target,
                config.compacted(),
                RecordBatch.MAGIC_VALUE_V2,
                config.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                config.timestampBeforeMaxMs(),
                config.timestampAfterMaxMs(),
                0,
                AppendOrigin.CLIENT);
        MemoryRecords stored = validator
                .validateMessagesAndAssignOffsets(PrimitiveRef.ofLong(0), new NoMetrics(), BufferSupplier.NO_CACHING)
                .validatedRecords();
        if (stored.sizeInBytes() > config.maxBatchBytes()) {
            throw new RecordTooLargeException();
        }
        return stored;
    }

    /** A clock that stands still. */
    private record StoppedTime(long milliseconds) implements Time {
        @Override
        public long nanoseconds() {
            return 0;
        }

        @Override
        public void sleep(long ms) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void waitObject(Object object, Supplier<Boolean> condition, long deadlineMs) {
            throw new UnsupportedOperationException();
        }
    }

    private static final class NoMetrics implements LogValidator.MetricsRecorder {
        @Override
        public void recordInvalidMagic() {}

        @Override
        public void recordInvalidOffset() {}

        @Override
        public void recordInvalidSequence() {}

        @Override
        public void recordInvalidChecksums() {}

        @Override
        public void recordNoKeyCompactedTopic() {}
    }
}
