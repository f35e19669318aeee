package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStateTable;
import io.penstock.storage.producer.ProducerStates.SequenceCheck;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Kafka's rules about producers, against a real table of producers. */
class ProducerRulesTest {
    private static final TransactionAdmission V1 = new TransactionAdmission((short) 0, true, false, 5);
    private static final TransactionAdmission V2 = new TransactionAdmission((short) 0, true, true, 0);

    private final ProducerStateTable producers = new ProducerStateTable(0);

    private void written(ByteBuffer batch) {
        producers.onAppended(batch, producers.mapEndOffset());
    }

    private Errors judge(ByteBuffer batch, @Nullable TransactionAdmission admission) {
        SequenceCheck check = producers.check(
                BatchHeader.producerId(batch, 0),
                BatchHeader.producerEpoch(batch, 0),
                BatchHeader.baseSequence(batch, 0),
                BatchHeader.lastSequence(batch, 0),
                true);
        return error(ProducerRules.refuseRecords(
                batch,
                Origin.CLIENT,
                check.verdict(),
                producers.find(BatchHeader.producerId(batch, 0)),
                admission,
                false));
    }

    private Errors judgeMarker(ByteBuffer marker, int version) {
        return error(ProducerRules.refuseMarker(marker, version, producers.find(BatchHeader.producerId(marker, 0))));
    }

    private static Errors error(@Nullable AppendResult refusal) {
        return refusal == null ? Errors.NONE : refusal.error();
    }

    @Test
    void shouldRefuseRecordsOutsideOfAnOpenTransaction() {
        written(RecordBatches.transactional(7, 0, 0, 1));
        assertThat(judge(RecordBatches.idempotent(7, 0, 1, 1), null)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(judge(RecordBatches.idempotent(8, 0, 0, 1), null)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTakeTransactionsThatAreAdmittedAlone() {
        assertThat(judge(RecordBatches.transactional(7, 0, 0, 1), null)).isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(judge(RecordBatches.transactional(7, 0, 0, 1), V2)).isEqualTo(Errors.NONE);
        assertThat(judge(RecordBatches.transactional(7, 1, 0, 1), V2)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void shouldNotTakeAnOpenTransactionOfAnotherEpochForThisOne() {
        written(RecordBatches.transactional(7, 0, 0, 1));
        assertThat(judge(RecordBatches.transactional(7, 1, 0, 1), null)).isEqualTo(Errors.INVALID_TXN_STATE);
    }

    @Test
    void shouldLetAnUnknownProducerBeginWithAnySequenceInVersionOneOnly() {
        assertThat(judge(RecordBatches.transactional(7, 0, 5, 1), V1)).isEqualTo(Errors.NONE);
        assertThat(judge(RecordBatches.transactional(7, 0, 5, 1), V2)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldNotLetALaterBatchTakeThePlaceOfOneThatWasRefused() {
        assertThat(judge(RecordBatches.transactional(7, 0, 6, 1), V1)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldKeepSequencesInVersionOneAndBeginAnewInVersionTwo() {
        // given: a transaction of each version has ended
        written(RecordBatches.transactional(7, 0, 0, 2));
        written(RecordBatches.commitMarker(7, 0, 0));
        written(RecordBatches.transactional(8, 0, 0, 2));
        written(RecordBatches.commitMarker(8, 1, 0));

        // when, then
        TransactionAdmission v1 = new TransactionAdmission((short) 0, true, false, 2);
        assertThat(judge(RecordBatches.transactional(7, 0, 2, 1), v1)).isEqualTo(Errors.NONE);
        TransactionAdmission v2 = new TransactionAdmission((short) 1, true, true, 0);
        assertThat(judge(RecordBatches.transactional(8, 1, 0, 1), v2)).isEqualTo(Errors.NONE);
        assertThat(judge(RecordBatches.transactional(8, 1, 2, 1), v2)).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        TransactionAdmission late = new TransactionAdmission((short) 0, true, true, 0);
        assertThat(judge(RecordBatches.transactional(8, 0, 2, 1), late)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldFenceMarkersOfFormerCoordinatorsAndProducers() {
        written(RecordBatches.transactional(7, 3, 0, 1));
        written(RecordBatches.commitMarker(7, 3, 5));
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 3, 4), 1))
                .isEqualTo(Errors.TRANSACTION_COORDINATOR_FENCED);
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 2, 5), 1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 3, 5), 1)).isEqualTo(Errors.NONE);
        assertThat(judgeMarker(RecordBatches.commitMarker(9, 0, 0), 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldAskAHigherEpochOfMarkersOfVersionTwo() {
        // given
        written(RecordBatches.transactional(7, 3, 0, 1));

        // when, then: the marker of the transaction before may not end this one
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 3, 0), 2)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 4, 0), 2)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldTakeAMarkerOfVersionTwoAgainWhenNothingIsOpen() {
        written(RecordBatches.transactional(7, 3, 0, 1));
        written(RecordBatches.commitMarker(7, 4, 0));
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 4, 0), 2)).isEqualTo(Errors.NONE);
        assertThat(judgeMarker(RecordBatches.commitMarker(7, 3, 0), 2)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
    }

    @Test
    void shouldEndATransactionOfTheLastEpochThereIs() {
        written(RecordBatches.transactional(7, Short.MAX_VALUE, 0, 1));
        assertThat(judgeMarker(RecordBatches.abortMarker(7, Short.MAX_VALUE, 0), 2))
                .isEqualTo(Errors.NONE);
    }
}
