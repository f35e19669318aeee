package io.penstock.core.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageIdWindowTest {
    private static final DedupConfig CONFIG = new DedupConfig("id", 1_000, 100);

    private final MessageIdWindow window = new MessageIdWindow(CONFIG);
    private long endOffset;
    private long nowMs = 5_000;

    @Test
    void shouldFindAnIdThatWasAppended() {
        append(-1, 1, 2, 3);

        Screening screening = screen(-1, 2);

        assertThat(screening.isAllDuplicates()).isTrue();
        assertThat(screening.originalBaseOffset()).isEqualTo(1);
        assertThat(screening.undecided()).isFalse();
    }

    @Test
    void shouldTellNewRecordsFromOldOnes() {
        append(-1, 1, 2);

        Screening screening = screen(-1, 7, 2, 0, 8);

        assertThat(screening.duplicates().stream()).containsExactly(1);
        assertThat(screening.isAllDuplicates()).isFalse();
        assertThat(screening.originalBaseOffset()).isEqualTo(-1);
    }

    @Test
    void shouldFindAnIdThatComesTwiceInOneBatch() {
        assertThat(screen(-1, 7, 8, 7, 8, 9).duplicates().stream()).containsExactly(2, 3);
    }

    @Test
    void shouldNotCompareRecordsWithoutId() {
        append(-1, 0, 0);

        assertThat(screen(-1, 0, 0).hasDuplicates()).isFalse();
    }

    @Test
    void shouldForgetAnIdWhenItsTimeIsOver() {
        append(-1, 1);

        nowMs += 999;
        assertThat(screen(-1, 1).hasDuplicates()).isTrue();
        nowMs += 1;
        assertThat(screen(-1, 1).hasDuplicates()).isFalse();
    }

    @Test
    void shouldForgetAnIdWhenTooManyOffsetsCameAfterIt() {
        append(-1, 1);
        for (int i = 0; i < 99; i++) {
            append(-1, 1_000 + i);
        }

        assertThat(screen(-1, 1).hasDuplicates()).isTrue();
        append(-1, 5_000);
        assertThat(screen(-1, 1).hasDuplicates()).isFalse();
    }

    // ---- transactions

    @Test
    void shouldNotDecideAboutAnotherProducersOpenTransaction() {
        append(10, 1);

        assertThat(screen(-1, 1).undecided()).isTrue();
        assertThat(screen(11, 1).undecided()).isTrue();
    }

    @Test
    void shouldDropWhatItsOwnTransactionHasAlready() {
        append(10, 1);

        Screening screening = screen(10, 1);

        assertThat(screening.isAllDuplicates()).isTrue();
        assertThat(screening.undecided()).isFalse();
    }

    @Test
    void shouldRememberWhatWasCommitted() {
        append(10, 1);
        window.replayMarker(10, false);

        assertThat(screen(11, 1).isAllDuplicates()).isTrue();
        assertThat(screen(11, 1).undecided()).isFalse();
    }

    @Test
    void shouldForgetWhatWasAbortedAndOnlyThat() {
        append(10, 1);
        append(11, 2);
        append(-1, 3);
        window.replayMarker(10, true);

        assertThat(screen(-1, 1).hasDuplicates()).isFalse();
        assertThat(screen(-1, 2).undecided()).isTrue();
        assertThat(screen(-1, 3).isAllDuplicates()).isTrue();
    }

    @Test
    void shouldTakeAnAbortedIdInAgain() {
        append(10, 1);
        window.replayMarker(10, true);
        append(10, 1);
        window.replayMarker(10, false);

        assertThat(screen(-1, 1).originalBaseOffset()).isEqualTo(1);
    }

    @Test
    void shouldNotLetIdsOfAnOpenTransactionGrowOld() {
        append(10, 1);
        nowMs += 100_000;
        append(-1, 2);

        assertThat(screen(-1, 1).undecided()).isTrue();
    }

    // ---- size

    @Test
    void shouldHoldNoMoreThanItsSizeAndABatch() {
        for (int i = 0; i < 10_000; i++) {
            append(-1, 1 + i * 3L, 2 + i * 3L, 3 + i * 3L);
            assertThat(window.count()).isLessThanOrEqualTo(103);
        }
    }

    // ---- against a plain map

    @Test
    void shouldAgreeWithAPlainMapWhateverHappens() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<Long, Known> model = new HashMap<>();
        Map<Long, List<Known>> open = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            nowMs += random.nextInt(20);
            long producer = random.nextInt(3) == 0 ? random.nextInt(3) : -1;
            if (producer >= 0 && random.nextInt(4) == 0) {
                boolean abort = random.nextBoolean();
                window.replayMarker(producer, abort);
                for (Known known : open.getOrDefault(producer, List.of())) {
                    known.state = abort ? 'a' : 'c';
                }
                open.remove(producer);
                endOffset++;
                continue;
            }
            long[] ids = random.longs(1 + random.nextInt(4), 0, 200).toArray();
            Screening screening = screen(producer, ids);
            Screening expected = expected(model, producer, ids);
            assertThat(screening).as("seed %d, step %d", seed, step).isEqualTo(expected);
            if (!screening.undecided()) {
                for (int i = 0; i < ids.length; i++) {
                    if (ids[i] != 0 && !screening.isDuplicate(i)) {
                        Known known = new Known(endOffset + i, nowMs, producer);
                        model.put(ids[i], known);
                        if (producer >= 0) {
                            open.computeIfAbsent(producer, id -> new ArrayList<>())
                                    .add(known);
                        }
                    }
                }
                window.replayAppended(Ids.of(ids), screening, endOffset, producer, nowMs);
                endOffset += ids.length;
            }
            if (step % 500 == 0) {
                checkCopy(model);
            }
        }
    }

    private Screening expected(Map<Long, Known> model, long producer, long... ids) {
        MessageIdWindow empty = new MessageIdWindow(CONFIG);
        Screening inBatch = empty.screen(Ids.of(ids), -1, nowMs, endOffset);
        long base = -1;
        long last = -1;
        boolean undecided = false;
        for (int i = 0; i < ids.length; i++) {
            Known known = ids[i] == 0 ? null : present(model.get(ids[i]));
            if (known != null) {
                inBatch.duplicates().set(i);
                base = i == 0 ? known.offset : base;
                last = Math.max(last, known.offset);
                undecided |= known.state == 'o' && known.producer != producer;
            }
        }
        return new Screening(ids.length, inBatch.duplicates(), base, last, undecided);
    }

    private @Nullable Known present(@Nullable Known known) {
        boolean there = known != null
                && known.state != 'a'
                && known.offset >= endOffset - 100
                && (known.state == 'o' || nowMs - known.timeMs < 1_000);
        return there ? known : null;
    }

    private void checkCopy(Map<Long, Known> model) {
        MessageIdWindow restored = new MessageIdWindow(CONFIG);
        byte[] bytes = window.copy(nowMs).toBytes(endOffset, 77);
        long kept = WindowCopy.restore(bytes, restored, endOffset, nowMs + 50_000, 77);
        assertThat(kept).isEqualTo(endOffset);
        model.forEach((id, known) -> {
            Screening screening = restored.screen(Ids.of(id), -1, nowMs + 50_000, endOffset);
            assertThat(screening.hasDuplicates()).isEqualTo(present(known) != null);
            assertThat(screening.undecided()).isEqualTo(present(known) != null && known.state == 'o');
        });
    }

    /** What the model knows of an id. */
    private static final class Known {
        final long offset;
        final long timeMs;
        final long producer;
        /** Open, committed or aborted. */
        char state;

        Known(long offset, long timeMs, long producer) {
            this.offset = offset;
            this.timeMs = timeMs;
            this.producer = producer;
            this.state = producer < 0 ? 'c' : 'o';
        }
    }

    private void append(long transactionOf, long... ids) {
        window.replayAppended(Ids.of(ids), null, endOffset, transactionOf, nowMs);
        endOffset += ids.length;
    }

    private Screening screen(long transactionOf, long... ids) {
        return window.screen(Ids.of(ids), transactionOf, nowMs, endOffset);
    }
}
