package io.penstock.storage.contract;

import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.fixture.KeyedBatches;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What compaction leaves of transactions. */
interface TransactionCompactionContract extends LogContract {
    long NOW_MS = RecordBatches.TIMESTAMP_MS + 1_000_000;
    long RETENTION_MS = 60_000;

    private static LogConfig compacting(int segmentBytes) {
        return LogHarness.segmentsOf(segmentBytes)
                .withCompaction(new CompactionConfig(true, RETENTION_MS, 0, 0, Long.MAX_VALUE, 1 << 20));
    }

    private void compact(long nowMs) {
        CompactionBudget budget =
                new CompactionBudget(harness().threads().context().disk(), 1 << 20, 0.9, IoThrottle.NONE);
        long end = harness().log().producers().lastStableOffset(harness().log().endOffset());
        harness().await(harness().log().compact(nowMs, end, budget));
        harness().threads().runAll();
    }

    private void put(long producerId, int epoch, int sequence, SimpleRecord... records) {
        harness()
                .append(RecordBatches.batch(
                        CompressionType.NONE, producerId, epoch, sequence, producerId >= 0, records));
    }

    /** Makes all that is there a part of sealed segments, and dirty. */
    private void roll() {
        harness().log().reconfigure(compacting(100));
        put(-1, -1, -1, record("roll", "x".repeat(100)));
        harness().log().reconfigure(compacting(1 << 20));
        harness().threads().runAll();
    }

    private List<Long> baseOffsets() {
        return harness().readAll().stream()
                .map(batch -> BatchHeader.baseOffset(batch, 0))
                .toList();
    }

    private List<Entry> data() {
        return KeyedBatches.entries(harness().readAll().stream()
                .filter(batch -> !BatchHeader.isControl(batch, 0))
                .toList());
    }

    @Test
    default void shouldRemoveAbortedRecordsAndNotLetThemHideOthers() {
        // given
        harness().open(compacting(1 << 20));
        put(-1, -1, -1, record("a", "kept"));
        put(7, 0, 0, record("a", "aborted"));
        harness().append(RecordBatches.abortMarker(7, 1, 0));
        put(7, 1, 0, record("b", "committed"));
        harness().append(RecordBatches.commitMarker(7, 2, 0));
        roll();

        // when
        compact(NOW_MS);

        // then
        assertThat(data()).extracting(Entry::value).startsWith("kept", "committed");
        roll();
        compact(NOW_MS);
        assertThat(harness().log().abortedTransactions(0, 10)).isEmpty();
    }

    @Test
    default void shouldCompactCommittedRecordsAsOthers() {
        // given
        harness().open(compacting(1 << 20));
        put(7, 0, 0, record("a", "old"), record("b", "1"));
        harness().append(RecordBatches.commitMarker(7, 1, 0));
        put(7, 1, 0, record("a", "new"));
        harness().append(RecordBatches.commitMarker(7, 2, 0));
        roll();

        // when
        compact(NOW_MS);

        // then
        assertThat(data()).extracting(Entry::value).startsWith("1", "new");
    }

    @Test
    default void shouldKeepAMarkerUntilItsTransactionAndItsTimeAreOver() {
        // given: the transaction at 0 is aborted by 1
        harness().open(compacting(1 << 20));
        put(7, 0, 0, record("a", "1"));
        harness().append(RecordBatches.abortMarker(7, 1, 0));
        put(7, 1, 0, record("a", "2"));
        harness().append(RecordBatches.commitMarker(7, 2, 0));
        roll();

        // when, then: the first run has still seen the records, the second has not, the third is late enough
        compact(NOW_MS);
        assertThat(baseOffsets()).startsWith(1L, 2L, 3L);
        roll();
        compact(NOW_MS + 1);
        assertThat(baseOffsets()).startsWith(1L, 2L, 3L);
        roll();
        compact(NOW_MS + RETENTION_MS);
        assertThat(baseOffsets()).startsWith(1L);
        roll();
        compact(NOW_MS + 1 + RETENTION_MS);
        assertThat(baseOffsets()).startsWith(2L, 3L);
        harness().reopen();
        assertThat(baseOffsets()).startsWith(2L, 3L);
    }

    @Test
    default void shouldKeepTheAbortAndItsEntryWhileAProducersLastBatchIsLeft() {
        // given: version 1, the same epoch goes on, so the aborted batch holds the last sequence
        harness().open(compacting(1 << 20));
        put(7, 0, 0, record("a", "1"), record("b", "1"));
        harness().append(RecordBatches.abortMarker(7, 0, 0));
        roll();

        // when
        compact(NOW_MS);
        roll();
        compact(NOW_MS + 10 * RETENTION_MS);
        harness().reopen();

        // then
        List<ByteBuffer> left = harness().readAll();
        assertThat(BatchHeader.recordCount(left.get(0), 0)).isZero();
        assertThat(BatchHeader.isControl(left.get(1), 0)).isTrue();
        assertThat(harness().log().abortedTransactions(0, 2)).hasSize(1);
        assertThat(Objects.requireNonNull(harness().log().producers().find(7)).lastSequence())
                .isEqualTo(1);
        assertThat(harness().log().producers().firstOpenTransactionOffset()).isEqualTo(-1);
    }

    @Test
    default void shouldKeepTheMarkerThatIsAllThatIsKnownOfAProducer() {
        // given
        harness().open(compacting(1 << 20));
        put(7, 0, 0, record("a", "1"));
        harness().append(RecordBatches.commitMarker(7, 1, 3));
        put(-1, -1, -1, record("a", "2"));

        // when
        for (int i = 0; i < 3; i++) {
            roll();
            compact(NOW_MS + i * 2L * RETENTION_MS);
        }

        // then
        assertThat(baseOffsets()).startsWith(1L, 2L);
    }

    @Test
    default void shouldTouchNothingOfAnOpenTransaction() {
        // given
        harness().open(compacting(1 << 20));
        put(-1, -1, -1, record("a", "1"));
        roll();
        put(7, 0, 0, record("a", "open"), record("a", "open too"));
        roll();

        // when
        compact(NOW_MS);

        // then: the newest that is sure to stay is kept, too
        assertThat(data()).extracting(Entry::value).contains("1", "open", "open too");
    }

    @Test
    default void shouldKeepItsPromisesInRandomHistoriesOfTransactions() {
        runTransactions(6, 150);
    }

    @Test
    @Tag("slow")
    default void shouldKeepItsPromisesOverManyRandomHistoriesOfTransactions() {
        runTransactions(200, 200);
    }

    private void runTransactions(int count, int steps) {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        for (int i = 0; i < count; i++) {
            harness().close();
            new TransactionHistory(harness(), seed + i, "history " + i + " of -Dpenstock.seed=" + seed).run(steps);
        }
    }
}
