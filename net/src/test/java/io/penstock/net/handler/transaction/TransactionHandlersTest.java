package io.penstock.net.handler.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.TransactionCoordinator.Protocol;
import io.penstock.net.handler.CapturedResponder;
import io.penstock.net.handler.FakeKernel;
import io.penstock.net.handler.Requests;
import io.penstock.net.server.ApiHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.DescribeTransactionsRequestData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddPartitionsToTxnResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TransactionHandlersTest {
    private final FakeKernel kernel = new FakeKernel();
    private final Map<ApiKeys, ApiHandler> handlers = new HashMap<>();

    TransactionHandlersTest() {
        TransactionHandlers.of(kernel).forEach(handler -> handlers.put(handler.api(), handler));
    }

    private <T extends ApiMessage> T ask(ApiKeys api, ApiMessage data, int version, Class<T> type) {
        CapturedResponder responder = new CapturedResponder();
        Objects.requireNonNull(handlers.get(api)).handle(Requests.of(data, version), responder);
        return responder.response(type, version);
    }

    // ---- InitProducerId

    private InitProducerIdResponseData initProducerId(
            @Nullable String transactionalId, long producerId, int epoch, int version) {
        InitProducerIdRequestData data = new InitProducerIdRequestData()
                .setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch((short) epoch);
        return ask(ApiKeys.INIT_PRODUCER_ID, data, version, InitProducerIdResponseData.class);
    }

    @Test
    void shouldGiveEveryIdempotentProducerAFreshId() {
        // when
        InitProducerIdResponseData first = initProducerId(null, -1, -1, 0);
        InitProducerIdResponseData second = initProducerId(null, first.producerId(), 0, 5);

        // then
        assertThat(first.errorCode()).isZero();
        assertThat(first.producerEpoch()).isZero();
        assertThat(second.producerId()).isNotEqualTo(first.producerId());
        assertThat(second.producerEpoch()).isZero();
    }

    @Test
    void shouldLetProducersAskAgainWhenNoIdCanBeAllocated() {
        // given
        kernel.clusterAdmin.broken = true;

        // then
        assertThat(initProducerId(null, -1, -1, 5).errorCode()).isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
    }

    @Test
    void shouldRefuseHalfAProducerIdentity() {
        assertThat(initProducerId(null, 5, -1, 5).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(initProducerId(null, -1, 5, 5).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
        assertThat(initProducerId("tx", 5, -1, 5).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
    }

    @Test
    void shouldAskTheCoordinatorForTransactionalProducers() {
        // given
        kernel.transactions.answers.add(
                new InitProducerIdResponseData().setProducerId(7).setProducerEpoch((short) 3));

        // when
        InitProducerIdResponseData response = initProducerId("tx", 7, 2, 5);

        // then
        assertThat(response.producerId()).isEqualTo(7);
        assertThat(response.producerEpoch()).isEqualTo((short) 3);
    }

    private Errors fencedInit(int version) {
        kernel.transactions.answers.add(new InitProducerIdResponseData().setErrorCode(Errors.PRODUCER_FENCED.code()));
        return Errors.forCode(initProducerId("tx", -1, -1, version).errorCode());
    }

    @Test
    void shouldTellOldProducersTheCodeTheyKnowForBeingFenced() {
        kernel.cluster.addTopic("t", 1);
        assertThat(fencedInit(3)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(fencedInit(4)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fencedEnd(1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(fencedEnd(2)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fencedOffsets(1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(fencedOffsets(2)).isEqualTo(Errors.PRODUCER_FENCED);
        assertThat(fencedPartitions(1)).isEqualTo(Errors.INVALID_PRODUCER_EPOCH);
        assertThat(fencedPartitions(2)).isEqualTo(Errors.PRODUCER_FENCED);
    }

    // ---- EndTxn

    private EndTxnResponseData endTxn(EndTxnResponseData answer, int version) {
        kernel.transactions.answers.add(answer);
        EndTxnRequestData data = new EndTxnRequestData()
                .setTransactionalId("tx")
                .setProducerId(7)
                .setCommitted(true);
        return ask(ApiKeys.END_TXN, data, version, EndTxnResponseData.class);
    }

    private Errors fencedEnd(int version) {
        return Errors.forCode(endTxn(new EndTxnResponseData().setErrorCode(Errors.PRODUCER_FENCED.code()), version)
                .errorCode());
    }

    @Test
    void shouldTellByTheVersionWhichTransactionsTheClientSpeaks() {
        // when
        endTxn(new EndTxnResponseData(), 4);
        EndTxnResponseData bumped =
                endTxn(new EndTxnResponseData().setProducerId(7).setProducerEpoch((short) 4), 5);

        // then
        assertThat(kernel.transactions.protocols).containsExactly(Protocol.V1, Protocol.V2);
        assertThat(bumped.producerId()).isEqualTo(7);
        assertThat(bumped.producerEpoch()).isEqualTo((short) 4);
    }

    // ---- AddOffsetsToTxn

    private Errors fencedOffsets(int version) {
        kernel.transactions.answers.add(new AddOffsetsToTxnResponseData().setErrorCode(Errors.PRODUCER_FENCED.code()));
        AddOffsetsToTxnRequestData data =
                new AddOffsetsToTxnRequestData().setTransactionalId("tx").setGroupId("g");
        return Errors.forCode(ask(ApiKeys.ADD_OFFSETS_TO_TXN, data, version, AddOffsetsToTxnResponseData.class)
                .errorCode());
    }

    // ---- AddPartitionsToTxn

    private static AddPartitionsToTxnTopicCollection topics(String topic, Integer... partitions) {
        AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
        topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partitions)));
        return topics;
    }

    private Map<TopicPartition, Errors> addPartitions(AddPartitionsToTxnTopicCollection topics, int version) {
        AddPartitionsToTxnRequestData data = new AddPartitionsToTxnRequestData();
        if (version < 4) {
            data.setV3AndBelowTransactionalId("tx").setV3AndBelowTopics(topics);
        } else {
            data.transactions()
                    .add(new AddPartitionsToTxnTransaction()
                            .setTransactionalId("tx")
                            .setTopics(topics));
        }
        AddPartitionsToTxnResponseData response =
                ask(ApiKeys.ADD_PARTITIONS_TO_TXN, data, version, AddPartitionsToTxnResponseData.class);
        String key = version < 4 ? AddPartitionsToTxnResponse.V3_AND_BELOW_TXN_ID : "tx";
        return Objects.requireNonNull(
                new AddPartitionsToTxnResponse(response).errors().get(key));
    }

    private void answerPartitions(Errors error) {
        kernel.transactions.answers.add(
                AddPartitionsToTxnResponse.resultForTransaction("tx", Map.of(new TopicPartition("t", 0), error)));
    }

    private Errors fencedPartitions(int version) {
        answerPartitions(Errors.PRODUCER_FENCED);
        return Objects.requireNonNull(addPartitions(topics("t", 0), version).get(new TopicPartition("t", 0)));
    }

    @Test
    void shouldAnswerClientsForOneTransactionAndBrokersForMany() {
        // given
        kernel.cluster.addTopic("t", 1);

        for (int version = 0; version <= 5; version++) {
            // when
            answerPartitions(Errors.NONE);

            // then
            assertThat(addPartitions(topics("t", 0), version))
                    .containsExactly(Map.entry(new TopicPartition("t", 0), Errors.NONE));
        }
        assertThat(kernel.transactions.protocols)
                .containsExactly(Protocol.V1, Protocol.V1, Protocol.V1, Protocol.V1, Protocol.V2, Protocol.V2);
    }

    @Test
    void shouldKeepAllPartitionsOutIfOneDoesNotExist() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        Map<TopicPartition, Errors> errors = addPartitions(topics("t", 0, 1), 3);

        // then
        assertThat(errors)
                .containsEntry(new TopicPartition("t", 0), Errors.OPERATION_NOT_ATTEMPTED)
                .containsEntry(new TopicPartition("t", 1), Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(kernel.transactions.asked).isEmpty();
    }

    @Test
    void shouldKeepClientsOutOfInternalTopics() {
        // given
        kernel.cluster.addTopic("__consumer_offsets", 1);

        // then
        assertThat(addPartitions(topics("__consumer_offsets", 0), 3).values())
                .containsExactly(Errors.TOPIC_AUTHORIZATION_FAILED);
    }

    // ---- administration

    @Test
    void shouldDescribeAndListInEveryVersion() {
        // given
        kernel.transactions.answers.add(new DescribeTransactionsResponseData.TransactionState()
                .setTransactionalId("tx")
                .setTransactionState("Ongoing"));
        for (int version = 0; version <= 2; version++) {
            kernel.transactions.answers.add(new ListTransactionsResponseData()
                    .setTransactionStates(
                            List.of(new ListTransactionsResponseData.TransactionState().setTransactionalId("tx"))));
        }

        // then
        assertThat(ask(
                                ApiKeys.DESCRIBE_TRANSACTIONS,
                                new DescribeTransactionsRequestData().setTransactionalIds(List.of("tx")),
                                0,
                                DescribeTransactionsResponseData.class)
                        .transactionStates())
                .hasSize(1);
        for (int version = 0; version <= 2; version++) {
            assertThat(ask(
                                    ApiKeys.LIST_TRANSACTIONS,
                                    new ListTransactionsRequestData(),
                                    version,
                                    ListTransactionsResponseData.class)
                            .transactionStates())
                    .hasSize(1);
        }
    }
}
