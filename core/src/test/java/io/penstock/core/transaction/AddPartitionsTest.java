package io.penstock.core.transaction;

import static io.penstock.core.transaction.TransactionFixture.A;
import static io.penstock.core.transaction.TransactionFixture.B;
import static io.penstock.core.transaction.TransactionFixture.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.transaction.TransactionFixture.Answer;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AddPartitionsTest {
    private final TransactionFixture fixture = new TransactionFixture();

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "COMPLETE_COMMIT", "COMPLETE_ABORT"})
    void shouldBeginATransaction(TransactionStatus status) {
        // given
        fixture.given(state(status, 3));
        fixture.nowMs += 500;

        // when
        Errors error = fixture.add(7, 3, A);

        // then
        assertThat(error).isEqualTo(Errors.NONE);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.ONGOING);
        assertThat(fixture.state().partitions()).containsExactly(A);
        assertThat(fixture.state().startMs()).isEqualTo(fixture.now().wallMs());
    }

    @Test
    void shouldAddToATransactionThatKeepsItsStart() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A);
        long startMs = fixture.state().startMs();
        fixture.nowMs += 500;

        // when
        fixture.add(producer, B);

        // then
        assertThat(fixture.state().partitions()).containsExactlyInAnyOrder(A, B);
        assertThat(fixture.state().startMs()).isEqualTo(startMs);
    }

    @Test
    void shouldWriteNothingForPartitionsThatAreThere() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A, B);
        int written = fixture.log.size();

        // then
        assertThat(fixture.add(producer, B)).isEqualTo(Errors.NONE);
        assertThat(fixture.log).hasSize(written);
    }

    @Test
    void shouldRefuseStrangers() {
        assertThat(fixture.add(7, 3, A)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        fixture.given(state(TransactionStatus.EMPTY, 3));
        assertThat(fixture.add(8, 3, A)).isEqualTo(Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(fixture.add(7, 2, A)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.add(7, 4, A)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    @ParameterizedTest
    @EnumSource(names = {"PREPARE_COMMIT", "PREPARE_ABORT"})
    void shouldLetProducersWaitWhileATransactionEnds(TransactionStatus status) {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(status, 3));

        // then
        assertThat(fixture.add(7, 3, B)).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(fixture.verify(7, 3, A)).containsEntry(A, Errors.CONCURRENT_TRANSACTIONS);
    }

    @Test
    void shouldLetThePatientWaitUntilTheTransactionBeforeIsComplete() {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(TransactionStatus.PREPARE_COMMIT, 3));
        Answer<Errors> first = fixture.addLater(7, 3, 100, A);
        Answer<Errors> second = fixture.addLater(7, 3, 100, B);
        assertThat(first.isThere()).isFalse();

        // when
        fixture.advance(99);
        fixture.holdsMarkers = false;
        fixture.settle();

        // then
        assertThat(first.get()).isEqualTo(Errors.NONE);
        assertThat(second.get()).isEqualTo(Errors.NONE);
        assertThat(fixture.state().partitions()).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void shouldSendThePatientAwayInTheEnd() {
        // given
        fixture.holdsMarkers = true;
        fixture.given(state(TransactionStatus.PREPARE_COMMIT, 3));
        Answer<Errors> answer = fixture.addLater(7, 3, 100, A);

        // when
        fixture.advance(100);

        // then
        assertThat(answer.get()).isEqualTo(Errors.CONCURRENT_TRANSACTIONS);
        fixture.holdsMarkers = false;
        fixture.settle();
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.COMPLETE_COMMIT);
    }

    @Test
    void shouldWritePartitionsThatComeTogetherOnce() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.holdsWrites = true;
        int written = fixture.log.size();
        Answer<Errors> first = fixture.addLater(producer.producerId(), 0, 0, A);
        Answer<Errors> second = fixture.addLater(producer.producerId(), 0, 0, B);
        Answer<Errors> third = fixture.addLater(producer.producerId(), 0, 0, new TopicPartition("c", 0));
        Answer<Errors> fenced = fixture.addLater(producer.producerId(), 1, 0, B);

        // when
        fixture.holdsWrites = false;
        fixture.settle();

        // then
        assertThat(first.get()).isEqualTo(Errors.NONE);
        assertThat(second.get()).isEqualTo(Errors.NONE);
        assertThat(third.get()).isEqualTo(Errors.NONE);
        assertThat(fenced.get()).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fixture.log).hasSize(written + 2);
        assertThat(fixture.state().partitions()).hasSize(3);
    }

    @Test
    void shouldChangeNothingWhenTheRecordCannotBeWritten() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.holdsWrites = true;
        Answer<Errors> answer = fixture.addLater(producer.producerId(), 0, 0, A);

        // when
        fixture.fail(Errors.COORDINATOR_NOT_AVAILABLE);

        // then
        assertThat(answer.get()).isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(fixture.state().status()).isEqualTo(TransactionStatus.EMPTY);
    }

    @Test
    void shouldRefuseMorePartitionsThanARecordMayHave() {
        // given
        ProducerGrant producer = fixture.init();
        fixture.shard.onMaxBatchBytes(200);

        // then
        assertThat(fixture.add(producer, new TopicPartition("x".repeat(200), 0)))
                .isEqualTo(Errors.UNKNOWN_SERVER_ERROR);
        assertThat(fixture.add(producer, A)).isEqualTo(Errors.NONE);
    }

    // ---- verification

    @Test
    void shouldTellWhichPartitionsAreInTheTransaction() {
        // given
        fixture.given(state(TransactionStatus.ONGOING, 3));
        int written = fixture.log.size();

        // then
        assertThat(fixture.verify(7, 3, A, B))
                .containsExactlyInAnyOrderEntriesOf(Map.of(A, Errors.NONE, B, Errors.TRANSACTION_ABORTABLE));
        assertThat(fixture.log).hasSize(written);
    }

    @ParameterizedTest
    @EnumSource(names = {"EMPTY", "COMPLETE_COMMIT", "COMPLETE_ABORT"})
    void shouldFindNothingInATransactionThatIsNotUnderWay(TransactionStatus status) {
        fixture.given(state(status, 3));
        assertThat(fixture.verify(7, 3, A)).containsEntry(A, Errors.TRANSACTION_ABORTABLE);
    }

    @Test
    void shouldVerifyNothingForStrangers() {
        assertThat(fixture.verify(7, 3, A)).containsEntry(A, Errors.INVALID_PRODUCER_ID_MAPPING);
        fixture.given(state(TransactionStatus.ONGOING, 3));
        assertThat(fixture.verify(8, 3, A)).containsEntry(A, Errors.INVALID_PRODUCER_ID_MAPPING);
        assertThat(fixture.verify(7, 2, A)).containsEntry(A, Errors.PRODUCER_FENCED);
    }
}
