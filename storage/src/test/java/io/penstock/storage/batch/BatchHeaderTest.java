package io.penstock.storage.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.fixture.Damage;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.junit.jupiter.api.Test;

class BatchHeaderTest {
    private static final int AT = 5;

    @Test
    void shouldReadEveryFieldAsKafkaDoes() {
        for (ByteBuffer batch : everyKind()) {
            // given
            MutableRecordBatch kafka = MemoryRecords.readableRecords(batch.duplicate())
                    .batches()
                    .iterator()
                    .next();
            kafka.setLastOffset(1_000_000_000_007L);
            kafka.setPartitionLeaderEpoch(77);

            // when: the batch stands in the middle of a larger buffer
            ByteBuffer buf = ByteBuffer.allocateDirect(batch.remaining() + 2 * AT);
            buf.put(AT, batch, 0, batch.remaining());

            // then
            assertThat(BatchHeader.baseOffset(buf, AT)).isEqualTo(kafka.baseOffset());
            assertThat(BatchHeader.lastOffset(buf, AT)).isEqualTo(kafka.lastOffset());
            assertThat(BatchHeader.sizeInBytes(buf, AT)).isEqualTo(kafka.sizeInBytes());
            assertThat(BatchHeader.leaderEpoch(buf, AT)).isEqualTo(77);
            assertThat(BatchHeader.magic(buf, AT)).isEqualTo(kafka.magic());
            assertThat(BatchHeader.crc(buf, AT)).isEqualTo(kafka.checksum());
            assertThat(BatchHeader.computeCrc(buf, AT)).isEqualTo(kafka.checksum());
            assertThat(BatchHeader.baseTimestamp(buf, AT)).isEqualTo(((DefaultRecordBatch) kafka).baseTimestamp());
            assertThat(BatchHeader.maxTimestamp(buf, AT)).isEqualTo(kafka.maxTimestamp());
            assertThat(BatchHeader.producerId(buf, AT)).isEqualTo(kafka.producerId());
            assertThat(BatchHeader.producerEpoch(buf, AT)).isEqualTo(kafka.producerEpoch());
            assertThat(BatchHeader.hasProducerId(buf, AT)).isEqualTo(kafka.hasProducerId());
            assertThat(BatchHeader.baseSequence(buf, AT)).isEqualTo(kafka.baseSequence());
            assertThat(BatchHeader.lastSequence(buf, AT)).isEqualTo(kafka.lastSequence());
            assertThat(BatchHeader.recordCount(buf, AT)).isEqualTo(kafka.countOrNull());
            assertThat(BatchHeader.isTransactional(buf, AT)).isEqualTo(kafka.isTransactional());
            assertThat(BatchHeader.isControl(buf, AT)).isEqualTo(kafka.isControlBatch());
            assertThat(BatchHeader.compressionCode(buf, AT)).isEqualTo(kafka.compressionType().id);
            assertThat(BatchHeader.isLogAppendTime(buf, AT))
                    .isEqualTo(kafka.timestampType() == TimestampType.LOG_APPEND_TIME);
            assertThat(BatchHeader.hasDeleteHorizon(buf, AT))
                    .isEqualTo(kafka.deleteHorizonMs().isPresent());
            assertThat(buf.position()).isZero();
            assertThat(buf.limit()).isEqualTo(buf.capacity());
        }
    }

    private static List<ByteBuffer> everyKind() {
        return List.of(
                RecordBatches.of("a", "b", "c"),
                RecordBatches.withTimestamps(CompressionType.GZIP, 5, 900, 7),
                RecordBatches.withTimestamps(CompressionType.SNAPPY, -1),
                RecordBatches.withTimestamps(CompressionType.LZ4, 1),
                RecordBatches.withTimestamps(CompressionType.ZSTD, 1, 2),
                RecordBatches.withLogAppendTime(1234, 2),
                RecordBatches.idempotent(1L << 40, 300, Integer.MAX_VALUE - 1, 4),
                RecordBatches.transactional(9, Short.MAX_VALUE, 0, 1),
                RecordBatches.commitMarker(9, 1, 3),
                RecordBatches.abortMarker(9, 1, 3));
    }

    @Test
    void shouldWrapSequencesToZero() {
        // given
        ByteBuffer batch = RecordBatches.idempotent(1, 0, Integer.MAX_VALUE, 3);

        // when, then
        assertThat(BatchHeader.lastSequence(batch, 0)).isEqualTo(1);
        assertThat(BatchHeader.sequenceAfter(Integer.MAX_VALUE, 1)).isZero();
        assertThat(BatchHeader.sequenceAfter(5, 0)).isEqualTo(5);
    }

    @Test
    void shouldPatchOffsetAndEpochWithoutTouchingTheChecksum() {
        // given
        ByteBuffer batch = RecordBatches.of("a", "b");

        // when
        BatchHeader.putBaseOffset(batch, 0, 123_456_789_012L);
        BatchHeader.putLeaderEpoch(batch, 0, 42);

        // then
        assertThat(BatchHeader.crcMatches(batch, 0)).isTrue();
        assertThat(BatchHeader.lastOffset(batch, 0)).isEqualTo(123_456_789_013L);
        assertThat(BatchHeader.leaderEpoch(batch, 0)).isEqualTo(42);
    }

    @Test
    void shouldNotTakeABatchForIntactWhenAnyCheckedBitIsFlipped() throws Exception {
        // given
        byte[] intact = RecordBatches.bytes(RecordBatches.idempotent(5, 1, 0, 2));
        assertThat(BatchHeader.isIntact(ByteBuffer.wrap(intact), 0)).isTrue();

        // when
        Damage.flipEveryBit(intact, (damaged, what) -> {
            boolean unchecked = what.matches(".* of byte ([0-7]|1[2-5]) flipped");

            // then
            assertThat(BatchHeader.isIntact(ByteBuffer.wrap(damaged), 0))
                    .as(what)
                    .isEqualTo(unchecked);
        });
    }

    @Test
    void shouldNotTakeABatchForIntactWhenItIsCutOrItsLengthLies() throws Exception {
        // given
        byte[] intact = RecordBatches.bytes(RecordBatches.of("a"));

        // when, then
        for (int length = 0; length < intact.length; length++) {
            assertThat(BatchHeader.isIntact(ByteBuffer.wrap(intact, 0, length), 0))
                    .isFalse();
        }
        Damage.lieEverywhere(intact, (damaged, what) -> BatchHeader.isIntact(ByteBuffer.wrap(damaged), 0));
    }

    @Test
    void shouldComplainAboutABufferThatIsTooShort() {
        assertThatThrownBy(() -> BatchHeader.recordCount(ByteBuffer.allocate(60), 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
