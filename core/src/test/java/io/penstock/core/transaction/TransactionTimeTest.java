package io.penstock.core.transaction;

import static io.penstock.core.transaction.TransactionFixture.A;
import static io.penstock.core.transaction.TransactionFixture.TIMEOUT_MS;
import static io.penstock.core.transaction.TransactionFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionTimeTest {
    private final TransactionFixture fixture = new TransactionFixture();

    @Test
    void shouldAbortATransactionThatTakesTooLongAndFenceItsProducer() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);

        // when
        fixture.advance(TIMEOUT_MS - 1);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
        fixture.advance(1);

        // then
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_ABORT);
        assertThat(fixture.state().producerEpoch()).isEqualTo((short) 1);
        assertThat(fixture.add(producer, A)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.end(producer, true).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void shouldTellAProducerInVersion2ThatItsAbortIsDoneAndItsCommitIsNot() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.advance(TIMEOUT_MS);

        // then
        assertThat(fixture.endV2(producer, true).error()).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(fixture.endV2(producer, false))
                .isEqualTo(new ProducerGrant(Errors.NONE, producer.producerId(), (short) 1));
    }

    @Test
    void shouldMeasureEachTransactionFromItsOwnStart() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        fixture.advance(TIMEOUT_MS - 1);
        fixture.end(producer, true);
        fixture.add(producer, A);

        // when
        fixture.advance(TIMEOUT_MS - 1);

        // then
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
    }

    @Test
    void shouldNotTakeAJumpOfTheClockForTime() {
        // given
        fixture.add(fixture.init(), A);

        // when
        fixture.jumpMs = TimeUnit.DAYS.toMillis(1);
        fixture.advance(10);

        // then
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
    }

    @Test
    void shouldCountTheTimeBeforeARestart() {
        // given
        fixture.add(fixture.init(), A);
        fixture.advance(TIMEOUT_MS - 10);
        fixture.restart();

        // when
        fixture.advance(9);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
        fixture.advance(1);

        // then
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_ABORT);
    }

    @Test
    void shouldTryAgainWhenTheAbortCannotBeWritten() {
        // given
        fixture.add(fixture.init(), A);
        fixture.holdsWrites = true;
        fixture.advance(TIMEOUT_MS);

        // when
        fixture.fail(Errors.COORDINATOR_NOT_AVAILABLE);
        fixture.holdsWrites = false;
        fixture.advance(1_000);

        // then
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_ABORT);
        assertThat(fixture.state().producerEpoch()).isEqualTo((short) 1);
    }

    // ---- expiry of ids

    private void expire() {
        fixture.submit(TransactionCommands.expire("tx"));
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "COMPLETE_COMMIT", "COMPLETE_ABORT"})
    void shouldForgetAnIdThatIsNotUsed(TransactionStatus status) {
        // given
        fixture.given(state(status, 3));
        fixture.nowMs += TransactionFixture.SETTINGS.idExpirationMs() - 1;
        expire();
        assertThat(fixture.shard.states()).hasSize(1);

        // when
        fixture.nowMs += 1;
        expire();

        // then
        assertThat(fixture.shard.states()).isEmpty();
        assertThat(fixture.log.get(fixture.log.size() - 1)).isEqualTo(new TransactionRecord("tx", null));
        fixture.restart();
        assertThat(fixture.shard.states()).isEmpty();
        assertThat(fixture.add(7, 3, A)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
    }

    @ParameterizedTest
    @EnumSource(names = {"ONGOING", "PREPARE_COMMIT", "PREPARE_ABORT"})
    void shouldNotForgetAnIdWhoseTransactionIsNotOver(TransactionStatus status) {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(status, 3));
        fixture.nowMs += TransactionFixture.SETTINGS.idExpirationMs() + 1;

        // when
        expire();

        // then
        assertThat(fixture.shard.states()).hasSize(1);
    }

    @Test
    void shouldNotTakeAJumpOfTheClockForAge() {
        // given
        fixture.init();

        // when
        fixture.jumpMs = TimeUnit.DAYS.toMillis(30);
        expire();

        // then
        assertThat(fixture.shard.states()).hasSize(1);
    }
}
