package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who waits for acknowledgements and for records, and when they are let go. */
class WaitersTest {
    private static final AppendResult RESULT = AppendResult.appended(0, 0, -1, 0);

    private static PendingAck<String> ack(String token, long highWatermark, long synced, long deadlineMs) {
        return new PendingAck<>(token, RESULT, highWatermark, synced, deadlineMs);
    }

    private static @Nullable String next(AckWaiters<String> waiters, long synced, long highWatermark) {
        PendingAck<String> ready = waiters.poll(synced, highWatermark);
        return ready == null ? null : ready.token();
    }

    @Test
    void shouldLetAcksGoInTheOrderOfTheirOffsets() {
        // given
        AckWaiters<String> waiters = new AckWaiters<>(10);
        waiters.add(ack("five", 5, -1, 100));
        waiters.add(ack("seven", 7, -1, 100));
        waiters.add(ack("duplicate of five", 5, -1, 100));

        // when, then
        assertThat(next(waiters, 0, 4)).isNull();
        assertThat(next(waiters, 0, 6)).isEqualTo("five");
        assertThat(next(waiters, 0, 6)).isEqualTo("duplicate of five");
        assertThat(next(waiters, 0, 6)).isNull();
        assertThat(next(waiters, 0, 7)).isEqualTo("seven");
    }

    @Test
    void shouldWaitForTheDiskAndForTheReplicas() {
        // given
        AckWaiters<String> waiters = new AckWaiters<>(10);
        waiters.add(ack("both", 5, 5, 100));
        waiters.add(ack("disk", -1, 6, 100));

        // when, then
        assertThat(next(waiters, 4, 9)).isNull();
        assertThat(next(waiters, 5, 4)).isNull();
        assertThat(next(waiters, 6, 4)).isEqualTo("disk");
        assertThat(next(waiters, 6, 5)).isEqualTo("both");
    }

    @Test
    void shouldExpireAcksByDeadline() {
        // given
        AckWaiters<String> waiters = new AckWaiters<>(3);
        waiters.add(ack("late", 5, -1, 200));
        waiters.add(ack("soon", 6, 6, 100));
        waiters.add(ack("soon too", 7, -1, 100));
        assertThat(waiters.isFull()).isTrue();
        assertThat(waiters.earliestDeadlineMs()).isEqualTo(100);

        // when, then
        assertThat(waiters.removeExpired(99)).isEmpty();
        assertThat(waiters.removeExpired(100)).extracting(PendingAck::token).containsOnly("soon", "soon too");
        assertThat(waiters.earliestDeadlineMs()).isEqualTo(200);
        assertThat(waiters.removeAll()).hasSize(1);
        assertThat(waiters.count()).isZero();
    }

    @Test
    void shouldWakeFetchesWhenEnoughIsVisibleToThem() {
        // given 1000 bytes are visible to all, 900 of them committed
        FetchWaiters<String> waiters = new FetchWaiters<>(10);
        waiters.park("ten", false, 0, 10, 1000);
        waiters.park("hundred, has 60", false, 60, 100, 1000);
        waiters.park("committed", true, 0, 10, 900);
        List<String> progress = new ArrayList<>();

        // when
        waiters.onVisible(1010, 900, (token, bytes) -> progress.add(token + ": " + bytes));

        // then
        assertThat(waiters.pollReady()).isEqualTo("ten");
        assertThat(waiters.pollReady()).isNull();
        assertThat(progress).containsExactly("hundred, has 60: 70");

        // when
        waiters.onVisible(1040, 1040, (token, bytes) -> progress.add(token + ": " + bytes));

        // then
        assertThat(waiters.pollReady()).isEqualTo("hundred, has 60");
        assertThat(waiters.pollReady()).isEqualTo("committed");
        assertThat(waiters.count()).isZero();
    }

    @Test
    void shouldReportNoProgressWhenNothingMoved() {
        // given
        FetchWaiters<String> waiters = new FetchWaiters<>(10);
        waiters.park("waits", false, 0, 100, 1000);
        List<String> progress = new ArrayList<>();

        // when
        waiters.onVisible(1000, 1000, (token, bytes) -> progress.add(token));
        waiters.onVisible(1010, 1000, (token, bytes) -> progress.add(token));
        waiters.onVisible(1010, 1010, (token, bytes) -> progress.add(token));

        // then
        assertThat(progress).hasSize(1);
    }

    @Test
    void shouldForgetFetchesThatWereTakenOut() {
        // given
        FetchWaiters<String> waiters = new FetchWaiters<>(2);
        waiters.park("one", false, 0, 10, 0);
        waiters.park("two", false, 0, 10, 0);
        assertThat(waiters.isFull()).isTrue();

        // when, then
        assertThat(waiters.remove("one")).isTrue();
        assertThat(waiters.remove("one")).isFalse();
        assertThat(waiters.removeAll()).containsExactly("two");
        assertThat(waiters.removeAll()).isEmpty();
    }

    @Test
    void shouldCountBytesByOffset() {
        // given
        VisibleBytes bytes = new VisibleBytes();
        bytes.append(10, 100);
        bytes.append(20, 50);
        bytes.append(30, 1);

        // when, then
        assertThat(bytes.upTo(9)).isZero();
        assertThat(bytes.upTo(10)).isEqualTo(100);
        assertThat(bytes.upTo(29)).isEqualTo(150);
        bytes.forgetBelow(20);
        assertThat(bytes.upTo(20)).isEqualTo(150);
        assertThat(bytes.upTo(30)).isEqualTo(151);
    }

    @Test
    void shouldStayBoundedWhileNothingBecomesStable() {
        // given
        VisibleBytes bytes = new VisibleBytes();

        // when
        for (int i = 1; i <= 100_000; i++) {
            bytes.append(i, 10);
        }

        // then the end is exact, and in between answers are never too high
        assertThat(bytes.upTo(100_000)).isEqualTo(1_000_000);
        for (int offset = 1; offset <= 100_000; offset += 777) {
            assertThat(bytes.upTo(offset)).isLessThanOrEqualTo(10L * offset);
        }
        bytes.forgetBelow(100_000);
        assertThat(bytes.upTo(100_000)).isEqualTo(1_000_000);
    }
}
