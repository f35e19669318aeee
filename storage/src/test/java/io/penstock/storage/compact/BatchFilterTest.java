package io.penstock.storage.compact;

import static io.penstock.storage.fixture.KeyedBatches.at;
import static io.penstock.storage.fixture.KeyedBatches.entries;
import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.ControlMarker;
import io.penstock.storage.batch.CorruptBatchException;
import io.penstock.storage.fixture.KeyedBatches.Entry;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchFilterTest {
    private static final long NOW_MS = RecordBatches.TIMESTAMP_MS + 10_000;
    private static final long RETENTION_MS = 60_000;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldKeepTheNewestOfEachKeyAtItsOffset(CompressionType codec) {
        // given
        ByteBuffer batch = at(
                10, codec, record(7, "a", "old"), record(8, "b", "only"), record(9, "a", "new"), record(3, "c", "x"));
        NewestOffsets newest = collected(batch, at(14, codec, record("c", "y")));

        // when
        ByteBuffer left = filter(newest, batch, false);

        // then
        assertThat(entries(List.of(left))).containsExactly(new Entry(11, "b", "only", 8), new Entry(12, "a", "new", 9));
        assertThat(BatchHeader.baseOffset(left, 0)).isEqualTo(10);
        assertThat(BatchHeader.lastOffset(left, 0)).isEqualTo(13);
        assertThat(BatchHeader.maxTimestamp(left, 0)).isEqualTo(9);
        assertThat(BatchHeader.compressionCode(left, 0)).isEqualTo(codec.id);
        assertThat(BatchHeader.isIntact(left, 0)).isTrue();
    }

    @Test
    void shouldGiveBackTheSameBatchIfNothingChanges() {
        // given
        ByteBuffer batch = at(0, CompressionType.GZIP, record("a", "1"), record("b", "2"));

        // when
        ByteBuffer left = filter(collected(batch), batch, false);

        // then
        assertThat(left).isSameAs(batch);
    }

    @Test
    void shouldDropABatchWithoutNewestRecords() {
        // given
        ByteBuffer batch = at(0, CompressionType.NONE, record("a", "1"));

        // when
        ByteBuffer left = filter(collected(batch, at(1, CompressionType.NONE, record("a", "2"))), batch, false);

        // then
        assertThat(left).isNull();
    }

    @Test
    void shouldDropRecordsWithoutKey() {
        // given
        ByteBuffer batch = at(0, CompressionType.NONE, record(null, "1"), record("a", "2"));

        // when
        ByteBuffer left = filter(collected(batch), batch, false);

        // then
        assertThat(entries(List.of(left))).extracting(Entry::offset).containsExactly(1L);
    }

    @Test
    void shouldKeepWhatTheTableDoesNotCover() {
        // given
        ByteBuffer batch = at(5, CompressionType.NONE, record("a", "1"), record("a", "2"));
        NewestOffsets newest = new NewestOffsets(1 << 10, 0.9, 10, 0);

        // when
        ByteBuffer left = filter(newest, batch, false);

        // then
        assertThat(left).isSameAs(batch);
    }

    @Test
    void shouldSetTheDeleteHorizonWhenATombstoneIsFirstKept() {
        // given
        ByteBuffer batch = at(0, CompressionType.LZ4, record(500, "a", null), record(700, "b", "2"));

        // when
        ByteBuffer left = filter(collected(batch), batch, false);

        // then
        MutableRecordBatch seen = seen(left);
        assertThat(seen.deleteHorizonMs()).hasValue(NOW_MS + RETENTION_MS);
        assertThat(entries(List.of(left))).containsExactly(new Entry(0, "a", null, 500), new Entry(1, "b", "2", 700));
        assertThat(seen.maxTimestamp()).isEqualTo(700);
    }

    @Test
    void shouldSetTheDeleteHorizonOnlyOnce() {
        // given
        ByteBuffer batch = at(0, CompressionType.NONE, record("a", null));
        NewestOffsets newest = collected(batch);
        ByteBuffer once = filter(newest, batch, false);

        // when
        ByteBuffer again = filterAt(NOW_MS + RETENTION_MS - 1, newest, once, false);

        // then
        assertThat(again).isSameAs(once);
    }

    @Test
    void shouldDropATombstoneAtItsHorizon() {
        // given
        ByteBuffer batch = at(0, CompressionType.NONE, record("a", null), record("b", "2"));
        NewestOffsets newest = collected(batch);
        ByteBuffer once = filter(newest, batch, false);

        // when
        ByteBuffer later = filterAt(NOW_MS + RETENTION_MS, newest, once, false);

        // then
        assertThat(entries(List.of(later))).extracting(Entry::key).containsExactly("b");
        assertThat(seen(later).deleteHorizonMs()).hasValue(NOW_MS + RETENTION_MS);
        assertThat(entries(List.of(later)).get(0).timestampMs()).isEqualTo(RecordBatches.TIMESTAMP_MS);
    }

    @Test
    void shouldKeepTheLastBatchOfASegmentWithoutRecords() {
        // given
        ByteBuffer batch = at(4, CompressionType.ZSTD, record("a", "1"), record("a", "2"));
        NewestOffsets newest = collected(batch, at(6, CompressionType.NONE, record("a", "3")));

        // when
        ByteBuffer left = filter(newest, batch, true);

        // then
        assertThat(seen(left).countOrNull()).isZero();
        assertThat(seen(left).isValid()).isTrue();
        assertThat(seen(left).baseOffset()).isEqualTo(4);
        assertThat(seen(left).lastOffset()).isEqualTo(5);
        assertThat(left.remaining()).isEqualTo(BatchHeader.HEADER_BYTES);
    }

    @Test
    void shouldKeepTheLastSequenceOfALiveProducer() {
        // given
        ByteBuffer batch =
                at(4, RecordBatches.batch(CompressionType.NONE, 77, 3, 9, false, record("a", "1"), record("a", "2")));
        NewestOffsets newest = collected(batch, at(6, CompressionType.NONE, record("a", "3")));
        LastOffsets live = new LastOffsets(1);
        live.add(5);

        // when
        ByteBuffer left;
        try (BatchFilter filter = new BatchFilter(newest, none(), live.sort(), NOW_MS, RETENTION_MS, 1 << 20)) {
            left = Objects.requireNonNull(filter.filter(batch, false));
        }

        // then
        assertThat(seen(left).producerId()).isEqualTo(77);
        assertThat(seen(left).producerEpoch()).isEqualTo((short) 3);
        assertThat(seen(left).lastSequence()).isEqualTo(10);
        assertThat(seen(left).countOrNull()).isZero();
    }

    @Test
    void shouldRemoveAbortedRecordsAndKeepTheirMarkerForNow() {
        // given
        ByteBuffer plain = at(0, CompressionType.NONE, record("a", "kept"));
        ByteBuffer dropped = at(1, RecordBatches.batch(CompressionType.NONE, 77, 3, 0, true, record("a", "aborted")));
        ByteBuffer marker = at(2, RecordBatches.abortMarker(77, 3, 1));
        TransactionTrace trace = new TransactionTrace(List.of(new AbortedTransaction(77, 1, 2, 3)));
        NewestOffsets newest = new NewestOffsets(1 << 12, 0.9, 100, 0);
        try (KeyCollector collector = new KeyCollector(
                newest, new TransactionTrace(List.of(new AbortedTransaction(77, 1, 2, 3))), 0, 1 << 20)) {
            List.of(plain, dropped, marker).forEach(collector::collect);
        }

        // when, then
        try (BatchFilter filter = new BatchFilter(newest, trace, new LastOffsets(0), NOW_MS, RETENTION_MS, 1 << 20)) {
            assertThat(filter.filter(plain, false)).isSameAs(plain);
            assertThat(filter.filter(dropped, false)).isNull();
            assertThat(filter.filter(marker, false)).isSameAs(marker);
            assertThat(trace.takeRetained()).hasSize(1);
            assertThat(trace.takeRetained()).isEmpty();
        }
    }

    @Test
    void shouldGiveAMarkerOfNothingAHorizonAndRemoveItThen() {
        // given
        ByteBuffer marker = at(2, RecordBatches.commitMarker(77, 3, 1));
        NewestOffsets newest = collected(marker);

        // when
        ByteBuffer dated = filter(newest, marker, false);

        // then
        assertThat(seen(dated).deleteHorizonMs()).hasValue(NOW_MS + RETENTION_MS);
        assertThat(seen(dated).isValid()).isTrue();
        assertThat(ControlMarker.read(dated)).isEqualTo(new ControlMarker(false, 1));
        assertThat(filterAt(NOW_MS + RETENTION_MS - 1, newest, dated, false)).isSameAs(dated);
        assertThat(filterAt(NOW_MS + RETENTION_MS, newest, dated, false)).isNull();
        assertThat(filterAt(NOW_MS + RETENTION_MS, newest, dated, true)).isSameAs(dated);
    }

    @Test
    void shouldNotTakeATransactionForAbortedBecauseOneBeforeItWas() {
        // given: the pass begins behind the marker at 2
        TransactionTrace trace = new TransactionTrace(List.of(new AbortedTransaction(77, 1, 2, 3)));

        // when, then
        assertThat(trace.isAborted(at(5, RecordBatches.transactional(77, 3, 9, 1))))
                .isFalse();
        assertThat(trace.isNeeded(at(6, RecordBatches.commitMarker(77, 3, 1)), new ControlMarker(false, 1)))
                .isTrue();
    }

    @Test
    void shouldRefuseABatchThatUnpacksToMoreThanTheLimit() {
        // given
        ByteBuffer bomb = at(0, CompressionType.GZIP, record("a", "0".repeat(100_000)), record("b", "1"));
        NewestOffsets newest = new NewestOffsets(1 << 10, 0.9, 10, 0);

        // when / then
        try (BatchFilter filter = new BatchFilter(newest, none(), new LastOffsets(0), NOW_MS, 0, 50_000)) {
            assertThatThrownBy(() -> filter.filter(bomb, false))
                    .isInstanceOf(CorruptBatchException.class)
                    .hasMessageContaining("unpacks to more");
        }
    }

    @Test
    void shouldNotBelieveALengthThatNoBytesFollow() {
        // given: a record that says it has a gigabyte
        ByteBuffer batch = at(0, CompressionType.NONE, record("a", "1"));
        batch.put(BatchHeader.HEADER_BYTES, (byte) 0xfe);
        for (int i = 1; i < 4; i++) {
            batch.put(BatchHeader.HEADER_BYTES + i, (byte) 0xff);
        }
        batch.put(BatchHeader.HEADER_BYTES + 4, (byte) 7);
        NewestOffsets newest = new NewestOffsets(1 << 10, 0.9, 10, 0);

        // when / then
        try (BatchFilter filter = new BatchFilter(newest, none(), new LastOffsets(0), NOW_MS, 0, Long.MAX_VALUE)) {
            assertThatThrownBy(() -> filter.filter(batch, false))
                    .isInstanceOf(CorruptBatchException.class)
                    .hasMessageContaining("at offset 0");
        }
    }

    private static TransactionTrace none() {
        return new TransactionTrace(List.of());
    }

    private static NewestOffsets collected(ByteBuffer... batches) {
        NewestOffsets newest = new NewestOffsets(1 << 12, 0.9, 100, 0);
        try (KeyCollector collector = new KeyCollector(newest, none(), 0, 1 << 20)) {
            for (ByteBuffer batch : batches) {
                assertThat(collector.collect(batch)).isTrue();
            }
        }
        return newest;
    }

    private static ByteBuffer filter(NewestOffsets newest, ByteBuffer batch, boolean isLast) {
        return filterAt(NOW_MS, newest, batch, isLast);
    }

    @SuppressWarnings("NullAway") // tests that expect nothing say so
    private static ByteBuffer filterAt(long nowMs, NewestOffsets newest, ByteBuffer batch, boolean isLast) {
        try (BatchFilter filter = new BatchFilter(newest, none(), new LastOffsets(0), nowMs, RETENTION_MS, 1 << 20)) {
            @Nullable ByteBuffer left = filter.filter(batch, isLast);
            return left;
        }
    }

    private static MutableRecordBatch seen(ByteBuffer batch) {
        return MemoryRecords.readableRecords(batch.duplicate())
                .batches()
                .iterator()
                .next();
    }
}
