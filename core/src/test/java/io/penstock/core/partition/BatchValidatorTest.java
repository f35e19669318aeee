package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchVerdict.Refused;
import io.penstock.core.partition.BatchVerdict.Valid;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BatchValidatorTest extends ValidatorHarness {
    private static final long NOW_MS = BatchBytes.NOW_MS;

    // ---- the header

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                bad("base offset", Errors.INVALID_RECORD, batch -> batch.putLong(BatchHeader.BASE_OFFSET, 1)),
                bad("old magic", Errors.INVALID_RECORD, batch -> batch.put(BatchHeader.MAGIC, (byte) 1)),
                bad("future magic", Errors.CORRUPT_MESSAGE, batch -> batch.put(BatchHeader.MAGIC, (byte) 3)),
                bad(
                        "no records",
                        Errors.INVALID_RECORD,
                        batch -> batch.putInt(BatchHeader.RECORD_COUNT, 0).putInt(BatchHeader.LAST_OFFSET_DELTA, -1)),
                bad("negative count", Errors.INVALID_RECORD, batch -> batch.putInt(BatchHeader.RECORD_COUNT, -1)),
                bad("count and delta", Errors.INVALID_RECORD, batch -> batch.putInt(BatchHeader.LAST_OFFSET_DELTA, 5)),
                bad(
                        "count too high",
                        Errors.INVALID_RECORD,
                        batch -> batch.putInt(BatchHeader.RECORD_COUNT, 3).putInt(BatchHeader.LAST_OFFSET_DELTA, 2)),
                bad(
                        "count too low",
                        Errors.INVALID_RECORD,
                        batch -> batch.putInt(BatchHeader.RECORD_COUNT, 1).putInt(BatchHeader.LAST_OFFSET_DELTA, 0)),
                bad("control", Errors.INVALID_RECORD, batch -> batch.putShort(BatchHeader.ATTRIBUTES, (short) 0x20)),
                bad("horizon", Errors.INVALID_RECORD, batch -> batch.putShort(BatchHeader.ATTRIBUTES, (short) 0x40)),
                bad(
                        "codec",
                        Errors.UNSUPPORTED_COMPRESSION_TYPE,
                        batch -> batch.putShort(BatchHeader.ATTRIBUTES, (short) 5)),
                bad(
                        "no sequence",
                        Errors.INVALID_RECORD,
                        batch -> batch.putLong(BatchHeader.PRODUCER_ID, 7)
                                .putShort(BatchHeader.PRODUCER_EPOCH, (short) 0)),
                bad(
                        "no epoch",
                        Errors.INVALID_RECORD,
                        batch -> batch.putLong(BatchHeader.PRODUCER_ID, 7).putInt(BatchHeader.BASE_SEQUENCE, 0)),
                bad(
                        "transaction of nobody",
                        Errors.INVALID_RECORD,
                        batch -> batch.putShort(BatchHeader.ATTRIBUTES, (short) 0x10)),
                bad("not packed", Errors.INVALID_RECORD, batch -> batch.putShort(BatchHeader.ATTRIBUTES, (short) 1)));
    }

    private static Arguments bad(String what, Errors expected, Consumer<ByteBuffer> damage) {
        return Arguments.of(what, expected, damage);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badHeaders")
    void shouldRefuseBadHeader(String what, Errors expected, Consumer<ByteBuffer> damage) {
        // given
        ByteBuffer batch = BatchBytes.copy(RecordBatches.of("a", "b"));
        damage.accept(batch);
        BatchBytes.seal(batch);

        // when, then
        assertThat(refusal(batch, PartitionConfig.DEFAULT).error()).isEqualTo(expected);
    }

    @Test
    void shouldRefuseWrongChecksumAsCorrupt() {
        // given
        ByteBuffer batch = BatchBytes.copy(RecordBatches.of("a"));
        batch.put(batch.limit() - 2, (byte) 'b');

        // when, then
        assertThat(refusal(batch, PartitionConfig.DEFAULT).error()).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @Test
    void shouldRefuseAnythingButOneWholeBatch() {
        // given
        ByteBuffer one = RecordBatches.of("a");
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining())
                .put(one.duplicate())
                .put(one.duplicate())
                .flip();
        ByteBuffer lying = BatchBytes.copy(one).putInt(BatchHeader.LENGTH, Integer.MAX_VALUE);

        // when, then
        assertThat(refusal(two, PartitionConfig.DEFAULT).error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(refusal(lying, PartitionConfig.DEFAULT).error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(refusal(ByteBuffer.allocate(0), PartitionConfig.DEFAULT).error())
                .isEqualTo(Errors.INVALID_RECORD);
        for (int size = 1; size < one.remaining(); size++) {
            assertThat(judge(one.slice(0, size), PartitionConfig.DEFAULT)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void shouldLetCoordinatorWriteControlBatches() {
        // given
        ByteBuffer marker = BatchBytes.copy(RecordBatches.commitMarker(7, 0, 1));
        PartitionConfig recompressing = Configs.with(BatchCompression.gzip(1));

        // when
        BatchVerdict verdict =
                validator.validate(marker, Origin.COORDINATOR, recompressing, NOW_MS, BatchValidator.UNLIMITED_WORK);

        // then
        assertThat(verdict).isEqualTo(new Valid(marker, -1));
    }

    @Test
    void shouldReadBatchThatStartsInTheMiddleOfItsBuffer() {
        // given
        ByteBuffer batch = RecordBatches.of("a", "b");
        ByteBuffer frame = ByteBuffer.allocateDirect(batch.remaining() + 20).position(13);
        frame.put(batch.duplicate()).limit(frame.position()).position(13);

        // when
        BatchVerdict verdict = judge(frame.asReadOnlyBuffer(), PartitionConfig.DEFAULT);

        // then
        assertThat(verdict).isInstanceOf(Valid.class);
        assertThat(frame.position()).isEqualTo(13);
    }

    // ---- size

    @Test
    void shouldRefuseBatchAboveMaxMessageBytes() {
        // given
        ByteBuffer batch = RecordBatches.ofValueBytes(1000, NOW_MS);

        // when, then
        assertThat(refusal(batch, Configs.withMaxBatchBytes(batch.remaining() - 1))
                        .error())
                .isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(judge(batch, Configs.withMaxBatchBytes(batch.remaining()))).isInstanceOf(Valid.class);
    }

    @Test
    void shouldCheckSizeAgainAfterRecompression() {
        // given
        ByteBuffer packed = RecordBatches.batch(
                CompressionType.GZIP, -1, -1, -1, false, new SimpleRecord(NOW_MS, new byte[100_000]));
        PartitionConfig plain = Configs.with(BatchCompression.NONE, 10_000);

        // when, then
        assertThat(packed.remaining()).isLessThan(10_000);
        assertThat(refusal(packed, plain).error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    // ---- keys and timestamps

    @Test
    void shouldNameEveryKeylessRecordOfCompactedTopic() {
        // given
        ByteBuffer batch = RecordBatches.batch(
                CompressionType.NONE,
                -1,
                -1,
                -1,
                false,
                new SimpleRecord(NOW_MS, null, new byte[1]),
                new SimpleRecord(NOW_MS, new byte[1], new byte[1]),
                new SimpleRecord(NOW_MS, null, new byte[1]));

        // when
        Refused refused = refusal(batch, Configs.compacted());

        // then
        assertThat(refused.error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(refused.recordErrors())
                .extracting(AppendResult.RecordError::batchIndex)
                .containsExactly(0, 2);
        assertThat(refused.recordErrors().get(0).message()).contains("without key");
    }

    @Test
    void shouldBoundTheListOfRecordErrors() {
        // given
        SimpleRecord[] records = new SimpleRecord[5_000];
        java.util.Arrays.setAll(records, i -> new SimpleRecord(NOW_MS, null, new byte[1]));
        ByteBuffer batch = RecordBatches.batch(CompressionType.NONE, -1, -1, -1, false, records);

        // when, then
        assertThat(refusal(batch, Configs.compacted()).recordErrors()).hasSize(RecordRules.MAX_RECORD_ERRORS);
    }

    @Test
    void shouldRefuseTimestampsOutsideOfTheLimits() {
        // given
        PartitionConfig limits = Configs.withTimestampLimits(1_000, 500);

        // when, then
        assertThat(judge(RecordBatches.withTimestamps(NOW_MS - 1_000, NOW_MS + 500), limits))
                .isInstanceOf(Valid.class);
        Refused late = refusal(RecordBatches.withTimestamps(NOW_MS, NOW_MS - 1_001), limits);
        assertThat(late.error()).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(late.recordErrors())
                .extracting(AppendResult.RecordError::batchIndex)
                .containsExactly(1);
        assertThat(refusal(RecordBatches.withTimestamps(NOW_MS + 501), limits).error())
                .isEqualTo(Errors.INVALID_TIMESTAMP);
    }

    @Test
    void shouldTakeRecordsWithoutTimestamp() {
        // given
        ByteBuffer batch = RecordBatches.withTimestamps(-1, -1);

        // when, then
        assertThat(judge(batch, Configs.withTimestampLimits(0, 0))).isEqualTo(new Valid(batch, -1));
    }

    @Test
    void shouldRefuseLogAppendTimeSetByClient() {
        // given
        ByteBuffer batch = RecordBatches.withLogAppendTime(NOW_MS, 2);

        // when, then
        assertThat(refusal(batch, PartitionConfig.DEFAULT).error()).isEqualTo(Errors.INVALID_TIMESTAMP);
        assertThat(refusal(batch, Configs.logAppendTime()).error()).isEqualTo(Errors.INVALID_TIMESTAMP);
    }

    @Test
    void shouldStampTimeOnLogAppendTimeTopic() {
        // given
        ByteBuffer batch = RecordBatches.withTimestamps(5, 6);

        // when
        Valid stamped = valid(batch, Configs.logAppendTime());

        // then
        assertThat(stamped.logAppendTimeMs()).isEqualTo(NOW_MS);
        RecordBatch stored = MemoryRecords.readableRecords(stamped.batch()).firstBatch();
        assertThat(stored).isNotNull();
        assertThat(stored.isValid()).isTrue();
        assertThat(stored.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(stored).allSatisfy(record -> assertThat(record.timestamp()).isEqualTo(NOW_MS));
    }

    @Test
    void shouldCorrectLargestTimestampOfProducer() {
        // given
        ByteBuffer batch = BatchBytes.copy(RecordBatches.withTimestamps(NOW_MS - 5, NOW_MS));
        batch.putLong(BatchHeader.MAX_TIMESTAMP, NOW_MS + 1_000_000);
        BatchBytes.seal(batch);

        // when
        ByteBuffer stored = valid(batch, PartitionConfig.DEFAULT).batch();

        // then
        assertThat(BatchHeader.maxTimestamp(stored, 0)).isEqualTo(NOW_MS);
        assertThat(BatchHeader.crcMatches(stored, 0)).isTrue();
        assertThat(BatchHeader.maxTimestamp(batch, 0)).as("the producer's own").isEqualTo(NOW_MS + 1_000_000);
    }
}
