package io.penstock.storage.producer;

import static io.penstock.storage.fixture.RecordBatches.abortMarker;
import static io.penstock.storage.fixture.RecordBatches.commitMarker;
import static io.penstock.storage.fixture.RecordBatches.transactional;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import io.penstock.storage.producer.ProducerStates.Verdict;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Transactions, their markers, and the last stable offset. */
class ProducerTransactionsTest {
    private static final long PRODUCER = 42;

    private final ProducerStateTable table = new ProducerStateTable(0);

    @Test
    void shouldStartFromZeroAfterAMarkerThatBumpsTheEpoch() {
        // given
        append(transactional(PRODUCER, 3, 0, 5));
        append(commitMarker(PRODUCER, 4, 9));

        // when, then
        assertThat(check(4, 0, 1)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(4, 5, 6)).isEqualTo(Verdict.OUT_OF_ORDER);
        assertThat(check(3, 5, 6)).isEqualTo(Verdict.STALE_EPOCH);
        assertThat(table.find(PRODUCER))
                .isEqualTo(new ProducerState(PRODUCER, (short) 4, 9, -1, RecordBatches.TIMESTAMP_MS, -1));
    }

    @Test
    void shouldGoOnAfterAMarkerOfTheSameEpoch() {
        // given
        append(transactional(PRODUCER, 3, 0, 5));
        append(abortMarker(PRODUCER, 3, 9));

        // when, then
        assertThat(check(3, 5, 6)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(3, 0, 4)).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void shouldTellWhichTransactionAMarkerAborted() {
        // given
        append(transactional(1, 0, 0, 2));
        append(transactional(2, 0, 0, 3));
        append(transactional(1, 0, 2, 2));

        // when
        AbortedTransaction second = append(abortMarker(2, 0, 0));
        AbortedTransaction first = append(abortMarker(1, 0, 0));
        AbortedTransaction again = append(abortMarker(1, 0, 0));

        // then
        assertThat(second).isEqualTo(new AbortedTransaction(2, 2, 7, 0));
        assertThat(first).isEqualTo(new AbortedTransaction(1, 0, 8, 9));
        assertThat(again).isNull();
    }

    @Test
    void shouldTellNothingOfACommit() {
        append(transactional(1, 0, 0, 2));
        assertThat(append(commitMarker(1, 0, 0))).isNull();
    }

    @Test
    void shouldRememberTheEpochOfAMarkerFromAnUnknownProducer() {
        // when
        append(abortMarker(PRODUCER, 6, 2));

        // then
        assertThat(check(5, 0, 1)).isEqualTo(Verdict.STALE_EPOCH);
        assertThat(check(6, 0, 1)).isEqualTo(Verdict.ACCEPTED);
        assertThat(check(6, 3, 4)).isEqualTo(Verdict.OUT_OF_ORDER);
    }

    @Test
    void shouldHoldTheStableOffsetAtTheOldestOpenTransaction() {
        // given
        append(RecordBatches.of("a", "b"));
        append(transactional(1, 0, 0, 2));
        append(transactional(2, 0, 0, 2));

        // when, then
        assertThat(table.firstOpenTransactionOffset()).isEqualTo(2);
        assertThat(table.lastStableOffset(1)).isEqualTo(1);
        assertThat(table.lastStableOffset(6)).isEqualTo(2);
    }

    @Test
    void shouldHoldTheStableOffsetUntilTheMarkerIsBelowTheHighWatermark() {
        // given: 1 is [0..4], 2 is [2..6]
        append(transactional(1, 0, 0, 2));
        append(transactional(2, 0, 0, 2));
        append(commitMarker(1, 0, 0));
        append(RecordBatches.of("a"));
        append(abortMarker(2, 0, 0));

        // when, then
        assertThat(table.lastStableOffset(4)).isZero();
        assertThat(table.lastStableOffset(5)).isEqualTo(2);
        assertThat(table.lastStableOffset(6)).isEqualTo(2);
        assertThat(table.lastStableOffset(7)).isEqualTo(7);
    }

    @Test
    void shouldHoldTheStableOffsetAtATransactionThatOutlastsAYoungerOne() {
        // given: 1 is [0..4], 2 is [2..3]
        append(transactional(1, 0, 0, 2));
        append(transactional(2, 0, 0, 1));
        append(commitMarker(2, 0, 0));
        append(commitMarker(1, 0, 0));

        // when, then
        assertThat(table.lastStableOffset(3)).isZero();
        assertThat(table.lastStableOffset(4)).isZero();
        assertThat(table.lastStableOffset(5)).isEqualTo(5);
    }

    @Test
    void shouldNeverLetTheStableOffsetPassAnUndecidedRecordHoweverManyTransactionsEnded() {
        // given: more than are remembered one by one
        int transactions = 100_000;
        ByteBuffer data = transactional(1, 0, 0, 1);
        ByteBuffer marker = commitMarker(1, 0, 0);
        for (int i = 0; i < transactions; i++) {
            append(data);
            append(marker);
        }

        // when, then: transaction i is [2i..2i+1]
        for (long highWatermark = 0; highWatermark < 2L * transactions; highWatermark += 997) {
            assertThat(table.lastStableOffset(highWatermark)).isLessThanOrEqualTo(highWatermark / 2 * 2);
        }
        assertThat(table.lastStableOffset(2L * transactions)).isEqualTo(2L * transactions);
    }

    @Test
    void shouldNotExpireAProducerWithAnOpenTransaction() {
        // given
        append(transactional(1, 0, 0, 1));
        table.expire(0, 1000);

        // when, then
        assertThat(table.expire(1_000_000, 1000)).isZero();
        append(abortMarker(1, 0, 0));
        assertThat(table.expire(1_000_001, 1000)).isZero();
        assertThat(table.expire(1_001_001, 1000)).isEqualTo(1);
    }

    private @Nullable AbortedTransaction append(ByteBuffer batch) {
        return table.onAppended(batch, table.mapEndOffset());
    }

    private Verdict check(int epoch, int baseSequence, int lastSequence) {
        return table.check(PRODUCER, (short) epoch, baseSequence, lastSequence, true)
                .verdict();
    }
}
