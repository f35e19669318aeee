package io.penstock.storage.producer;

import static io.penstock.storage.fixture.RecordBatches.abortMarker;
import static io.penstock.storage.fixture.RecordBatches.idempotent;
import static io.penstock.storage.fixture.RecordBatches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.file.DamagedSeals;
import io.penstock.storage.fixture.Damage;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.SequenceCheck;
import io.penstock.storage.producer.ProducerStates.Verdict;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sequences, expiry and snapshots. */
class ProducerStateTableTest {
    private static final long PRODUCER = 42;
    private static final int MAX = Integer.MAX_VALUE;

    private ProducerStateTable table = new ProducerStateTable(0);

    @Test
    void shouldAcceptAnySequenceFromAnUnknownProducer() {
        assertThat(check(0, 0, 4)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(3, 1234, 1238)).isEqualTo(Verdict.ACCEPTED);
        assertThat(table.find(PRODUCER)).isNull();
    }

    @Test
    void shouldAcceptOnlyTheNextSequence() {
        // given
        append(idempotent(PRODUCER, 0, 0, 5));

        // when, then
        assertThat(check(0, 5, 9)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(0, 6, 9)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(0, 3, 7)).isEqualTo(Verdict.OUT_OF_ORDER);
    }

    @Test
    void shouldTellTheOriginalOfEachOfTheLastFiveBatches() {
        // given
        for (int i = 0; i < 7; i++) {
            append(idempotent(PRODUCER, 0, 3 * i, 3));
        }

        // when, then
        for (int i = 2; i < 7; i++) {
            assertThat(table.check(PRODUCER, (short) 0, 3 * i, 3 * i + 2, true))
                    .isEqualTo(new SequenceCheck(Verdict.DUPLICATE, 3L * i, RecordBatches.TIMESTAMP_MS));
        }
        assertThat(check(0, 0, 2)).isEqualTo(Verdict.OLDER_DUPLICATE);
        assertThat(check(0, 3, 5)).isEqualTo(Verdict.OLDER_DUPLICATE);
        assertThat(check(0, 21, 23)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void shouldNotTakeOtherCutsOfKnownRecordsForDuplicates() {
        // given
        append(idempotent(PRODUCER, 0, 0, 5));
        append(idempotent(PRODUCER, 0, 5, 5));

        // when, then
        assertThat(check(0, 5, 8)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(0, 0, 9)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(0, 8, 12)).isEqualTo(Verdict.OUT_OF_ORDER);
    }

    @Test
    void shouldNotTakeABatchForOldThatReachesIntoWhatIsRemembered() {
        // given: 0 to 4 are forgotten, 5 to 29 remembered
        for (int i = 0; i < 6; i++) {
            append(idempotent(PRODUCER, 0, 5 * i, 5));
        }

        // when, then
        assertThat(check(0, 3, 5)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(0, 3, 4)).isEqualTo(Verdict.OLDER_DUPLICATE);
    }

    @Test
    void shouldWrapSequencesBetweenBatchesAndInsideOfThem() {
        // given
        append(idempotent(PRODUCER, 0, MAX - 4, 5));
        assertThat(check(0, 0, 3)).isEqualTo(Verdict.ACCEPTED);
        append(idempotent(PRODUCER, 0, 0, 4));

        // when, then
        assertThat(check(0, MAX - 4, MAX)).isEqualTo(Verdict.DUPLICATE);
        assertThat(check(0, MAX - 9, MAX - 5)).isEqualTo(Verdict.OLDER_DUPLICATE);
        assertThat(check(0, 4, 4)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(0, 5, 5)).isEqualTo(Verdict.OUT_OF_ORDER);
    }

    @Test
    void shouldKnowABatchThatWrapsInItsMiddle() {
        // given
        append(idempotent(PRODUCER, 0, MAX - 1, 4));

        // when, then
        assertThat(table.check(PRODUCER, (short) 0, MAX - 1, 1, true).verdict()).isEqualTo(Verdict.DUPLICATE);
        assertThat(table.check(PRODUCER, (short) 0, MAX - 1, 1, true).originalBaseOffset())
                .isZero();
        assertThat(check(0, 2, 2)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(0, 3, 3)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(0, MAX - 3, MAX - 2)).isEqualTo(Verdict.OLDER_DUPLICATE);
    }

    @Test
    void shouldAcceptANewEpochOnlyFromSequenceZero() {
        // given
        append(idempotent(PRODUCER, 3, 0, 5));

        // when, then
        assertThat(check(4, 0, 2)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(4, 5, 6)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(2, 5, 6)).isEqualTo(Verdict.STALE_EPOCH);
        assertThat(check(2, 0, 4)).isEqualTo(Verdict.STALE_EPOCH);
    }

    @Test
    void shouldForgetTheBatchesOfAnEarlierEpoch() {
        // given
        append(idempotent(PRODUCER, 3, 0, 5));
        append(idempotent(PRODUCER, 4, 0, 2));

        // when, then
        assertThat(check(4, 0, 4)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(4, 0, 1)).isEqualTo(Verdict.DUPLICATE);
        assertThat(check(4, 2, 2)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void shouldFenceOthersThanClientsByEpochOnly() {
        // given
        append(idempotent(PRODUCER, 3, 0, 5));

        // when, then
        assertThat(table.check(PRODUCER, (short) 3, -1, -1, false).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(table.check(PRODUCER, (short) 2, -1, -1, false).verdict()).isEqualTo(Verdict.STALE_EPOCH);
    }

    @Test
    void shouldKeepSequencesOverBatchesThatHaveNone() {
        // given
        append(idempotent(PRODUCER, 3, 0, 5));
        ByteBuffer unsequenced = transactional(PRODUCER, 3, 0, 1);
        unsequenced.putInt(BatchHeader.BASE_SEQUENCE, BatchHeader.NO_SEQUENCE);
        append(unsequenced);

        // when, then
        assertThat(check(3, 5, 5)).isEqualTo(Verdict.ACCEPTED);
        assertThat(table.firstOpenTransactionOffset()).isEqualTo(5);
    }

    @Test
    void shouldExpireIdleProducersByTheClockAndNotByTheirTimestamps() {
        // given: records of 1970 and without a time
        append(timed(1, 1000));
        append(timed(2, -1));
        append(timed(3, Long.MAX_VALUE));

        // when, then
        long now = 1_700_000_000_000L;
        assertThat(table.expire(now, 1000)).isZero();
        assertThat(table.expire(now + 999, 1000)).isZero();
        append(timed(2, -1));
        assertThat(table.expire(now + 1000, 1000)).isEqualTo(2);
        assertThat(table.find(2)).isNotNull();
        assertThat(table.expire(now + 1999, 1000)).isZero();
        assertThat(table.expire(now + 2000, 1000)).isEqualTo(1);
        assertThat(table.producerCount()).isZero();
    }

    @Test
    void shouldNotExpireWhenTheClockGoesBack() {
        // given
        append(idempotent(1, 0, 0, 1));
        table.expire(10_000, 1000);

        // when, then
        assertThat(table.expire(5000, 1000)).isZero();
        assertThat(table.expire(5999, 1000)).isZero();
        assertThat(table.expire(6000, 1000)).isEqualTo(1);
    }

    @Test
    void shouldNoteTheEndOfEveryBatch() {
        // given
        table = new ProducerStateTable(100);
        assertThat(table.mapEndOffset()).isEqualTo(100);

        // when, then
        append(RecordBatches.of("a", "b"));
        assertThat(table.mapEndOffset()).isEqualTo(102);
        append(idempotent(1, 0, 0, 3));
        assertThat(table.mapEndOffset()).isEqualTo(105);
    }

    @Test
    void shouldComeBackFromASnapshot() throws Exception {
        // given
        for (int i = 0; i < 8; i++) {
            append(idempotent(1, 0, 2 * i, 2));
        }
        append(transactional(2, 5, 0, 2));
        append(transactional(3, 5, 0, 2));
        append(abortMarker(3, 6, 7));
        append(idempotent(4, 1, MAX, 2));
        table.expire(1000, 50);

        // when
        ProducerStateTable restored = ProducerStateTable.fromSnapshot(table.toSnapshot());

        // then
        assertThat(restored.all()).containsExactlyInAnyOrderElementsOf(table.all());
        assertThat(restored.mapEndOffset()).isEqualTo(table.mapEndOffset());
        assertThat(restored.firstOpenTransactionOffset()).isEqualTo(16);
        for (int i = 0; i < 8; i++) {
            assertThat(restored.check(1, (short) 0, 2 * i, 2 * i + 1, true))
                    .isEqualTo(table.check(1, (short) 0, 2 * i, 2 * i + 1, true));
        }
        assertThat(restored.check(4, (short) 1, MAX, 0, true).verdict()).isEqualTo(Verdict.DUPLICATE);
        assertThat(restored.lastStableOffset(20)).isEqualTo(16);
        assertThat(restored.expire(1049, 50)).isZero();
        assertThat(restored.expire(1050, 50)).isEqualTo(3);
    }

    @Test
    void shouldNoticeDamageInASnapshot() throws Exception {
        // given
        append(idempotent(1, 0, 0, 2));
        append(idempotent(1, 0, 2, 2));
        append(transactional(2, 0, 0, 2));
        append(transactional(3, 0, 0, 2));
        append(abortMarker(3, 0, 0));

        // when, then
        DamagedSeals.assertNoticed(table.toSnapshot(), ProducerStateTable::fromSnapshot);
    }

    @Test
    void shouldHoldTwoHundredThousandProducersInLittleMemory() throws Exception {
        // given
        int producers = 200_000;
        ByteBuffer batch = idempotent(0, 0, 0, 1);

        // when
        long allocated = Damage.allocatedBytes(() -> {
            for (int id = 0; id < producers; id++) {
                batch.putLong(BatchHeader.PRODUCER_ID, id * 7919L);
                table.onAppended(batch, id);
            }
            return table;
        });

        // then: all of it together, with the garbage of growing
        assertThat(allocated / producers).isLessThan(200);
        assertThat(table.producerCount()).isEqualTo(producers);
        assertThat(table.find(7919L * 777)).isNotNull();
        assertThat(ProducerStateTable.fromSnapshot(table.toSnapshot()).producerCount())
                .isEqualTo(producers);
        table.expire(0, 1);
        assertThat(table.expire(1, 1)).isEqualTo(producers);
        assertThat(table.find(7919L * 777)).isNull();
    }

    private static ByteBuffer timed(long producerId, long timestampMs) {
        return RecordBatches.batch(
                CompressionType.NONE, producerId, 0, 0, false, new SimpleRecord(timestampMs, new byte[1]));
    }

    private @Nullable AbortedTransaction append(ByteBuffer batch) {
        return table.onAppended(batch, table.mapEndOffset());
    }

    private Verdict check(int epoch, int baseSequence, int lastSequence) {
        return table.check(PRODUCER, (short) epoch, baseSequence, lastSequence, true)
                .verdict();
    }
}
