package io.penstock.core.transaction;

import static io.penstock.core.transaction.TransactionFixture.A;
import static io.penstock.core.transaction.TransactionFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.transaction.TransactionFixture.Answer;
import java.util.Set;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitProducerIdTest {
    private static final int LAST_EPOCH = Short.MAX_VALUE - 1;

    private final TransactionFixture fixture = new TransactionFixture();

    @Test
    void shouldGiveTheFirstProducerAFreshIdAtEpochZero() {
        // when
        ProducerGrant grant = fixture.init();

        // then
        assertThat(grant).isEqualTo(new ProducerGrant(Errors.NONE, 1_000, (short) 0));
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.EMPTY);
        assertThat(fixture.log).hasSize(1);
    }

    @Test
    void shouldGiveTheNextProducerTheNextEpoch() {
        // given
        fixture.init();

        // then
        assertThat(fixture.init()).isEqualTo(new ProducerGrant(Errors.NONE, 1_000, (short) 1));
        assertThat(fixture.nextProducerId).isEqualTo(1_001);
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "COMPLETE_COMMIT", "COMPLETE_ABORT"})
    void shouldBumpTheEpochOfAProducerThatRecovers(TransactionStatus status) {
        // given
        fixture.given(state(status, 3));

        // then
        assertThat(fixture.init(7, 3)).isEqualTo(new ProducerGrant(Errors.NONE, 7, (short) 4));
        assertThat(fixture.state().lastProducerEpoch()).isEqualTo((short) 3);
    }

    @Test
    void shouldGiveAProducerThatAsksTwiceTheSameEpoch() {
        // given
        fixture.given(state(TransactionStatus.EMPTY, 3));
        fixture.init(7, 3);

        // then
        assertThat(fixture.init(7, 3)).isEqualTo(new ProducerGrant(Errors.NONE, 7, (short) 4));
    }

    @Test
    void shouldFenceAProducerThatRecoversAfterAnotherTookOver() {
        // given
        fixture.given(state(TransactionStatus.EMPTY, 3));
        fixture.init();

        // then
        assertThat(fixture.init(7, 3).error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.init(8, 4).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void shouldNotLetAZombieThatRecoversEndTheTransactionOfItsSuccessor() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, 3));

        // then
        assertThat(fixture.init(7, 2).error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
    }

    @Test
    void shouldNotKnowAfterARestartWhoAskedBefore() {
        // given, as in Kafka, whose log does not have the last epoch
        fixture.given(state(TransactionStatus.EMPTY, 3));
        fixture.init(7, 3);
        fixture.restart();

        // then
        assertThat(fixture.init(7, 3).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARE_COMMIT", "PREPARE_ABORT"})
    void shouldLetProducersWaitWhileATransactionEnds(TransactionStatus status) {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(status, 3));

        // then
        assertThat(fixture.init().error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.init(7, 3).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.init(8, 3).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void shouldAbortWhatIsUnderWayBeforeAnotherProducerBegins() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, 3));
        fixture.holdsMarkers = true;

        // when
        ProducerGrant first = fixture.init();

        // then
        assertThat(first.error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.PREPARE_ABORT);
        assertThat(fixture.state().producerEpoch()).isEqualTo((short) 4);
        assertThat(fixture.markers)
                .containsExactly(new MarkersToWrite(
                        "tx",
                        new TransactionMarker(7, (short) 4, TransactionFixture.LEADER_EPOCH, false, 2),
                        Set.of(A)));

        // when
        fixture.writeMarkers();
        fixture.settle();

        // then
        assertThat(fixture.init()).isEqualTo(new ProducerGrant(Errors.NONE, 7, (short) 5));
    }

    @Test
    void shouldNotLetAZombieEndTheTransactionOfItsSuccessor() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, 3));

        // then
        assertThat(fixture.init(7, 2).error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
        assertThat(fixture.init(7, 3).error()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_ABORT);
    }

    @Test
    void shouldAbortInVersion1WhereTheClusterSpeaksIt() {
        // given
        fixture.transactionVersion = 1;
        fixture.given(state(TransactionStatus.ONGOING, 3, TransactionState.VERSION_1));

        // when
        fixture.init();

        // then
        TransactionMarker marker = fixture.markers.get(0).marker();
        assertThat(marker.producerEpoch()).isEqualTo((short) 4);
        assertThat(marker.transactionVersion()).isEqualTo(1);
        assertThat(fixture.state().lastProducerEpoch()).isEqualTo((short) -1);
        assertThat(fixture.init(7, 3).error()).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @Test
    void shouldLetAProducerWhoseTransactionWasAbortedRecoverInVersion2() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, 3));
        fixture.advance(TransactionFixture.TIMEOUT_MS + 1);

        // then
        assertThat(fixture.init(7, 3)).isEqualTo(new ProducerGrant(Errors.NONE, 7, (short) 4));
    }

    @Test
    void shouldGiveANewIdWhenEpochsAreExhausted() {
        // given
        fixture.given(state(TransactionStatus.COMPLETE_COMMIT, LAST_EPOCH));

        // when
        ProducerGrant grant = fixture.init(7, LAST_EPOCH);

        // then
        assertThat(grant).isEqualTo(new ProducerGrant(Errors.NONE, 1_000, (short) 0));
        assertThat(fixture.state().previousProducerId()).isEqualTo(7);
        assertThat(fixture.init(7, LAST_EPOCH)).isEqualTo(grant);
    }

    @Test
    void shouldFenceAnOldProducerOfAnExhaustedId() {
        // given
        fixture.given(state(TransactionStatus.COMPLETE_COMMIT, LAST_EPOCH));

        // then
        assertThat(fixture.init(7, LAST_EPOCH - 1).error()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.init()).isEqualTo(new ProducerGrant(Errors.NONE, 1_000, (short) 0));
    }

    @Test
    void shouldFenceWithTheLastEpochAndGoOnWithANewId() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, LAST_EPOCH));

        // when
        fixture.init();

        // then
        assertThat(fixture.markers.get(0).marker().producerEpoch()).isEqualTo(Short.MAX_VALUE);
        assertThat(fixture.state().producerId()).isEqualTo(1_000);
        assertThat(fixture.state().producerEpoch()).isZero();
        assertThat(fixture.init()).isEqualTo(new ProducerGrant(Errors.NONE, 1_000, (short) 1));
    }

    @Test
    void shouldTakeTheTimeoutOfTheNewestProducer() {
        // given
        fixture.init();
        Answer<ProducerGrant> answer = new Answer<>();

        // when
        fixture.submit(TransactionCommands.initProducerId("tx", 5, -1, (short) -1, answer));

        // then
        assertThat(fixture.state().timeoutMs()).isEqualTo(5);
    }

    @Test
    void shouldTellWhyThereIsNoProducerId() {
        // given
        fixture.holdsIds = true;
        Answer<ProducerGrant> answer = fixture.initLater(-1, -1);

        // when
        fixture.shard.onNoProducerId("tx", Errors.COORDINATOR_LOAD_IN_PROGRESS, fixture.now());

        // then
        assertThat(answer.get().error()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(fixture.shard.states()).isEmpty();
    }

    @Test
    void shouldServeProducersOfOneIdInTurnWhileAnIdIsLookedFor() {
        // given
        fixture.holdsIds = true;
        Answer<ProducerGrant> first = fixture.initLater(-1, -1);
        Answer<ProducerGrant> second = fixture.initLater(-1, -1);

        // when
        fixture.holdsIds = false;
        fixture.settle();

        // then
        assertThat(first.get().producerEpoch()).isZero();
        assertThat(second.get().producerEpoch()).isEqualTo((short) 1);
    }

    @Test
    void shouldTakeNoMoreIdsThanThereIsRoomFor() {
        // given
        fixture.settings = new TransactionSettings(900_000, 1_000, 1_000, 100, 1_000);
        fixture.restart();
        fixture.init();

        // when
        Answer<ProducerGrant> answer = new Answer<>();
        fixture.submit(TransactionCommands.initProducerId("other", 5, -1, (short) -1, answer));

        // then
        assertThat(answer.get().error()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.init().error()).isEqualTo(Errors.NONE);
    }
}
