package io.penstock.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.transaction.TransactionMarker;
import org.junit.jupiter.api.Test;

class RecentEndsTest {
    private static final long PRODUCER = 7;

    private final RecentEnds ends = new RecentEnds();

    @Test
    void shouldNotTakeTheEndOfTheTransactionBeforeForThatOfTheNext() {
        // given: the client goes on with the epoch that the end of its last transaction tells
        long before = ends.count();

        // when
        ends.add(end(5, 2));

        // then
        assertThat(ends.hasEndedSince(new TransactionProducer(PRODUCER, (short) 4), before))
                .isTrue();
        assertThat(ends.hasEndedSince(new TransactionProducer(PRODUCER, (short) 5), before))
                .isFalse();
    }

    @Test
    void shouldTakeAnEndOfTheSameEpochForThatOfTheTransactionWhereEpochsStay() {
        // given
        long before = ends.count();

        // when
        ends.add(end(5, 1));

        // then
        assertThat(ends.hasEndedSince(new TransactionProducer(PRODUCER, (short) 5), before))
                .isTrue();
        assertThat(ends.hasEndedSince(new TransactionProducer(PRODUCER, (short) 5), ends.count()))
                .isFalse();
        assertThat(ends.hasEndedSince(new TransactionProducer(PRODUCER, (short) 6), before))
                .isFalse();
    }

    private static TransactionMarker end(int epoch, int transactionVersion) {
        return new TransactionMarker(PRODUCER, (short) epoch, 0, true, transactionVersion);
    }
}
