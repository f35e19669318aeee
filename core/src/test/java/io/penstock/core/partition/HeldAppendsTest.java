package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.HeldAppends.Held;
import io.penstock.core.partition.HeldAppends.Question;
import io.penstock.core.partition.HeldAppends.Verdict;
import java.util.Objects;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** Who waits for whose admission, with names instead of appends. */
class HeldAppendsTest {
    private static final long NOW = 1_000;
    private static final int BYTES = 100;

    private final HeldAppends<String> held = new HeldAppends<>(4, 1_000);

    private Verdict arrive(String name, long producerId, int epoch, int sequence, boolean joins) {
        TransactionBatch batch = new TransactionBatch(producerId, (short) epoch, sequence, true);
        return held.onBatch(
                new Held<>(name, batch, new TransactionClaim("t" + producerId, joins), BYTES, NOW + 100), true, NOW);
    }

    private Question question(long producerId) {
        return Objects.requireNonNull(held.takeQuestion(producerId));
    }

    @Test
    void shouldAskOnceAndHoldLaterBatchesOfTheProducerAlone() {
        // given
        assertThat(arrive("a", 7, 0, 0, true)).isEqualTo(Verdict.HELD);
        Question asked = question(7);

        // when
        assertThat(arrive("b", 7, 0, 1, true)).isEqualTo(Verdict.HELD);

        // then
        assertThat(held.takeQuestion(7)).isNull();
        assertThat(held.onBatch(
                        new Held<>("other", new TransactionBatch(8, (short) 0, 0, false), null, BYTES, NOW),
                        false,
                        NOW))
                .isEqualTo(Verdict.GO_ON);
        assertThat(held.onAnswer(asked, true).released()).containsExactly("a", "b");
        assertThat(arrive("c", 7, 0, 2, true)).isEqualTo(Verdict.GO_ON);
    }

    @Test
    void shouldHoldEvenABatchOutsideOfTransactionsBehindItsProducer() {
        // given
        arrive("a", 7, 0, 0, true);

        // when
        Verdict verdict = held.onBatch(
                new Held<>("plain", new TransactionBatch(7, (short) 0, 1, false), null, BYTES, NOW + 5), false, NOW);

        // then
        assertThat(verdict).isEqualTo(Verdict.HELD);
    }

    @Test
    void shouldRefuseAllOfTheEpochAndAskAgainForTheNext() {
        // given
        arrive("a", 7, 0, 0, true);
        Question asked = question(7);
        arrive("b", 7, 0, 1, true);
        arrive("c", 7, 1, 0, true);

        // when
        HeldAppends.Answered<String> outcome = held.onAnswer(asked, false);

        // then
        assertThat(outcome.refused()).containsExactly("a", "b");
        assertThat(outcome.released()).containsExactly("c");
        assertThat(arrive("c", 7, 1, 0, true)).isEqualTo(Verdict.HELD);
    }

    @Test
    void shouldNotAdmitWhatWaitedWhenAMarkerCame() {
        // given
        arrive("a", 7, 0, 0, false);
        Question asked = question(7);

        // when
        held.onMarker(7, (short) 0, 1);
        arrive("b", 7, 0, 1, false);
        HeldAppends.Answered<String> outcome = held.onAnswer(asked, true);

        // then: b came after the end of the transaction and may be of the next
        assertThat(outcome.refused()).containsExactly("a");
        assertThat(outcome.released()).containsExactly("b");
        assertThat(arrive("b", 7, 0, 1, false)).isEqualTo(Verdict.HELD);
    }

    @Test
    void shouldForgetAnAdmissionWhenAMarkerComes() {
        // given
        arrive("a", 7, 0, 0, false);
        held.onAnswer(question(7), true);

        // when
        held.onMarker(7, (short) 0, 1);

        // then
        assertThat(arrive("a", 7, 0, 0, false)).isEqualTo(Verdict.HELD);
    }

    @Test
    void shouldKeepTheNextTransactionWhenAMarkerOfVersionTwoEndsTheOneBefore() {
        // given
        arrive("next", 7, 5, 0, true);
        Question asked = question(7);

        // when
        held.onMarker(7, (short) 5, 2);

        // then
        assertThat(held.onAnswer(asked, true).released()).containsExactly("next");
    }

    @Test
    void shouldVoidATransactionThatAMarkerOfVersionTwoEnds() {
        // given
        arrive("old", 7, 4, 0, true);
        Question asked = question(7);

        // when
        held.onMarker(7, (short) 5, 2);

        // then
        assertThat(held.onAnswer(asked, true).refused()).containsExactly("old");
    }

    @Test
    void shouldLetAQuestionBePutAgainAndNotMindAMarkerInBetween() {
        // given
        arrive("a", 7, 5, 0, true);
        Question asked = question(7);

        // when
        held.onLater(asked);
        held.onMarker(7, (short) 4, 1);

        // then
        assertThat(held.onAnswer(question(7), true).released()).containsExactly("a");
    }

    @Test
    void shouldRememberTheLowestSequenceOfWhatWasRefused() {
        // given
        arrive("a", 7, 0, 3, false);
        arrive("b", 7, 0, 5, false);
        held.onAnswer(question(7), false);

        // when
        arrive("c", 7, 0, 7, false);
        held.onAnswer(question(7), true);

        // then
        TransactionAdmission admission = Objects.requireNonNull(held.admission(7));
        assertThat(admission.lowestSequence()).isEqualTo(3);
        assertThat(admission.isBehind(7)).isTrue();
        assertThat(admission.isBehind(3)).isFalse();
    }

    @Test
    void shouldKnowTheLowestSequenceAcrossTheEndOfNumbers() {
        assertThat(TransactionAdmission.lower(Integer.MAX_VALUE, 0)).isEqualTo(Integer.MAX_VALUE);
        assertThat(TransactionAdmission.lower(5, 3)).isEqualTo(3);
        assertThat(TransactionAdmission.lower(-1, 3)).isEqualTo(3);
    }

    @Test
    void shouldBoundWhatWaits() {
        for (int i = 0; i < 4; i++) {
            assertThat(arrive("p" + i, i, 0, 0, true)).isEqualTo(Verdict.HELD);
        }
        assertThat(arrive("too many", 9, 0, 0, true)).isEqualTo(Verdict.FULL);
    }

    @Test
    void shouldBoundTheBytesThatWaitButAlwaysTakeOne() {
        // given
        HeldAppends<String> small = new HeldAppends<>(10, 50);
        TransactionClaim claim = new TransactionClaim("t", true);

        // when, then
        TransactionBatch batch = new TransactionBatch(1, (short) 0, 0, true);
        assertThat(small.onBatch(new Held<>("a", batch, claim, 100, NOW), true, NOW))
                .isEqualTo(Verdict.HELD);
        assertThat(small.onBatch(new Held<>("b", batch, claim, 100, NOW), true, NOW))
                .isEqualTo(Verdict.FULL);
    }

    @Test
    void shouldGiveUpAQuestionWithAllThatWaitForIt() {
        // given
        arrive("a", 7, 0, 0, true);
        Question asked = question(7);
        arrive("b", 7, 0, 1, true);
        assertThat(held.earliestDeadlineMs()).isEqualTo(NOW + 100);

        // when
        assertThat(held.removeExpired(NOW + 99)).isEmpty();
        assertThat(held.removeExpired(NOW + 100)).containsExactly("a", "b");

        // then
        assertThat(held.onAnswer(asked, true).released()).isEmpty();
        assertThat(held.isEmpty()).isTrue();
        assertThat(held.count()).isZero();
    }

    @Test
    void shouldForgetTheOldestProducersOfWhomNothingWaits() {
        for (int i = 0; i <= HeldAppends.MAX_REMEMBERED; i++) {
            arrive("p", i, 0, 0, true);
            held.onAnswer(question(i), true);
        }
        assertThat(held.admission(0)).isNull();
        assertThat(held.admission(1)).isNotNull();
    }

    @Test
    void shouldTellClientsWhatTheyTryAgain() {
        assertThat(HeldAppends.refusal(Errors.COORDINATOR_LOAD_IN_PROGRESS).error())
                .isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(HeldAppends.refusal(Errors.PRODUCER_FENCED).error()).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(HeldAppends.refusal(Errors.TRANSACTION_ABORTABLE).error()).isEqualTo(Errors.TRANSACTION_ABORTABLE);
    }
}
