package io.penstock.net.handler.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.partition.TransactionClaim;
import io.penstock.net.handler.CapturedResponder;
import io.penstock.net.handler.ErrorCodes;
import io.penstock.net.handler.FakeKernel;
import io.penstock.net.handler.HandlerSettings;
import io.penstock.net.handler.Requests;
import io.penstock.net.server.ApiHandler;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TxnOffsetCommitHandlerTest {
    private static final short NEWEST = ApiKeys.TXN_OFFSET_COMMIT.latestVersion();

    private final FakeKernel kernel = new FakeKernel();

    @BeforeEach
    void makeTopic() {
        kernel.cluster.addTopic("t", 2);
    }

    private static <T> T handle(ApiHandler handler, ApiMessage request, int version, Class<T> answer) {
        CapturedResponder responder = new CapturedResponder();
        handler.handle(Requests.of(request, version), responder);
        return answer.cast(responder.response(answer.asSubclass(ApiMessage.class), version));
    }

    private TxnOffsetCommitResponseData commit(TxnOffsetCommitRequestData request, int version) {
        return handle(new TxnOffsetCommitHandler(kernel), request, version, TxnOffsetCommitResponseData.class);
    }

    private static TxnOffsetCommitRequestData request(TxnOffsetCommitRequestTopic... topics) {
        return new TxnOffsetCommitRequestData()
                .setTransactionalId("tx")
                .setGroupId("g")
                .setProducerId(5)
                .setTopics(List.of(topics));
    }

    private static TxnOffsetCommitRequestTopic topic(String name, int... partitions) {
        return new TxnOffsetCommitRequestTopic()
                .setName(name)
                .setPartitions(IntStream.of(partitions)
                        .mapToObj(index -> new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(index)
                                .setCommittedOffset(7))
                        .toList());
    }

    private static TxnOffsetCommitResponseData answer(int partition, Errors error) {
        return new TxnOffsetCommitResponseData()
                .setTopics(List.of(new TxnOffsetCommitResponseTopic()
                        .setName("t")
                        .setPartitions(List.of(new TxnOffsetCommitResponsePartition()
                                .setPartitionIndex(partition)
                                .setErrorCode(error.code())))));
    }

    @Test
    void shouldCommitInEveryVersion() {
        for (int version = 0; version <= NEWEST; version++) {
            // given
            kernel.groups.answers.add(answer(0, Errors.NONE));

            // when
            TxnOffsetCommitResponseData response = commit(request(topic("t", 0)), version);

            // then: the newest version joins, the others have told the transaction's coordinator before
            assertThat(response).isEqualTo(answer(0, Errors.NONE));
            assertThat(kernel.groups.asked).contains(new TransactionClaim("tx", version >= 5));
            kernel.groups.asked.clear();
        }
    }

    @Test
    void shouldRefusePartitionsThatAreNotThereAndCommitTheOthers() {
        // given
        kernel.groups.answers.add(answer(1, Errors.NONE));

        // when
        TxnOffsetCommitResponseData response = commit(request(topic("t", 1, 2), topic("nix", 0)), NEWEST);

        // then
        assertThat(kernel.groups.lastAsked(TxnOffsetCommitRequestData.class).topics())
                .containsExactly(topic("t", 1));
        assertThat(response.topics())
                .flatExtracting(topic -> topic.partitions().stream()
                        .map(partition -> tuple(topic.name(), partition.partitionIndex(), partition.errorCode()))
                        .toList())
                .containsExactlyInAnyOrder(
                        tuple("t", 1, Errors.NONE.code()),
                        tuple("t", 2, Errors.UNKNOWN_TOPIC_OR_PARTITION.code()),
                        tuple("nix", 0, Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
    }

    @Test
    void shouldNotAskTheCoordinatorForNothing() {
        TxnOffsetCommitResponseData response = commit(request(topic("nix", 0)), NEWEST);

        assertThat(response.topics()).hasSize(1);
        assertThat(kernel.groups.asked).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PRODUCER_FENCED,              0, INVALID_PRODUCER_EPOCH",
        "PRODUCER_FENCED,              5, INVALID_PRODUCER_EPOCH",
        "TRANSACTION_ABORTABLE,        3, INVALID_TXN_STATE",
        "TRANSACTION_ABORTABLE,        4, TRANSACTION_ABORTABLE",
        "COORDINATOR_LOAD_IN_PROGRESS, 1, COORDINATOR_NOT_AVAILABLE",
        "COORDINATOR_LOAD_IN_PROGRESS, 2, COORDINATOR_LOAD_IN_PROGRESS",
        "NETWORK_EXCEPTION,            1, COORDINATOR_NOT_AVAILABLE",
        "NETWORK_EXCEPTION,            5, COORDINATOR_LOAD_IN_PROGRESS",
        "ILLEGAL_GENERATION,           3, ILLEGAL_GENERATION",
        "CONCURRENT_TRANSACTIONS,      5, CONCURRENT_TRANSACTIONS"
    })
    void shouldTellEachVersionWhatItKnows(Errors error, short version, Errors told) {
        assertThat(ErrorCodes.ofTxnOffsetCommit(error, version)).isEqualTo(told);

        kernel.groups.answers.add(answer(0, error));
        assertThat(commit(request(topic("t", 0)), version)).isEqualTo(answer(0, told));
    }

    // ---- stable offsets

    @Test
    void shouldPassOnWhetherOffsetsMustBeStable() {
        for (int version : new int[] {7, 8, 9, 10}) {
            for (boolean requireStable : new boolean[] {true, false}) {
                // given
                OffsetFetchRequestData request = new OffsetFetchRequestData()
                        .setRequireStable(requireStable)
                        .setGroupId("g")
                        .setTopics(null)
                        .setGroups(List.of(
                                new OffsetFetchRequestGroup().setGroupId("g").setTopics(null)));
                kernel.groups.answers.add(new OffsetFetchResponseGroup().setGroupId("g"));
                ApiHandler handler = GroupHandlers.of(kernel, HandlerSettings.DEFAULT).stream()
                        .filter(one -> one.api() == ApiKeys.OFFSET_FETCH)
                        .findFirst()
                        .orElseThrow();

                // when
                handler.handle(Requests.of(request, version), new CapturedResponder());

                // then
                assertThat(kernel.groups.wasStableRequired)
                        .as("version %d", version)
                        .isEqualTo(requireStable);
            }
        }
    }
}
