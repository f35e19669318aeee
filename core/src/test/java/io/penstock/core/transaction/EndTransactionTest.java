package io.penstock.core.transaction;

import static io.penstock.core.transaction.TransactionFixture.A;
import static io.penstock.core.transaction.TransactionFixture.B;
import static io.penstock.core.transaction.TransactionFixture.LEADER_EPOCH;
import static io.penstock.core.transaction.TransactionFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.transaction.TransactionFixture.Answer;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndTransactionTest {
    private final TransactionFixture fixture = new TransactionFixture();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldPrepareThenMarkThenComplete(boolean commit) {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A, B);
        fixture.holdsMarkers = true;

        // when
        ProducerGrant answer = fixture.end(producer, commit);

        // then
        assertThat(answer.error()).isEqualTo(Errors.NONE);
        assertThat(fixture.state().status())
                .isEqualTo(commit ? TransactionStatus.PREPARE_COMMIT : TransactionStatus.PREPARE_ABORT);
        assertThat(fixture.markers)
                .containsExactly(new MarkersToWrite(
                        "tx",
                        new TransactionMarker(producer.producerId(), (short) 0, LEADER_EPOCH, commit, 1),
                        Set.of(A, B)));

        // when
        fixture.holdsMarkers = false;
        fixture.settle();

        // then
        assertThat(fixture.state().status())
                .isEqualTo(commit ? TransactionStatus.COMPLETE_COMMIT : TransactionStatus.COMPLETE_ABORT);
        assertThat(fixture.state().partitions()).isEmpty();
        assertThat(fixture.state().producerEpoch()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "EMPTY, true, INVALID_TXN_STATE",
        "EMPTY, false, INVALID_TXN_STATE",
        "PREPARE_COMMIT, true, CONCURRENT_TRANSACTIONS",
        "PREPARE_COMMIT, false, INVALID_TXN_STATE",
        "PREPARE_ABORT, true, INVALID_TXN_STATE",
        "PREPARE_ABORT, false, CONCURRENT_TRANSACTIONS",
        "COMPLETE_COMMIT, true, NONE",
        "COMPLETE_COMMIT, false, INVALID_TXN_STATE",
        "COMPLETE_ABORT, true, INVALID_TXN_STATE",
        "COMPLETE_ABORT, false, NONE"
    })
    void shouldAnswerAsKafkaWhereNothingIsUnderWay(TransactionStatus status, boolean commit, Errors expected) {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(status, 3, TransactionState.VERSION_1));
        int written = fixture.log.size();

        // when
        ProducerGrant answer = fixture.end(new ProducerGrant(Errors.NONE, 7, (short) 3), commit);

        // then
        assertThat(answer.error()).isEqualTo(expected);
        assertThat(fixture.log).hasSize(written);
    }

    @Test
    void shouldRefuseStrangers() {
        fixture.given(state(TransactionStatus.ONGOING, 3));
        assertThat(fixture.end(new ProducerGrant(Errors.NONE, 8, (short) 3), true)
                        .error())
                .isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(fixture.end(new ProducerGrant(Errors.NONE, 7, (short) 2), true)
                        .error())
                .isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.end(new ProducerGrant(Errors.NONE, 7, (short) 4), true)
                        .error())
                .isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void shouldCarryOnAfterARestartWhatWasPrepared() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.holdsMarkers = true;
        fixture.end(producer, true);

        // when
        fixture.markers.clear();
        fixture.restart();

        // then
        assertThat(fixture.markers).hasSize(1);
        fixture.holdsMarkers = false;
        fixture.settle();
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_COMMIT);
    }

    @Test
    void shouldTryToCompleteAgainWhenThatCannotBeWritten() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.holdsMarkers = true;
        fixture.end(producer, true);
        fixture.holdsWrites = true;
        fixture.writeMarkers();

        // when
        fixture.fail(Errors.COORDINATOR_NOT_AVAILABLE);

        // then
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.PREPARE_COMMIT);
        fixture.holdsWrites = false;
        fixture.advance(1_000);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_COMMIT);
    }

    @Test
    void shouldAnswerAnEndThatCannotBeWrittenAndChangeNothing() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.holdsWrites = true;
        Answer<ProducerGrant> answer = fixture.endLater(producer.producerId(), 0, true, TransactionState.VERSION_1);

        // when
        fixture.fail(Errors.COORDINATOR_NOT_AVAILABLE);

        // then
        assertThat(answer.get().error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
        assertThat(fixture.markers).isEmpty();
    }

    @Test
    void shouldSendEverybodyAwayWhenItEnds() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.holdsWrites = true;
        Answer<ProducerGrant> writing = fixture.endLater(producer.producerId(), 0, true, TransactionState.VERSION_1);
        Answer<ProducerGrant> waiting = fixture.initLater(-1, -1);

        // when
        fixture.shard.onUnloaded();

        // then
        assertThat(writing.get().error()).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(waiting.get().error()).isEqualTo(Errors.NOT_COORDINATOR);
    }
}
