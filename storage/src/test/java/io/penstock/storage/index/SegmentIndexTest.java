package io.penstock.storage.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.AbortedTransaction;
import io.penstock.storage.file.DamagedSeals;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentIndexTest {
    private record Batch(long baseOffset, long lastOffset, long maxTimestampMs, int bytes, long position) {}

    @Test
    void shouldKnowNothingWhenEmpty() throws Exception {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(100);

        for (SegmentLookup index : List.of(
                builder, builder.seal(), SegmentIndex.fromBytes(builder.seal().toBytes()))) {
            // when, then
            assertThat(index.firstOffset()).isEqualTo(SegmentLookup.NONE);
            assertThat(index.lastOffset()).isEqualTo(SegmentLookup.NONE);
            assertThat(index.lastPosition()).isEqualTo(SegmentLookup.NONE);
            assertThat(index.maxTimestampMs()).isEqualTo(-1);
            assertThat(index.positionFor(5)).isEqualTo(SegmentLookup.NONE);
            assertThat(index.startForTimestamp(0).position()).isEqualTo(SegmentLookup.NONE);
            assertThat(index.markFor(5)).isEqualTo(IndexMark.EMPTY);
            assertThat(index.batchCount()).isZero();
            assertThat(index.collectAborted(0, 10, new ArrayList<>())).isFalse();
        }
    }

    @Test
    void shouldSumUpItsBatches() {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(100);

        // when
        builder.onBatch(10, 14, 700, 12, 80, 1000);
        builder.onBatch(15, 15, 900, 15, 60, 1001);
        builder.onBatch(16, 20, 900, 20, 60, 1002);

        // then
        for (SegmentLookup index : List.of(builder, builder.seal())) {
            assertThat(index.firstOffset()).isEqualTo(10);
            assertThat(index.lastOffset()).isEqualTo(20);
            assertThat(index.lastPosition()).isEqualTo(1002);
            assertThat(index.firstTimestampMs()).isEqualTo(700);
            assertThat(index.maxTimestampMs()).isEqualTo(900);
            assertThat(index.offsetOfMaxTimestamp()).isEqualTo(15);
            assertThat(index.sizeBytes()).isEqualTo(200);
            assertThat(index.batchCount()).isEqualTo(3);
        }
    }

    @Test
    void shouldBeSparse() {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(100);
        for (int i = 0; i < 10; i++) {
            builder.onBatch(i, i, i, i, 60, 1000 + i);
        }

        // when
        SegmentIndex index = builder.seal();

        // then: an entry after more than 100 bytes, so at every second batch
        assertThat(index.positionFor(0)).isEqualTo(1000);
        assertThat(index.positionFor(1)).isEqualTo(1000);
        assertThat(index.positionFor(2)).isEqualTo(1002);
        assertThat(index.positionFor(9)).isEqualTo(1008);
        assertThat(index.positionFor(-5)).isEqualTo(1000);
    }

    @Test
    void shouldKnowTheLastBatchesOfAGrowingSegmentOneByOne() {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(1 << 20);

        for (long i = 0; i < 100; i++) {
            // when: batches of two records
            builder.onBatch(2 * i, 2 * i + 1, i, 2 * i + 1, 70, 1000 + i);

            // then
            assertThat(builder.positionFor(2 * i)).isEqualTo(1000 + i);
            assertThat(builder.baseOffsetFor(2 * i)).isEqualTo(2 * i);
            assertThat(builder.positionFor(2 * i + 1)).isEqualTo(1000 + i);
            long before = Math.max(0, i - 15);
            assertThat(builder.positionFor(2 * before + 1)).isEqualTo(1000 + before);
            assertThat(builder.baseOffsetFor(2 * before + 1)).isEqualTo(2 * before);
        }
        long older = 2 * 84 - 1;
        assertThat(builder.positionFor(older)).isEqualTo(1000);
        assertThat(builder.baseOffsetFor(older)).isZero();
    }

    @Test
    void shouldAnswerEveryQuestionAsALookAtAllBatchesWould() {
        for (int seed = 0; seed < 200; seed++) {
            // given
            Random random = new Random(seed);
            SegmentIndexBuilder builder = new SegmentIndexBuilder(random.nextInt(500));
            List<Batch> batches = randomBatches(random, 1 + random.nextInt(200));
            batches.forEach(batch -> note(builder, batch));

            // when, then
            assertAgrees(builder, batches, random, "seed " + seed);
            assertAgrees(builder.seal(), batches, random, "sealed, seed " + seed);
        }
    }

    @Test
    void shouldStayBoundedAndRightForAHugeSegment() {
        // given
        Random random = new Random(1);
        SegmentIndexBuilder builder = new SegmentIndexBuilder(0);
        List<Batch> batches = randomBatches(random, 3 * IndexEntries.MAX_ENTRIES);
        batches.forEach(batch -> note(builder, batch));

        // when, then
        assertThat(builder.seal().toBytes()).hasSizeLessThan(IndexEntries.MAX_ENTRIES * 48 + 200);
        assertAgrees(builder, batches, random, "huge");
        long scanned = batches.get(batches.size() / 2).position()
                - builder.startFor(batches.get(batches.size() / 2).baseOffset()).position();
        assertThat(scanned).isLessThan(10);
    }

    private static List<Batch> randomBatches(Random random, int count) {
        List<Batch> batches = new ArrayList<>();
        long offset = random.nextInt(100);
        for (int i = 0; i < count; i++) {
            long last = offset + random.nextInt(4);
            batches.add(new Batch(offset, last, random.nextInt(1000) + i - 1L, 61 + random.nextInt(200), 5000L + i));
            offset = last + 1;
        }
        return batches;
    }

    private static void note(SegmentIndexBuilder builder, Batch batch) {
        builder.onBatch(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.maxTimestampMs(),
                batch.lastOffset(),
                batch.bytes(),
                batch.position());
    }

    private static void assertAgrees(SegmentLookup index, List<Batch> batches, Random random, String what) {
        long end = batches.get(batches.size() - 1).lastOffset() + 1;
        for (int i = 0; i < 50; i++) {
            long offset = random.nextLong(end + 1);
            assertNotBehind(index.positionFor(offset), firstReaching(batches, offset), what + ", offset " + offset);
            long timestampMs = random.nextInt(1200);
            assertTimestamp(index, batches, timestampMs, what);
            assertMark(index.markFor(offset), batches, offset, what);
        }
    }

    /** Where a scan starts must be at or before what it looks for. */
    private static void assertNotBehind(long start, @org.jspecify.annotations.Nullable Batch wanted, String what) {
        assertThat(start).as(what).isNotEqualTo(SegmentLookup.NONE);
        if (wanted != null) {
            assertThat(start).as(what).isLessThanOrEqualTo(wanted.position());
        }
    }

    private static @org.jspecify.annotations.Nullable Batch firstReaching(List<Batch> batches, long offset) {
        return batches.stream()
                .filter(batch -> batch.lastOffset() >= offset)
                .findFirst()
                .orElse(null);
    }

    private static void assertTimestamp(SegmentLookup index, List<Batch> batches, long timestampMs, String what) {
        Batch wanted = batches.stream()
                .filter(batch -> batch.maxTimestampMs() >= timestampMs)
                .findFirst()
                .orElse(null);
        long start = index.startForTimestamp(timestampMs).position();
        if (wanted == null) {
            assertThat(start).as(what).isEqualTo(SegmentLookup.NONE);
        } else {
            assertNotBehind(start, wanted, what + ", timestamp " + timestampMs);
        }
    }

    private static void assertMark(IndexMark mark, List<Batch> batches, long offset, String what) {
        if (mark.equals(IndexMark.EMPTY)) {
            assertThat(offset).as(what).isLessThan(batches.get(0).baseOffset());
            return;
        }
        List<Batch> before = batches.stream()
                .filter(batch -> batch.position() < mark.position())
                .toList();
        long maxMs = before.stream().mapToLong(Batch::maxTimestampMs).max().orElse(-1);
        assertThat(mark.baseOffset()).as(what).isLessThanOrEqualTo(offset);
        assertThat(mark.batchesBefore()).as(what).isEqualTo(before.size());
        assertThat(mark.bytesBefore())
                .as(what)
                .isEqualTo(before.stream().mapToLong(Batch::bytes).sum());
        assertThat(mark.maxTimestampBeforeMs()).as(what).isEqualTo(Math.max(-1, maxMs));
        before.stream()
                .filter(batch -> batch.maxTimestampMs() == maxMs && maxMs >= 0)
                .findFirst()
                .ifPresent(batch ->
                        assertThat(mark.offsetOfMaxTimestampBefore()).as(what).isEqualTo(batch.lastOffset()));
    }

    @Test
    void shouldCollectAbortedTransactionsThatOverlap() {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(0);
        AbortedTransaction a = new AbortedTransaction(1, 10, 20, 5);
        AbortedTransaction b = new AbortedTransaction(2, 5, 30, 31);
        AbortedTransaction c = new AbortedTransaction(3, 40, 50, 51);
        List.of(a, b, c).forEach(builder::onAborted);

        for (SegmentLookup index : List.of(builder, builder.seal())) {
            // when, then
            assertCollected(index, 0, 100, false, a, b, c);
            assertCollected(index, 0, 11, true, a, b);
            assertCollected(index, 21, 32, true, b);
            assertCollected(index, 31, 40, true);
            assertCollected(index, 51, 60, false);
        }
    }

    private static void assertCollected(
            SegmentLookup index, long from, long to, boolean over, AbortedTransaction... expected) {
        List<AbortedTransaction> found = new ArrayList<>();
        assertThat(index.collectAborted(from, to, found))
                .as("over at [%s, %s)", from, to)
                .isEqualTo(over);
        assertThat(found).containsExactly(expected);
    }

    @Test
    void shouldRefuseBatchesOutOfOrder() {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(0);
        builder.onBatch(5, 9, 1, 9, 70, 1);

        // when, then
        assertThatThrownBy(() -> builder.onBatch(9, 12, 1, 12, 70, 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNotChangeOnceSealed() {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(0);
        builder.onBatch(0, 0, 1, 0, 70, 100);
        SegmentIndex sealed = builder.seal();

        // when
        builder.onBatch(1, 1, 2, 1, 70, 101);
        builder.onAborted(new AbortedTransaction(1, 0, 1, 2));

        // then
        assertThat(sealed.lastOffset()).isZero();
        assertThat(sealed.positionFor(1)).isEqualTo(100);
        assertThat(sealed.collectAborted(0, 5, new ArrayList<>())).isFalse();
    }

    @Test
    void shouldComeBackFromItsBytes() throws Exception {
        // given
        Random random = new Random(3);
        SegmentIndexBuilder builder = new SegmentIndexBuilder(200);
        List<Batch> batches = randomBatches(random, 300);
        batches.forEach(batch -> note(builder, batch));
        builder.onAborted(new AbortedTransaction(1, 2, 3, 4));
        SegmentIndex sealed = builder.seal();

        // when
        SegmentIndex restored = SegmentIndex.fromBytes(sealed.toBytes());

        // then
        assertThat(restored.toBytes()).isEqualTo(sealed.toBytes());
        assertAgrees(restored, batches, random, "restored");
        assertCollected(restored, 0, 4, true, new AbortedTransaction(1, 2, 3, 4));
    }

    @Test
    void shouldNoticeDamageAnywhere() throws Exception {
        // given
        SegmentIndexBuilder builder = new SegmentIndexBuilder(0);
        builder.onBatch(0, 0, 1, 0, 70, 100);
        builder.onBatch(1, 3, 5, 2, 70, 101);
        builder.onAborted(new AbortedTransaction(1, 2, 3, 4));

        // when, then
        DamagedSeals.assertNoticed(builder.seal().toBytes(), SegmentIndex::fromBytes);
    }
}
