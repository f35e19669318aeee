package io.penstock.core.transaction;

import static io.penstock.core.transaction.TransactionFixture.A;
import static io.penstock.core.transaction.TransactionFixture.B;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.transaction.TransactionListing.Filter;
import java.util.List;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransactionListingTest {
    private final TransactionFixture fixture = new TransactionFixture();

    @BeforeEach
    void beginOne() {
        ProducerGrant producer = fixture.init();
        fixture.add(producer, A, B);
        fixture.submit(TransactionCommands.initProducerId("idle", 5, -1, (short) -1, grant -> {}));
    }

    private List<String> ids(ListTransactionsRequestData request) {
        return TransactionListing.list(
                        fixture.shard, Filter.of(request), fixture.now().wallMs())
                .stream()
                .map(TransactionState::transactionalId)
                .sorted()
                .toList();
    }

    @Test
    void shouldListAllWithoutAFilter() {
        assertThat(ids(new ListTransactionsRequestData())).containsExactly("idle", "tx");
    }

    @Test
    void shouldFilterByStateAndNameThoseItDoesNotKnow() {
        // given
        ListTransactionsRequestData request =
                new ListTransactionsRequestData().setStateFilters(List.of("Ongoing", "ongoing", "Gone"));

        // then
        assertThat(ids(request)).containsExactly("tx");
        assertThat(Filter.of(request).unknownStatuses()).containsExactly("ongoing", "Gone");
        assertThat(ids(new ListTransactionsRequestData().setStateFilters(List.of("Gone"))))
                .isEmpty();
    }

    @Test
    void shouldFilterByProducerId() {
        assertThat(ids(new ListTransactionsRequestData().setProducerIdFilters(List.of(1_001L))))
                .containsExactly("idle");
    }

    @Test
    void shouldFilterByDuration() {
        // given
        ListTransactionsRequestData request =
                new ListTransactionsRequestData().setDurationFilter(500).setStateFilters(List.of("Ongoing"));

        // then
        assertThat(ids(request)).isEmpty();
        fixture.nowMs += 501;
        assertThat(ids(request)).containsExactly("tx");
    }

    @Test
    void shouldFilterByAPatternForTheWholeId() {
        assertThat(ids(new ListTransactionsRequestData().setTransactionalIdPattern("i.*")))
                .containsExactly("idle");
        assertThat(ids(new ListTransactionsRequestData().setTransactionalIdPattern("d")))
                .isEmpty();
        assertThat(ids(new ListTransactionsRequestData().setTransactionalIdPattern("")))
                .hasSize(2);
        assertThat(Filter.flaw(new ListTransactionsRequestData().setTransactionalIdPattern("(")))
                .isNotNull();
        assertThat(Filter.flaw(new ListTransactionsRequestData())).isNull();
    }

    @Test
    void shouldDescribeATransaction() {
        // when
        DescribeTransactionsResponseData.TransactionState described = TransactionListing.describe(fixture.shard, "tx");

        // then
        assertThat(described.transactionState()).isEqualTo("Ongoing");
        assertThat(described.producerId()).isEqualTo(1_000);
        assertThat(described.transactionTimeoutMs()).isEqualTo(TransactionFixture.TIMEOUT_MS);
        assertThat(described.transactionStartTimeMs()).isEqualTo(fixture.now().wallMs());
        assertThat(described.topics().find("a").partitions()).containsExactly(0);
        assertThat(described.topics().find("b").partitions()).containsExactly(1);
    }

    @Test
    void shouldNotFindAnIdThatIsUnknown() {
        assertThat(TransactionListing.describe(fixture.shard, "x").errorCode())
                .isEqualTo(Errors.TRANSACTIONAL_ID_NOT_FOUND.code());
    }
}
