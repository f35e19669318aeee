package io.penstock.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.Verdict;
import org.junit.jupiter.api.Test;

/** Producers, transactions and the list of aborted ones. */
interface TransactionContract extends LogContract {

    @Test
    default void shouldKnowDuplicatesByTheirFirstOffset() {
        // given
        harness().append(RecordBatches.idempotent(1, 0, 0, 3));
        harness().append(RecordBatches.idempotent(1, 0, 3, 2));

        // when
        var check = harness().log().producers().check(1, (short) 0, 3, 4, true);

        // then
        assertThat(check.verdict()).isEqualTo(Verdict.DUPLICATE);
        assertThat(check.originalBaseOffset()).isEqualTo(3);
        assertThat(check.originalTimestampMs()).isEqualTo(RecordBatches.TIMESTAMP_MS);
    }

    @Test
    default void shouldListAbortedTransactionsThatOverlapARange() {
        // given: A [0..5], B [1..2] committed, C [3..4]
        harness().append(RecordBatches.transactional(10, 0, 0, 1));
        harness().append(RecordBatches.transactional(11, 0, 0, 1));
        harness().append(RecordBatches.commitMarker(11, 0, 0));
        harness().append(RecordBatches.transactional(12, 0, 0, 1));
        harness().append(RecordBatches.abortMarker(12, 0, 0));
        harness().append(RecordBatches.abortMarker(10, 0, 0));
        PartitionLog log = harness().log();
        AbortedTransaction a = new AbortedTransaction(10, 0, 5, 6);
        AbortedTransaction c = new AbortedTransaction(12, 3, 4, 0);

        // when, then
        assertThat(log.abortedTransactions(0, 6)).containsExactly(a, c);
        assertThat(log.abortedTransactions(0, 3)).containsExactly(a);
        assertThat(log.abortedTransactions(4, 6)).containsExactly(a, c);
        assertThat(log.abortedTransactions(5, 6)).containsExactly(a);
        assertThat(log.abortedTransactions(0, 0)).isEmpty();
    }

    @Test
    default void shouldListAbortedTransactionsWhoseMarkerIsSegmentsAway() {
        // given
        harness().open(LogHarness.segmentsOf(200));
        harness().append(RecordBatches.transactional(10, 0, 0, 1));
        harness().appendSingles(20);
        harness().append(RecordBatches.abortMarker(10, 0, 0));
        harness().appendSingles(20);

        // when
        PartitionLog log = harness().reopen();

        // then
        AbortedTransaction aborted = new AbortedTransaction(10, 0, 21, 22);
        assertThat(log.abortedTransactions(0, 1)).containsExactly(aborted);
        assertThat(log.abortedTransactions(5, 6)).containsExactly(aborted);
        assertThat(log.abortedTransactions(22, 42)).isEmpty();
    }

    @Test
    default void shouldForgetAnAbortWhoseMarkerIsTruncated() {
        // given
        PartitionLog log = harness().log();
        harness().append(RecordBatches.transactional(10, 0, 0, 1));
        harness().append(RecordBatches.abortMarker(10, 0, 0));

        // when
        harness().await(log.truncateTo(1));

        // then
        assertThat(log.abortedTransactions(0, 1)).isEmpty();
        assertThat(log.producers().firstOpenTransactionOffset()).isZero();
    }

    @Test
    default void shouldHoldTheStableOffsetUntilTheMarkerIsReplicated() {
        // given
        PartitionLog log = harness().log();
        harness().appendSingles(2);
        harness().append(RecordBatches.transactional(10, 0, 0, 3));
        assertThat(log.producers().lastStableOffset(5)).isEqualTo(2);

        // when
        harness().append(RecordBatches.commitMarker(10, 0, 0));

        // then
        assertThat(log.producers().firstOpenTransactionOffset()).isEqualTo(-1);
        assertThat(log.producers().lastStableOffset(5)).isEqualTo(2);
        assertThat(log.producers().lastStableOffset(6)).isEqualTo(6);
    }
}
