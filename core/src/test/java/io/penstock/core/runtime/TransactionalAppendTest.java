package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/** A partition that takes transactional batches, and the coordinator that it asks. */
class TransactionalAppendTest {
    private static final TransactionClaim JOINS = new TransactionClaim("t", true);
    private static final TransactionClaim ADDED = new TransactionClaim("t", false);

    private final ManualGate gate = new ManualGate();
    private boolean isVerified = true;
    private final PartitionHarness partition = new PartitionHarness(
            PartitionConfig.DEFAULT,
            PartitionLimits.DEFAULT,
            new FlakyLogStore(),
            new TransactionAdmissions(gate, () -> isVerified));

    private Reply<AppendResult> append(ByteBuffer batch, TransactionClaim claim) {
        return partition.append(new AppendRequest(batch, (short) 1, 5_000, Origin.CLIENT, claim));
    }

    private Reply<AppendResult> mark(ByteBuffer marker, int version) {
        return partition.append(AppendRequest.marker(marker, version, 5_000));
    }

    private void answer(Errors error) {
        gate.answer(error);
        partition.run();
    }

    private static Errors error(Reply<AppendResult> reply) {
        return reply.get().error();
    }

    @Test
    void shouldHoldTheFirstBatchUntilTheCoordinatorAdmitsIt() {
        // given
        Reply<AppendResult> first = append(RecordBatches.transactional(7, 0, 0, 1), JOINS);
        Reply<AppendResult> second = append(RecordBatches.transactional(7, 0, 1, 1), JOINS);
        assertThat(first.isThere()).isFalse();

        // when
        answer(Errors.NONE);

        // then: in order, and nobody is asked about the rest of the transaction
        assertThat(first.get().baseOffset()).isZero();
        assertThat(second.get().baseOffset()).isEqualTo(1);
        assertThat(append(RecordBatches.transactional(7, 0, 2, 1), JOINS).get().baseOffset())
                .isEqualTo(2);
        assertThat(gate.questions).isEmpty();
    }

    @Test
    void shouldLetOtherProducersGoOn() {
        // given
        Reply<AppendResult> waiting = append(RecordBatches.transactional(7, 0, 0, 1), JOINS);

        // when
        Reply<AppendResult> other = partition.append(RecordBatches.of("a"), 1);

        // then
        assertThat(error(other)).isEqualTo(Errors.NONE);
        assertThat(waiting.isThere()).isFalse();
    }

    @Test
    void shouldRefuseATransactionThatTheCoordinatorDoesNotKnow() {
        Reply<AppendResult> refused = append(RecordBatches.transactional(7, 0, 0, 1), ADDED);
        answer(Errors.TRANSACTION_ABORTABLE);
        assertThat(error(refused)).isEqualTo(Errors.TRANSACTION_ABORTABLE);
    }

    @Test
    void shouldRefuseATransactionalBatchWithoutAClaim() {
        Reply<AppendResult> refused = partition.append(RecordBatches.transactional(7, 0, 0, 1), 1);
        assertThat(error(refused)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(gate.questions).isEmpty();
    }

    @Test
    void shouldAskAboutEachTransaction() {
        // given
        append(RecordBatches.transactional(7, 0, 0, 1), JOINS);
        answer(Errors.NONE);

        // when
        assertThat(error(mark(RecordBatches.commitMarker(7, 1, 0), 2))).isEqualTo(Errors.NONE);
        Reply<AppendResult> next = append(RecordBatches.transactional(7, 1, 0, 1), JOINS);

        // then
        assertThat(gate.questions).hasSize(1);
        answer(Errors.NONE);
        assertThat(error(next)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldNotTakeAnAnswerFromBeforeAMarker() {
        // given
        Reply<AppendResult> late = append(RecordBatches.transactional(7, 0, 0, 1), ADDED);

        // when
        mark(RecordBatches.abortMarker(7, 0, 0), 1);
        answer(Errors.NONE);

        // then
        assertThat(error(late)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(partition.log().endOffset()).isEqualTo(1);
    }

    @Test
    void shouldAskAgainWhileTheTransactionBeforeEnds() {
        // given
        Reply<AppendResult> next = append(RecordBatches.transactional(7, 1, 0, 1), JOINS);

        // when
        answer(Errors.CONCURRENT_TRANSACTIONS);
        assertThat(gate.questions).isEmpty();
        partition.time.advance(20);

        // then
        answer(Errors.NONE);
        assertThat(error(next)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldSendTheProducerAwayWhenTheTransactionBeforeTakesLong() {
        // given
        Reply<AppendResult> next = append(RecordBatches.transactional(7, 1, 0, 1), JOINS);

        // when
        for (int i = 0; i < 6; i++) {
            answer(Errors.CONCURRENT_TRANSACTIONS);
            partition.time.advance(20);
        }

        // then
        assertThat(error(next)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void shouldSendTheProducerAwayWhenNobodyAnswers() {
        // given
        Reply<AppendResult> lost = append(RecordBatches.transactional(7, 0, 0, 1), JOINS);

        // when
        partition.time.advance(5_000);

        // then: a late answer does nothing
        assertThat(error(lost)).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        answer(Errors.NONE);
        assertThat(partition.log().endOffset()).isZero();
    }

    @Test
    void shouldSendTheProducerAwayWhenAnotherLeads() {
        Reply<AppendResult> held = append(RecordBatches.transactional(7, 0, 0, 1), JOINS);
        partition.update(PartitionHarness.image(2, 1, List.of(1, 2), List.of(1, 2)));
        assertThat(error(held)).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void shouldSendTheProducerAwayWhenThePartitionEnds() {
        Reply<AppendResult> held = append(RecordBatches.transactional(7, 0, 0, 1), JOINS);
        partition.live.end(true);
        partition.run();
        assertThat(error(held)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldNotCloseTheLogUnderWhatIsHeld() {
        // given
        Reply<AppendResult> held = append(RecordBatches.transactional(7, 0, 0, 1), JOINS);

        // when
        partition.live.askToClose();
        partition.run();
        answer(Errors.NONE);

        // then
        assertThat(error(held)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAskNobodyAboutAddedPartitionsWhenVerificationIsOff() {
        // given
        isVerified = false;

        // when
        Reply<AppendResult> added = append(RecordBatches.transactional(7, 0, 0, 1), ADDED);
        append(RecordBatches.transactional(8, 0, 0, 1), JOINS);

        // then: a partition that joins by its batch has to be told of all the same
        assertThat(error(added)).isEqualTo(Errors.NONE);
        assertThat(gate.questions).hasSize(1);
    }
}
