package io.penstock.net.handler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.BrokerImage.HostPort;
import io.penstock.core.partition.FetchRequest;
import io.penstock.net.handler.CapturedResponder;
import io.penstock.net.handler.FakeKernel;
import io.penstock.net.handler.FakePartition;
import io.penstock.net.handler.FakeSlices;
import io.penstock.net.handler.Requests;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ReplicaState;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class FetchHandlerTest {
    private static final int LATEST = 18;

    private final FakeKernel kernel = new FakeKernel();
    private final ManualTimers timers = new ManualTimers();
    private final CapturedResponder responder = new CapturedResponder();
    private final FetchHandler handler = new FetchHandler(kernel, 10, 1, 50_000, timers, () -> 0);

    private FakePartition partition(int index) {
        return kernel.router.partition(kernel.cluster.partition("t", index));
    }

    private Uuid topicId() {
        return kernel.cluster.topic("t").id();
    }

    /** A sessionless request for the first partitions of topic t from offset 0, waiting for one byte for at most 500 ms. */
    private FetchRequestData fetch(int partitions) {
        FetchTopic topic = new FetchTopic().setTopic("t").setTopicId(topicId());
        for (int i = 0; i < partitions; i++) {
            topic.partitions().add(new FetchPartition().setPartition(i).setPartitionMaxBytes(1000));
        }
        return new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(10_000)
                .setSessionEpoch(-1)
                .setTopics(new ArrayList<>(List.of(topic)));
    }

    private void handle(FetchRequestData data) {
        handle(data, LATEST);
    }

    private void handle(FetchRequestData data, int version) {
        handler.handle(Requests.of(data, version), responder);
    }

    private List<PartitionData> answers() {
        return answers(responder, LATEST);
    }

    private static List<PartitionData> answers(CapturedResponder responder, int version) {
        return responder.response(FetchResponseData.class, version).responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
    }

    private static int bytes(PartitionData data) {
        return data.records().sizeInBytes();
    }

    @Test
    void shouldAnswerAtOnceWhenRecordsAreThere() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).append(100);

        // when
        handle(fetch(1));

        // then
        PartitionData answer = answers().get(0);
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.highWatermark()).isEqualTo(1);
        assertThat(answer.lastStableOffset()).isEqualTo(1);
        assertThat(bytes(answer)).isEqualTo(100);
        assertThat(answer.preferredReadReplica()).isEqualTo(-1);
        assertThat(answer.abortedTransactions()).isNull();
        assertThat(timers.running()).isZero();
    }

    @Test
    void shouldWaitInsideTheOnlyPartitionAndAnswerInTheTurnOfTheAppend() {
        // given
        kernel.cluster.addTopic("t", 1);
        handle(fetch(1));
        assertThat(responder.isAnswered()).isFalse();
        assertThat(partition(0).fetches).extracting(FetchRequest::minBytes).containsExactly(1);

        // when
        partition(0).append(100);

        // then
        assertThat(bytes(answers().get(0))).isEqualTo(100);
        assertThat(partition(0).fetches).hasSize(1);
        assertThat(timers.running()).isZero();
    }

    @Test
    void shouldAnswerEmptyAfterMaxWait() {
        // given
        kernel.cluster.addTopic("t", 2);
        handle(fetch(2));
        assertThat(timers.onlyDelayMs()).isEqualTo(500);

        // when
        timers.expireAll();

        // then
        assertThat(answers()).hasSize(2);
        assertThat(answers()).allSatisfy(answer -> {
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.records()).isNotNull();
            assertThat(bytes(answer)).isZero();
        });
        assertThat(partition(0).waiting()).isZero();
    }

    @Test
    void shouldNotWaitWithoutMaxWaitOrMinBytes() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        handle(fetch(1).setMaxWaitMs(0));
        CapturedResponder second = new CapturedResponder();
        handler.handle(Requests.of(fetch(1).setMinBytes(0), LATEST), second);

        // then
        assertThat(responder.isAnswered()).isTrue();
        assertThat(second.isAnswered()).isTrue();
    }

    @Test
    void shouldAddUpWhatIsThereInSeveralPartitions() {
        // given
        kernel.cluster.addTopic("t", 3);
        handle(fetch(3).setMinBytes(250));
        partition(0).append(100);
        partition(1).append(100);
        assertThat(responder.isAnswered()).isFalse();

        // when
        partition(2).append(50);

        // then
        assertThat(answers()).extracting(FetchHandlerTest::bytes).containsExactly(100, 100, 50);
        assertThat(timers.running()).isZero();
    }

    @Test
    void shouldNotWaitForMoreThanTheAnswerMayHold() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).append(600);

        // when
        handle(fetch(1).setMinBytes(1_000_000).setMaxBytes(500));

        // then
        assertThat(bytes(answers().get(0))).isEqualTo(600);
    }

    @Test
    void shouldAnswerAtOnceWhenAPartitionFails() {
        // given
        kernel.cluster.addTopic("t", 2);
        handle(fetch(2));

        // when
        partition(1).fail(Errors.NOT_LEADER_OR_FOLLOWER);

        // then
        assertThat(answers())
                .extracting(PartitionData::errorCode)
                .containsExactly((short) 0, Errors.NOT_LEADER_OR_FOLLOWER.code());
    }

    @Test
    void shouldTellUnknownTopicsAndPartitionsTogetherWithTheOthers() {
        // given
        kernel.cluster.addTopic("t", 1);
        FetchRequestData data = fetch(2);
        FetchTopic unknown = new FetchTopic()
                .setTopicId(Uuid.randomUuid())
                .setPartitions(List.of(new FetchPartition().setPartition(0)));
        data.setTopics(List.of(unknown, data.topics().get(0)));

        // when
        handle(data);
        boolean waited = !responder.isAnswered();
        partition(0).append(10);

        // then
        assertThat(waited).isTrue();
        assertThat(answers())
                .extracting(PartitionData::errorCode)
                .containsExactly(Errors.UNKNOWN_TOPIC_ID.code(), (short) 0, Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldAnswerAtOnceWhenNothingCanBeAsked() {
        // given
        kernel.cluster.addTopic("t", 1);
        FetchRequestData data = fetch(1);
        data.topics().get(0).setTopicId(Uuid.randomUuid());

        // when
        handle(data);

        // then
        PartitionData answer = answers().get(0);
        assertThat(answer.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(answer.highWatermark()).isEqualTo(-1);
        assertThat(bytes(answer)).isZero();
    }

    @Test
    void shouldFindTopicsByNameInOldVersions() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).append(100);
        FetchRequestData data = fetch(1);
        data.topics().get(0).setTopicId(Uuid.ZERO_UUID);
        data.topics()
                .add(new FetchTopic().setTopic("absent").setPartitions(List.of(new FetchPartition().setPartition(0))));

        // when
        handle(data, 12);

        // then
        assertThat(answers(responder, 12))
                .extracting(PartitionData::errorCode)
                .containsExactly((short) 0, Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldServeTheOldestVersion() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).append(100);
        FetchRequestData data = fetch(1).setSessionEpoch(-1);

        // when
        handle(data, 4);

        // then
        assertThat(bytes(answers(responder, 4).get(0))).isEqualTo(100);
    }

    @Test
    void shouldReturnTheFirstBatchWhateverItsSize() {
        // given
        kernel.cluster.addTopic("t", 2);
        partition(0).append(90_000);
        partition(1).append(10);

        // when
        handle(fetch(2));

        // then
        assertThat(answers()).extracting(FetchHandlerTest::bytes).containsExactly(90_000, 0);
    }

    @Test
    void shouldReleaseWhatDoesNotFit() {
        // given
        kernel.cluster.addTopic("t", 2);
        partition(0).append(100);
        partition(1).append(90_000);

        // when
        handle(fetch(2));

        // then
        assertThat(answers()).extracting(FetchHandlerTest::bytes).containsExactly(100, 0);
        assertThat(answers().get(1).highWatermark()).isEqualTo(1);
        assertThat(partition(1).handedOut).allMatch(FakeSlices::isReleased);
    }

    @Test
    void shouldKeepTheAnswerWithinTheBrokersOwnBound() {
        // given
        kernel.cluster.addTopic("t", 60);
        for (int i = 0; i < 60; i++) {
            partition(i).append(1000);
        }

        // when
        handle(fetch(60).setMaxBytes(Integer.MAX_VALUE));

        // then
        int total = answers().stream().mapToInt(FetchHandlerTest::bytes).sum();
        assertThat(total).isEqualTo(50_000);
        assertThat(answers()).hasSize(60).allMatch(answer -> answer.highWatermark() == 1);
    }

    @Test
    void shouldNotReadFarBeyondTheBudget() {
        // given
        kernel.cluster.addTopic("t", 30);
        for (int i = 0; i < 30; i++) {
            partition(i).append(1000);
        }

        // when
        handle(fetch(30).setMaxBytes(5000));

        // then
        int handedOut = 0;
        for (int i = 0; i < 30; i++) {
            handedOut += partition(i).handedOut.size();
        }
        assertThat(handedOut).isEqualTo(5);
    }

    @Test
    void shouldReachRecordsBehindManyIdlePartitions() {
        // given
        kernel.cluster.addTopic("t", 500);
        partition(499).append(77);

        // when
        handle(fetch(500).setMaxBytes(1000));

        // then
        assertThat(bytes(answers().get(499))).isEqualTo(77);
    }

    @Test
    void shouldPassOnIsolationAndEpochs() {
        // given
        kernel.cluster.addTopic("t", 1);
        FetchRequestData data = fetch(1).setIsolationLevel((byte) 1).setMaxWaitMs(0);
        data.topics()
                .get(0)
                .partitions()
                .get(0)
                .setCurrentLeaderEpoch(3)
                .setLastFetchedEpoch(2)
                .setFetchOffset(0);

        // when
        handle(data);

        // then
        assertThat(partition(0).fetches).containsExactly(new FetchRequest(0, 3, 2, 1000, true, true, 0));
        assertThat(answers().get(0).abortedTransactions()).isEmpty();
    }

    @Test
    void shouldRefuseWhoeverClaimsToBeAReplica() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        handle(fetch(1).setReplicaState(new ReplicaState().setReplicaId(1)));
        CapturedResponder old = new CapturedResponder();
        handler.handle(Requests.of(fetch(1).setReplicaId(1), 11), old);

        // then
        assertThat(answers().get(0).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(answers(old, 11).get(0).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(partition(0).fetches).isEmpty();
    }

    @Test
    void shouldGiveZstdToOldClientsTooWhichMayKnowIt() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.cluster.configure("t", "compression.type", "zstd");

        // when
        handle(fetch(1), 9);

        // then
        assertThat(partition(0).fetches).hasSize(1);
    }

    @Test
    void shouldTellOldClientsOfAStorageErrorWhatTheyUnderstand() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).fail(Errors.KAFKA_STORAGE_ERROR);

        // when
        handle(fetch(1), 5);
        CapturedResponder newer = new CapturedResponder();
        handler.handle(Requests.of(fetch(1), 6), newer);

        // then
        assertThat(answers(responder, 5).get(0).errorCode()).isEqualTo(Errors.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(answers(newer, 6).get(0).errorCode()).isEqualTo(Errors.KAFKA_STORAGE_ERROR.code());
    }

    @Test
    void shouldNotTalkOfIdsToClientsThatGiveNames() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).fail(Errors.UNKNOWN_TOPIC_ID);

        // when
        handle(fetch(1), 12);

        // then
        assertThat(answers(responder, 12).get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldNameTheNewLeaderFromVersion16On() {
        // given
        kernel.cluster.register(2, false, "r2", Map.of("PLAINTEXT", new HostPort("two", 9092)));
        kernel.cluster.addTopic("t", 1);
        partition(0).leaderId = 2;
        partition(0).leaderEpoch = 9;
        partition(0).fail(Errors.NOT_LEADER_OR_FOLLOWER);

        // when
        handle(fetch(1), 16);
        CapturedResponder older = new CapturedResponder();
        handler.handle(Requests.of(fetch(1), 15), older);

        // then
        FetchResponseData response = responder.response(FetchResponseData.class, 16);
        assertThat(answers(responder, 16).get(0).currentLeader().leaderId()).isEqualTo(2);
        assertThat(answers(responder, 16).get(0).currentLeader().leaderEpoch()).isEqualTo(9);
        assertThat(response.nodeEndpoints().find(2).host()).isEqualTo("two");
        assertThat(answers(older, 15).get(0).currentLeader().leaderId()).isEqualTo(-1);
        assertThat(older.response(FetchResponseData.class).nodeEndpoints()).isEmpty();
    }

    @Test
    void shouldStopWaitingAndReleaseWhenTheConnectionDies() {
        // given
        kernel.cluster.addTopic("t", 2);
        partition(0).append(50);
        handle(fetch(2).setMinBytes(80));

        // when
        responder.abandon();
        partition(1).append(100);

        // then
        assertThat(responder.isAnswered()).isFalse();
        assertThat(partition(0).waiting()).isZero();
        assertThat(partition(1).waiting()).isZero();
        assertThat(timers.running()).isZero();
        assertThat(partition(0).handedOut).isNotEmpty().allMatch(FakeSlices::isReleased);
    }

    @Test
    void shouldReleaseAnswersThatComeAfterTheConnectionDied() {
        // given
        kernel.cluster.addTopic("t", 2);
        partition(0).append(50);
        kernel.router.holdBack = true;
        handle(fetch(2));
        kernel.router.releaseOne();

        // when
        responder.abandon();
        kernel.router.releaseOne();

        // then
        assertThat(responder.isAnswered()).isFalse();
        assertThat(partition(0).handedOut).isNotEmpty().allMatch(FakeSlices::isReleased);
        assertThat(partition(1).waiting()).isZero();
    }

    @Test
    void shouldHandOverRecordsToTheConnection() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).append(100);
        handle(fetch(1));
        assertThat(partition(0).handedOut).noneMatch(FakeSlices::isReleased);

        // when
        responder.onWritten();

        // then
        assertThat(partition(0).handedOut).allMatch(FakeSlices::isReleased);
    }

    @Test
    void shouldNotWaitForIdlePartitionsOfASessionWhenRecordsCome() {
        // given
        kernel.cluster.addTopic("t", 3);
        handle(fetch(3).setSessionEpoch(0).setMaxWaitMs(0));
        int sessionId = responder.response(FetchResponseData.class).sessionId();
        CapturedResponder next = new CapturedResponder();
        FetchRequestData incremental =
                fetch(0).setTopics(List.of()).setSessionId(sessionId).setSessionEpoch(1);
        handler.handle(Requests.of(incremental, LATEST), next);

        // when
        kernel.router.holdBack = true;
        partition(1).append(10);

        // then
        assertThat(answers(next, LATEST))
                .extracting(PartitionData::partitionIndex)
                .containsExactly(1);
        assertThat(partition(0).waiting()).isZero();
        assertThat(partition(2).waiting()).isZero();
    }

    @Test
    void shouldRefuseUnknownSessionWithoutAskingPartitions() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        handle(fetch(1).setSessionId(12345).setSessionEpoch(3));

        // then
        FetchResponseData response = responder.response(FetchResponseData.class, LATEST);
        assertThat(response.errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(response.responses()).isEmpty();
        assertThat(partition(0).fetches).isEmpty();
    }

    @Test
    void shouldAnswerAPartitionThatIsNamedTwiceOnce() {
        // given
        kernel.cluster.addTopic("t", 1);
        partition(0).append(10);
        FetchRequestData data = fetch(1);
        data.topics()
                .get(0)
                .partitions()
                .add(new FetchPartition().setPartition(0).setPartitionMaxBytes(500));

        // when
        handle(data);

        // then
        assertThat(answers()).hasSize(1);
        assertThat(partition(0).fetches).extracting(FetchRequest::maxBytes).containsExactly(500);
    }

    @Test
    void shouldNotLoseTheWakeUpOfAPartitionThatStartsToWaitLate() {
        // given
        kernel.cluster.addTopic("t", 2);
        kernel.router.holdBack = true;
        partition(0).append(10);
        handle(fetch(2));

        // when
        kernel.router.releaseOne();
        assertThat(responder.isAnswered()).isFalse();
        kernel.router.releaseOne();

        // then
        assertThat(answers()).extracting(FetchHandlerTest::bytes).containsExactly(10, 0);
    }
}
