package io.penstock.storage.contract;

import static io.penstock.storage.fixture.KeyedBatches.entries;
import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogSlices;
import io.penstock.storage.TimestampedOffset;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.compact.Cleanable;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.compact.CompactionFailedException;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.compact.CompactionReport.Outcome;
import io.penstock.storage.compact.NewestOffsets;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import io.penstock.storage.producer.ProducerStates.Verdict;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What compaction keeps, and that everything else works as before on a log with missing offsets. */
interface CompactionContract extends LogContract {
    long NOW_MS = RecordBatches.TIMESTAMP_MS + 1_000_000;
    long DELETE_RETENTION_MS = 60_000;

    /** Segments of about so many bytes, compacted as soon as anything is dirty. */
    static LogConfig compacting(int segmentBytes) {
        return LogHarness.segmentsOf(segmentBytes)
                .withCompaction(new CompactionConfig(true, DELETE_RETENTION_MS, 0, 0, Long.MAX_VALUE, 1 << 20));
    }

    /** Every key fits. */
    private CompactionBudget budget() {
        return budget(1 << 20);
    }

    private CompactionBudget budget(long tableBytes) {
        return new CompactionBudget(harness().threads().context().disk(), tableBytes, 0.9, IoThrottle.NONE);
    }

    private CompactionReport compact(long nowMs) {
        long end = harness().log().endOffset();
        CompactionReport report = harness().await(harness().log().compact(nowMs, end, budget()));
        harness().threads().runAll();
        return report;
    }

    private void put(SimpleRecord... records) {
        harness().append(RecordBatches.batch(CompressionType.NONE, -1, -1, -1, false, records));
    }

    /** Puts into the log what makes each record before it part of a sealed segment. */
    private void roll() {
        LogConfig old = compacting(1 << 20);
        harness().log().reconfigure(compacting(100));
        put(record("roll", "x".repeat(100)));
        harness().log().reconfigure(old);
        harness().threads().runAll();
    }

    private List<Entry> all() {
        return entries(harness().readAll());
    }

    private void openWithOverwrites() {
        harness().open(compacting(1 << 20));
        put(record("a", "1"), record("b", "1"));
        put(record("a", "2"));
        put(record("c", "1"), record("a", "3"));
        roll();
    }

    @Test
    default void shouldKeepTheNewestRecordOfEachKeyAtItsOffset() {
        // given
        openWithOverwrites();
        long endOffset = harness().log().endOffset();
        long sizeBytes = harness().log().sizeBytes();

        // when
        CompactionReport report = compact(NOW_MS);

        // then
        assertThat(report.outcome()).isEqualTo(Outcome.DONE);
        assertThat(report.firstDirtyOffset()).isEqualTo(5);
        assertThat(report.recordsRead()).isEqualTo(5);
        assertThat(report.recordsKept()).isEqualTo(3);
        assertThat(all())
                .extracting(Entry::offset, Entry::key, Entry::value)
                .startsWith(tuple(1L, "b", "1"), tuple(3L, "c", "1"), tuple(4L, "a", "3"));
        assertThat(harness().log().endOffset()).isEqualTo(endOffset);
        assertThat(harness().log().sizeBytes()).isLessThan(sizeBytes);
    }

    @Test
    default void shouldLetNewRecordsHideCompactedOnes() {
        // given
        openWithOverwrites();
        compact(NOW_MS);
        put(record("b", "2"));
        roll();

        // when
        compact(NOW_MS);

        // then
        assertThat(all().stream().filter(entry -> "b".equals(entry.key()))).hasSize(1);
        assertThat(all().stream().filter(entry -> "a".equals(entry.key())))
                .extracting(Entry::offset)
                .containsExactly(4L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldBeTheSameAfterReopening(boolean appendBefore) {
        // given
        openWithOverwrites();
        compact(NOW_MS);
        if (appendBefore) {
            put(record("z", "1"));
        }
        List<ByteBuffer> before = harness().readAll();
        long end = harness().log().endOffset();

        // when
        harness().reopen();

        // then
        assertThat(harness().log().endOffset()).isEqualTo(end);
        assertThat(harness().readAll()).isEqualTo(before);
        assertThat(harness().log().cleanable(NOW_MS, end).firstDirtyOffset()).isEqualTo(5);
    }

    @Test
    default void shouldReadTheNextBatchAtAMissingOffset() {
        // given: nothing is left at 2
        openWithOverwrites();
        compact(NOW_MS);

        // when
        LogSlices found = harness().read(2, harness().log().endOffset(), 1, true);

        // then
        assertThat(entries(RecordBatches.batches(found)))
                .extracting(Entry::offset)
                .containsExactly(3L, 4L);
        assertThat(found.nextOffset()).isEqualTo(5);
        found.release();
    }

    @Test
    default void shouldKeepHeldSlicesGood() {
        // given
        openWithOverwrites();
        LogSlices held = harness().read(0, 5, 1 << 20, true);
        List<ByteBuffer> content =
                RecordBatches.batches(held).stream().map(LogHarness::copy).toList();

        // when
        compact(NOW_MS);

        // then
        assertThat(RecordBatches.batches(held)).isEqualTo(content);
        held.release();
    }

    @Test
    default void shouldNotCompactTheActiveSegmentNorAboveTheStableOffset() {
        // given
        openWithOverwrites();

        // when
        CompactionReport report = harness().await(harness().log().compact(NOW_MS, 4, budget()));

        // then
        assertThat(report.outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(all()).hasSize(6);
    }

    @Test
    default void shouldNotCompactWithoutThePolicyAndWhenItComesAtRunTime() {
        // given
        openWithOverwrites();
        harness().log().reconfigure(LogHarness.segmentsOf(1 << 20));

        // when
        Cleanable without = harness().log().cleanable(NOW_MS, 6);
        CompactionReport report = compact(NOW_MS);
        harness().log().reconfigure(compacting(1 << 20));
        Cleanable with = harness().log().cleanable(NOW_MS, 6);

        // then
        assertThat(without.isDue()).isFalse();
        assertThat(report.outcome()).isEqualTo(Outcome.NOTHING);
        assertThat(with.isDue()).isTrue();
        assertThat(compact(NOW_MS).outcome()).isEqualTo(Outcome.DONE);
    }

    @Test
    default void shouldDropTombstonesAfterTheirTime() {
        // given
        harness().open(compacting(1 << 20));
        put(record("a", "1"), record("b", "1"));
        put(record("a", null));
        roll();
        compact(NOW_MS);
        assertThat(all()).extracting(Entry::offset).containsExactly(1L, 2L, 3L);

        // when
        put(record("c", "1"));
        roll();
        compact(NOW_MS + DELETE_RETENTION_MS - 1);
        List<Entry> early = all();
        put(record("d", "1"));
        roll();
        compact(NOW_MS + DELETE_RETENTION_MS);

        // then
        assertThat(early).extracting(Entry::offset).contains(2L);
        assertThat(all()).extracting(Entry::offset).doesNotContain(2L).contains(1L);
    }

    @Test
    default void shouldJoinSmallSegments() {
        // given
        harness().open(compacting(200));
        for (int i = 0; i < 40; i++) {
            put(record("key-" + i % 4, "value-" + i));
        }
        harness().threads().runAll();
        harness().log().reconfigure(compacting(1 << 20));
        roll();

        // when
        compact(NOW_MS);

        // then
        assertThat(all()).extracting(Entry::value).startsWith("value-36", "value-37", "value-38", "value-39");
        assertThat(harness().log().cleanable(NOW_MS, 41).segmentCount()).isEqualTo(1);
    }

    @Test
    default void shouldGoOnNextTimeWhenTheTableIsFull() {
        // given: room for four keys
        harness().open(compacting(200));
        for (int i = 0; i < 20; i++) {
            put(record("key-" + i % 10, "value-" + i));
        }
        roll();
        CompactionBudget small = budget(5 * NewestOffsets.SLOT_BYTES);

        // when
        CompactionReport report = harness().await(harness().log().compact(NOW_MS, 20, small));
        int runs = 1;
        while (report.outcome() == Outcome.PARTLY) {
            report = harness().await(harness().log().compact(NOW_MS, 20, small));
            runs++;
        }

        // then
        assertThat(report.outcome()).isEqualTo(Outcome.DONE);
        assertThat(runs).isBetween(5, 8);
        assertThat(all())
                .extracting(Entry::offset)
                .startsWith(LongStream.range(10, 20).boxed().toArray(Long[]::new));
    }

    @Test
    default void shouldSayWhenOneBatchHasTooManyKeys() {
        // given
        harness().open(compacting(1 << 20));
        put(record("a", "1"), record("b", "1"), record("c", "1"), record("d", "1"));
        roll();

        // when / then
        assertThatThrownBy(() ->
                        harness().await(harness().log().compact(NOW_MS, 4, budget(3 * NewestOffsets.SLOT_BYTES))))
                .isInstanceOf(CompactionFailedException.class)
                .hasMessageContaining("log.cleaner.dedupe.buffer.size");
        assertThat(all()).hasSize(5);
    }

    @Test
    default void shouldFindTimesInWhatIsLeft() {
        // given: the largest time is compacted away, and its batch stays as a header
        harness().open(compacting(1 << 20));
        put(record(100, "a", "1"));
        put(record(300, "b", "1"));
        put(record(200, "c", "1"));
        put(record(900, "b", "2"));
        put(record(150, "b", "3"));
        roll();
        put(record(10, "b", "4"));
        roll();

        // when
        compact(NOW_MS);

        // then
        long end = 5;
        assertThat(harness().await(harness().log().findByTimestamp(120, end)))
                .isEqualTo(new TimestampedOffset(200, 2, 0));
        assertThat(harness().await(harness().log().findMaxTimestamp(end))).isEqualTo(new TimestampedOffset(200, 2, 0));
        assertThat(harness().await(harness().log().findByTimestamp(201, end))).isNull();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    default void shouldKnowLiveProducersAsBefore(boolean reopen) {
        // given: everything that producer 7 wrote is overwritten
        harness().open(compacting(1 << 20));
        harness().append(RecordBatches.batch(CompressionType.NONE, 7, 2, 0, false, record("a", "1")));
        harness().append(RecordBatches.batch(CompressionType.NONE, 7, 2, 1, false, record("a", "2"), record("a", "3")));
        put(record("a", "4"));
        roll();

        // when
        compact(NOW_MS);
        if (reopen) {
            harness().reopen();
        }

        // then
        ProducerState state = Objects.requireNonNull(harness().log().producers().find(7));
        assertThat(state.lastSequence()).isEqualTo(2);
        assertThat(harness().log().producers().check(7, (short) 2, 3, 3, true).verdict())
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(harness().readAll().stream()
                        .filter(batch -> BatchHeader.producerId(batch, 0) == 7)
                        .map(batch -> BatchHeader.lastOffset(batch, 0)))
                .containsExactly(2L);
    }

    @Test
    default void shouldLeaveTransactionsReadable() {
        // given
        harness().open(compacting(1 << 20));
        harness().append(RecordBatches.transactional(3, 0, 0, 2));
        put(record("a", "1"));
        harness().append(RecordBatches.abortMarker(3, 0, 0));
        put(record("a", "2"));
        roll();
        var aborted = harness().log().abortedTransactions(0, 10);

        // when
        compact(NOW_MS);

        // then
        assertThat(aborted).hasSize(1);
        assertThat(harness().log().abortedTransactions(0, 10)).isEqualTo(aborted);
        assertThat(harness().readAll().stream().map(batch -> BatchHeader.baseOffset(batch, 0)))
                .startsWith(0L, 3L, 4L);
    }

    @Test
    default void shouldCutAtAMissingOffset() {
        // given: 0 and 2 are missing
        openWithOverwrites();
        compact(NOW_MS);

        // when
        harness().await(harness().log().truncateTo(3));
        long end = harness().log().endOffset();
        harness().reopen();

        // then
        assertThat(end).isBetween(2L, 3L);
        assertThat(harness().log().endOffset()).isEqualTo(end);
        assertThat(all()).extracting(Entry::offset).containsExactly(1L);
        assertThat(harness().append(RecordBatches.of("next"))).isEqualTo(end);
        assertThat(harness().log().cleanable(NOW_MS, end).firstDirtyOffset()).isLessThanOrEqualTo(end);
    }

    @Test
    default void shouldStartAtAMissingOffset() {
        // given
        openWithOverwrites();
        compact(NOW_MS);

        // when
        long start = harness().await(harness().log().advanceStartTo(2));
        put(record("c", "2"));
        roll();
        compact(NOW_MS);
        harness().reopen();

        // then
        assertThat(start).isEqualTo(2);
        assertThat(harness().log().startOffset()).isEqualTo(2);
        assertThat(all()).extracting(Entry::offset).startsWith(4L);
    }

    @Test
    default void shouldGiveWayToACutThatComesMeanwhile() {
        // given
        openWithOverwrites();
        var running = harness().log().compact(NOW_MS, 5, budget());

        // when
        harness().await(harness().log().truncateFullyAndStartAt(100));
        CompactionReport report = harness().await(running);
        harness().threads().runAll();

        // then
        assertThat(report.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(harness().log().endOffset()).isEqualTo(100);
        harness().reopen();
        assertThat(harness().log().startOffset()).isEqualTo(100);
        assertThat(harness().append(RecordBatches.of("next"))).isEqualTo(100);
    }

    @Test
    default void shouldGiveWayToAPolicyThatCompactsNoMore() {
        // given
        openWithOverwrites();
        List<Entry> before = all();
        var running = harness().log().compact(NOW_MS, 5, budget());

        // when
        harness().log().reconfigure(LogHarness.segmentsOf(1 << 20));
        CompactionReport report = harness().await(running);
        harness().threads().runAll();

        // then
        assertThat(report.outcome()).isEqualTo(Outcome.STOPPED);
        assertThat(all()).isEqualTo(before);
        harness().reopen();
        assertThat(all()).isEqualTo(before);
    }

    @Test
    default void shouldCloseWhileACompactionRuns() {
        // given
        openWithOverwrites();
        var running = harness().log().compact(NOW_MS, 5, budget());

        // when
        harness().reopen();

        // then
        assertThat(harness().await(running).outcome()).isIn(Outcome.STOPPED, Outcome.DONE);
        assertThat(all()).extracting(Entry::key).contains("b", "c", "a");
        assertThat(compact(NOW_MS).outcome()).isIn(Outcome.DONE, Outcome.NOTHING);
    }

    @Test
    default void shouldRollAnOldActiveSegmentSoThatItBecomesCleanable() {
        // given
        harness()
                .open(LogHarness.segmentsOf(1 << 20)
                        .withCompaction(new CompactionConfig(true, 0, 1, 0, 5_000, 1 << 20)));
        put(record(NOW_MS, "a", "1"));

        // when
        boolean early = harness().await(harness().log().rollIfOld(NOW_MS + 5_000));
        boolean late = harness().await(harness().log().rollIfOld(NOW_MS + 5_001));
        harness().threads().runAll();

        // then
        assertThat(early).isFalse();
        assertThat(late).isTrue();
        assertThat(harness().log().cleanable(NOW_MS + 5_001, 1).isDue()).isTrue();
    }

    @Test
    default void shouldKeepItsPromisesOverRandomHistories() {
        runHistories(4, 60);
    }

    @Test
    @Tag("slow")
    default void shouldKeepItsPromisesOverManyRandomHistories() {
        runHistories(200, 200);
    }

    private void runHistories(int count, int steps) {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        for (int i = 0; i < count; i++) {
            harness().close();
            new CompactionHistory(harness(), seed + i, "history " + i + " of -Dpenstock.seed=" + seed).run(steps);
        }
    }
}
