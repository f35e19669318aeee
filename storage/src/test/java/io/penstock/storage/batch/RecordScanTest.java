package io.penstock.storage.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.fixture.Damage;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordScanTest {
    private static final long ALL = Long.MAX_VALUE;
    private final RecordScan scan = new RecordScan();

    @AfterEach
    void close() {
        scan.close();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldFindTheFirstRecordInTime(CompressionType compression) {
        // given
        ByteBuffer batch = at(100, RecordBatches.withTimestamps(compression, 50, 30, 70, 60));

        // when, then
        assertThat(scan.firstAtOrAfter(batch, 40, 0, ALL)).isEqualTo(new TimestampedOffset(50, 100, 3));
        assertThat(scan.firstAtOrAfter(batch, 51, 0, ALL)).isEqualTo(new TimestampedOffset(70, 102, 3));
        assertThat(scan.firstAtOrAfter(batch, 71, 0, ALL)).isNull();
        assertThat(scan.firstAtOrAfter(batch, 55, 103, ALL)).isEqualTo(new TimestampedOffset(60, 103, 3));
        assertThat(scan.firstAtOrAfter(batch, 51, 0, 102)).isNull();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldFindTheFirstRecordOfTheLargestTime(CompressionType compression) {
        // given
        ByteBuffer batch = at(100, RecordBatches.withTimestamps(compression, 50, 70, 30, 70));

        // when, then
        assertThat(scan.maxTimestamp(batch, 0, ALL)).isEqualTo(new TimestampedOffset(70, 101, 3));
        assertThat(scan.maxTimestamp(batch, 0, 101)).isEqualTo(new TimestampedOffset(50, 100, 3));
        assertThat(scan.maxTimestamp(batch, 102, ALL)).isEqualTo(new TimestampedOffset(70, 103, 3));
        assertThat(scan.maxTimestamp(batch, 104, ALL)).isNull();
    }

    @Test
    void shouldAnswerNothingForRecordsWithoutTimestamps() {
        // given
        ByteBuffer batch = RecordBatches.withTimestamps(-1, -1);

        // when, then
        assertThat(scan.maxTimestamp(batch, 0, ALL)).isNull();
        assertThat(scan.firstAtOrAfter(batch, 0, 0, ALL)).isNull();
    }

    @Test
    void shouldNotInflateABombIntoMemory() {
        // given: 400 MiB of zeros in some 400 KiB
        ByteBuffer bomb =
                RecordBatches.batch(CompressionType.GZIP, -1, -1, -1, false, new SimpleRecord(50, new byte[400 << 20]));

        // when
        long allocated = Damage.allocatedBytes(() -> scan.maxTimestamp(bomb, 0, ALL));

        // then
        assertThat(scan.maxTimestamp(bomb, 0, ALL)).isEqualTo(new TimestampedOffset(50, 0, -1));
        assertThat(allocated).isLessThan(1 << 20);
    }

    @Test
    void shouldGiveUpOnABatchThatUnpacksToTooMuch() {
        // given
        ByteBuffer batch = RecordBatches.batch(
                CompressionType.ZSTD,
                -1,
                -1,
                -1,
                false,
                new SimpleRecord(50, new byte[1 << 20]),
                new SimpleRecord(60, new byte[1]));

        // when, then
        try (RecordScan narrow = new RecordScan(1 << 19)) {
            assertThatThrownBy(() -> narrow.maxTimestamp(batch, 0, ALL))
                    .isInstanceOf(CorruptBatchException.class)
                    .hasMessageContaining("unpacks to more than");
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldMeetDamageWithItsOwnExceptionOnly(CompressionType compression) throws Exception {
        // given
        byte[] intact = RecordBatches.bytes(RecordBatches.withTimestamps(compression, 10, 20, 30, 40, 50));

        // when, then
        Damage.Check neverWorse = (damaged, what) -> scanQuietly(damaged);
        Damage.flipEveryBit(intact, neverWorse);
        Damage.lieEverywhere(intact, neverWorse);
        Damage.cutEverywhere(intact, neverWorse);
    }

    /** Not snappy: its library believes what a block declares, which is for whoever lets batches in to check. */
    @ParameterizedTest
    @EnumSource(names = "SNAPPY", mode = EnumSource.Mode.EXCLUDE)
    void shouldMeetRubbishWithARightChecksumWithItsOwnExceptionOnly(CompressionType compression) {
        // given
        Random random = new Random(42);
        byte[] header = Arrays.copyOf(
                RecordBatches.bytes(RecordBatches.withTimestamps(compression, 10, 20, 30)), BatchHeader.HEADER_BYTES);

        for (int i = 0; i < 2000; i++) {
            // when
            byte[] rubbish = Arrays.copyOf(header, header.length + random.nextInt(200));
            for (int at = header.length; at < rubbish.length; at++) {
                rubbish[at] = (byte) random.nextInt();
            }
            ByteBuffer batch = ByteBuffer.wrap(rubbish);
            batch.putInt(BatchHeader.LENGTH, rubbish.length - BatchHeader.LOG_OVERHEAD);
            batch.putInt(BatchHeader.CRC, (int) BatchHeader.computeCrc(batch, 0));

            // then
            scanQuietly(rubbish);
        }
    }

    private void scanQuietly(byte[] damaged) {
        if (damaged.length < BatchHeader.HEADER_BYTES) {
            return; // a log never hands out less than a header
        }
        try {
            scan.maxTimestamp(ByteBuffer.wrap(damaged), 0, ALL);
            scan.firstAtOrAfter(ByteBuffer.wrap(damaged), 25, 0, ALL);
        } catch (CorruptBatchException e) {
            assertThat(e).hasMessageContaining("batch");
        }
    }

    private static ByteBuffer at(long baseOffset, ByteBuffer batch) {
        BatchHeader.putBaseOffset(batch, 0, baseOffset);
        BatchHeader.putLeaderEpoch(batch, 0, 3);
        return batch;
    }
}
