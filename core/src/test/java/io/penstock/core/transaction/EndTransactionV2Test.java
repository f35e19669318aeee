package io.penstock.core.transaction;

import static io.penstock.core.transaction.TransactionFixture.A;
import static io.penstock.core.transaction.TransactionFixture.LEADER_EPOCH;
import static io.penstock.core.transaction.TransactionFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndTransactionV2Test {
    private static final int LAST_EPOCH = Short.MAX_VALUE - 1;

    private final TransactionFixture fixture = new TransactionFixture();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldMoveTheEpochOnAtEveryEnd(boolean commit) {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);

        // when
        ProducerGrant next = fixture.endV2(producer, commit);

        // then
        assertThat(next).isEqualTo(new ProducerGrant(Errors.NONE, producer.producerId(), (short) 1));
        assertThat(fixture.markers)
                .containsExactly(new MarkersToWrite(
                        "tx",
                        new TransactionMarker(producer.producerId(), (short) 1, LEADER_EPOCH, commit, 2),
                        Set.of(A)));
        assertThat(fixture.add(producer, A)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.add(next, A)).isEqualTo(Errors.NONE);
    }

    /** The table of the class, with the producer's epoch 3 being the current one of the state. */
    @ParameterizedTest
    @CsvSource({
        "EMPTY, 3, true, INVALID_TXN_STATE",
        "EMPTY, 2, true, PRODUCER_FENCED",
        "EMPTY, 2, false, PRODUCER_FENCED",
        "ONGOING, 2, true, PRODUCER_FENCED",
        "ONGOING, 4, true, PRODUCER_FENCED",
        "PREPARE_COMMIT, 2, true, CONCURRENT_TRANSACTIONS",
        "PREPARE_COMMIT, 2, false, CONCURRENT_TRANSACTIONS",
        "PREPARE_COMMIT, 3, true, CONCURRENT_TRANSACTIONS",
        "PREPARE_ABORT, 2, true, CONCURRENT_TRANSACTIONS",
        "PREPARE_ABORT, 2, false, CONCURRENT_TRANSACTIONS",
        "PREPARE_ABORT, 3, false, CONCURRENT_TRANSACTIONS",
        "COMPLETE_COMMIT, 2, true, NONE",
        "COMPLETE_COMMIT, 2, false, INVALID_TXN_STATE",
        "COMPLETE_COMMIT, 3, true, INVALID_TXN_STATE",
        "COMPLETE_COMMIT, 1, true, PRODUCER_FENCED",
        "COMPLETE_COMMIT, 4, true, PRODUCER_FENCED",
        "COMPLETE_ABORT, 2, true, INVALID_TXN_STATE",
        "COMPLETE_ABORT, 2, false, NONE",
        "COMPLETE_ABORT, 3, true, INVALID_TXN_STATE"
    })
    void shouldAnswerByTheTableAndWriteNothing(TransactionStatus status, int epoch, boolean commit, Errors expected) {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(status, 3));
        int written = fixture.log.size();

        // when
        ProducerGrant answer = fixture.endV2(7, epoch, commit);

        // then
        assertThat(answer.error()).isEqualTo(expected);
        assertThat(answer.producerEpoch()).isEqualTo((short) (expected == Errors.NONE ? 3 : -1));
        assertThat(fixture.log).hasSize(written);
    }

    @ParameterizedTest
    @CsvSource({"EMPTY", "COMPLETE_COMMIT", "COMPLETE_ABORT"})
    void shouldFenceByAnAbortOfNothing(TransactionStatus status) {
        // given
        fixture.given(state(status, 3));

        // when
        ProducerGrant next = fixture.endV2(7, 3, false);

        // then
        assertThat(next).isEqualTo(new ProducerGrant(Errors.NONE, 7, (short) 4));
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_ABORT);
        assertThat(fixture.markers).isEmpty();
        assertThat(fixture.endV2(7, 3, false)).isEqualTo(next);
    }

    @Test
    void shouldNeverEndTheNextTransactionByALateRequest() {
        // given
        ProducerGrant first = fixture.init();
        fixture.add(first, A);
        ProducerGrant second = fixture.endV2(first, true);
        fixture.add(second, A);

        // when the first end comes again
        ProducerGrant late = fixture.endV2(first, true);

        // then
        assertThat(late.error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
    }

    @Test
    void shouldGoOnWithANewIdWhenEpochsAreExhausted() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, LAST_EPOCH));
        fixture.holdsMarkers = true;

        // when
        ProducerGrant next = fixture.endV2(7, LAST_EPOCH, true);

        // then
        assertThat(next).isEqualTo(new ProducerGrant(Errors.NONE, 1_000, (short) 0));
        assertThat(fixture.state().producerId()).isEqualTo(7);
        assertThat(fixture.state().producerEpoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(fixture.endV2(7, LAST_EPOCH, true).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.add(1_000, 0, A)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.endV2(1_000, 0, false).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.init(1_000, 0).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);

        // when
        fixture.restart();
        fixture.holdsMarkers = false;
        fixture.settle();

        // then
        assertThat(fixture.state().producerId()).isEqualTo(1_000);
        assertThat(fixture.state().previousProducerId()).isEqualTo(7);
        assertThat(fixture.endV2(7, LAST_EPOCH, true)).isEqualTo(next);
        assertThat(fixture.endV2(7, LAST_EPOCH, false).error()).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(fixture.endV2(7, LAST_EPOCH - 1, true).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @Test
    void shouldLetAQuickAbortOfTheNextTransactionWaitForTheMarkers() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.holdsMarkers = true;
        ProducerGrant next = fixture.endV2(producer, true);

        // then
        assertThat(fixture.endV2(next, false).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        fixture.holdsMarkers = false;
        fixture.settle();
        assertThat(fixture.endV2(next, false).producerEpoch()).isEqualTo((short) 2);
    }

    @Test
    void shouldRefuseStrangers() {
        assertThat(fixture.endV2(7, 3, true).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        fixture.given(state(TransactionStatus.ONGOING, 3));
        assertThat(fixture.endV2(8, 3, true).error()).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }
}
