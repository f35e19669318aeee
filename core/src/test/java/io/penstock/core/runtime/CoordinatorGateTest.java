package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoordinatorGateTest {

    @ParameterizedTest
    @CsvSource({
        "NONE, NONE, NONE",
        "PRODUCER_FENCED, INVALID_PRODUCER_EPOCH, INVALID_PRODUCER_EPOCH",
        "CONCURRENT_TRANSACTIONS, NOT_ENOUGH_REPLICAS, CONCURRENT_TRANSACTIONS",
        "NOT_COORDINATOR, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "COORDINATOR_NOT_AVAILABLE, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "COORDINATOR_LOAD_IN_PROGRESS, NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS",
        "TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE, TRANSACTION_ABORTABLE",
        "INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING, INVALID_PRODUCER_ID_MAPPING",
        "INVALID_TXN_STATE, INVALID_TXN_STATE, INVALID_TXN_STATE"
    })
    void shouldTellProducersWhatTheyKnow(Errors ofCoordinator, Errors inVersion1, Errors inVersion2) {
        assertThat(CoordinatorGate.inProduce(ofCoordinator, false)).isEqualTo(inVersion1);
        assertThat(CoordinatorGate.inProduce(ofCoordinator, true)).isEqualTo(inVersion2);
    }
}
