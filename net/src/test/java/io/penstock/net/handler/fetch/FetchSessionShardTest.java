package io.penstock.net.handler.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class FetchSessionShardTest {
    private static final long EVICTION_MS = 1000;
    private static final Uuid TOPIC = Uuid.randomUuid();

    private long nowMs;
    private int nextId = 1;
    private FetchSessionShard shard = shard(2);

    private FetchSessionShard shard(int slots) {
        return new FetchSessionShard(slots, EVICTION_MS, () -> nextId++);
    }

    private static PartitionKey key(int index) {
        return PartitionKey.byId(TOPIC, index);
    }

    private static RequestedPartition wanted(int index, long fetchOffset) {
        return new RequestedPartition(key(index), fetchOffset, 1000, -1, -1);
    }

    private static SessionRequest request(int sessionId, int epoch, RequestedPartition... partitions) {
        return request(true, sessionId, epoch, List.of(), partitions);
    }

    private static SessionRequest request(
            boolean usesTopicIds,
            int sessionId,
            int epoch,
            List<PartitionKey> forgotten,
            RequestedPartition... partitions) {
        Map<PartitionKey, RequestedPartition> wanted = new LinkedHashMap<>();
        for (RequestedPartition partition : partitions) {
            wanted.put(partition.key(), partition);
        }
        return new SessionRequest(usesTopicIds, sessionId, epoch, wanted, forgotten);
    }

    private static PartitionAnswer answer(int index, long highWatermark, int recordBytes) {
        PartitionData data = new PartitionData()
                .setPartitionIndex(index)
                .setHighWatermark(highWatermark)
                .setLogStartOffset(0)
                .setRecords(recordBytes == 0 ? MemoryRecords.EMPTY : records(recordBytes));
        return new PartitionAnswer(key(index), data);
    }

    private static MemoryRecords records(int bytes) {
        return MemoryRecords.readableRecords(java.nio.ByteBuffer.allocate(bytes));
    }

    /** Opens a session of so many partitions and returns its id. */
    private int openSession(int partitions) {
        RequestedPartition[] wanted = new RequestedPartition[partitions];
        List<PartitionAnswer> answers = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            wanted[i] = wanted(i, 0);
            answers.add(answer(i, 10, 0));
        }
        return shard.open(request(0, 0, wanted), nowMs).answer(answers, nowMs).sessionId();
    }

    private static List<Integer> partitionsOf(FetchResponseData response) {
        return response.responses().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(PartitionData::partitionIndex)
                .toList();
    }

    private static List<Integer> wantedBy(FetchContext context) {
        return context.partitions().stream()
                .map(partition -> partition.key().index())
                .toList();
    }

    @Test
    void shouldAnswerWithoutSessionWhenEpochIsFinal() {
        // given
        FetchContext context = shard.open(request(0, -1, wanted(0, 5)), nowMs);

        // when
        FetchResponseData response = context.answer(List.of(answer(0, 10, 0)), nowMs);

        // then
        assertThat(response.sessionId()).isZero();
        assertThat(partitionsOf(response)).containsExactly(0);
        assertThat(shard.size()).isZero();
    }

    @Test
    void shouldOpenSessionWithTheAnswerToAnInitialRequest() {
        // given
        FetchContext context = shard.open(request(0, 0, wanted(0, 5), wanted(1, 6)), nowMs);
        assertThat(shard.size()).isZero();

        // when
        FetchResponseData response = context.answer(List.of(answer(0, 10, 0), answer(1, 10, 0)), nowMs);

        // then
        assertThat(response.sessionId()).isPositive();
        assertThat(partitionsOf(response)).containsExactly(0, 1);
        assertThat(shard.size()).isEqualTo(1);
    }

    @Test
    void shouldRefuseUnknownSession() {
        // when
        FetchResponseData response =
                shard.open(request(77, 1, wanted(0, 5)), nowMs).answer(List.of(), nowMs);

        // then
        assertThat(response.errorCode()).isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(response.sessionId()).isZero();
    }

    @Test
    void shouldRefuseWrongEpoch() {
        // given
        int id = openSession(1);

        // when
        FetchResponseData response = shard.open(request(id, 2), nowMs).answer(List.of(), nowMs);

        // then
        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
    }

    @Test
    void shouldRefuseNamesInASessionOfTopicIds() {
        // given
        int id = openSession(1);

        // when
        FetchResponseData response =
                shard.open(request(false, id, 1, List.of()), nowMs).answer(List.of(), nowMs);

        // then
        assertThat(response.errorCode()).isEqualTo(Errors.FETCH_SESSION_TOPIC_ID_ERROR.code());
    }

    @Test
    void shouldLeaveOutPartitionsWithoutNews() {
        // given
        int id = openSession(3);
        FetchContext context = shard.open(request(id, 1), nowMs);

        // when
        FetchResponseData response =
                context.answer(List.of(answer(0, 10, 0), answer(1, 11, 0), answer(2, 10, 100)), nowMs);

        // then
        assertThat(response.sessionId()).isEqualTo(id);
        assertThat(partitionsOf(response)).containsExactly(1, 2);
    }

    @Test
    void shouldServeKnownPartitionsWithChangedOffsets() {
        // given
        int id = openSession(2);

        // when
        FetchContext context = shard.open(request(id, 1, wanted(1, 99), wanted(5, 7)), nowMs);

        // then
        assertThat(context.partitions()).containsExactly(wanted(0, 0), wanted(1, 99), wanted(5, 7));
    }

    @Test
    void shouldMovePartitionsWithRecordsToTheEnd() {
        // given
        int id = openSession(3);
        shard.open(request(id, 1), nowMs)
                .answer(List.of(answer(0, 11, 100), answer(1, 10, 0), answer(2, 11, 0)), nowMs);

        // when
        FetchContext next = shard.open(request(id, 2), nowMs);

        // then
        assertThat(wantedBy(next)).containsExactly(1, 2, 0);
    }

    @Test
    void shouldForgetPartitions() {
        // given
        int id = openSession(3);

        // when
        FetchContext context = shard.open(request(true, id, 1, List.of(key(1))), nowMs);

        // then
        assertThat(wantedBy(context)).containsExactly(0, 2);
    }

    @Test
    void shouldCloseSessionThatLostItsLastPartition() {
        // given
        int id = openSession(1);

        // when
        FetchContext context = shard.open(request(true, id, 1, List.of(key(0))), nowMs);

        // then
        assertThat(context.answer(List.of(), nowMs).sessionId()).isZero();
        assertThat(shard.size()).isZero();
    }

    @Test
    void shouldCloseSessionOnFinalEpoch() {
        // given
        int id = openSession(1);

        // when
        shard.open(request(id, -1), nowMs);

        // then
        assertThat(shard.size()).isZero();
    }

    @Test
    void shouldReplaceSessionOnInitialEpoch() {
        // given
        int id = openSession(1);

        // when
        FetchContext context = shard.open(request(id, 0, wanted(4, 0)), nowMs);
        int newId = context.answer(List.of(answer(4, 10, 0)), nowMs).sessionId();

        // then
        assertThat(newId).isPositive().isNotEqualTo(id);
        assertThat(shard.size()).isEqualTo(1);
    }

    @Test
    void shouldAlwaysTellErrorsAndThePartitionAgainWhenTheyAreOver() {
        // given
        int id = openSession(1);

        // when
        FetchResponseData first = shard.open(request(id, 1), nowMs)
                .answer(List.of(PartitionAnswer.refused(key(0), Errors.NOT_LEADER_OR_FOLLOWER)), nowMs);
        FetchResponseData second = shard.open(request(id, 2), nowMs)
                .answer(List.of(PartitionAnswer.refused(key(0), Errors.NOT_LEADER_OR_FOLLOWER)), nowMs);
        FetchResponseData healed = shard.open(request(id, 3), nowMs).answer(List.of(answer(0, 10, 0)), nowMs);
        FetchResponseData quiet = shard.open(request(id, 4), nowMs).answer(List.of(answer(0, 10, 0)), nowMs);

        // then
        assertThat(partitionsOf(first)).containsExactly(0);
        assertThat(partitionsOf(second)).containsExactly(0);
        assertThat(partitionsOf(healed)).containsExactly(0);
        assertThat(partitionsOf(quiet)).isEmpty();
    }

    @Test
    void shouldTellDivergingEpochs() {
        // given
        int id = openSession(1);
        PartitionAnswer diverging = answer(0, 10, 0);
        diverging.data().setDivergingEpoch(new EpochEndOffset().setEpoch(3).setEndOffset(5));

        // when
        FetchResponseData response = shard.open(request(id, 1), nowMs).answer(List.of(diverging), nowMs);

        // then
        assertThat(partitionsOf(response)).containsExactly(0);
    }

    @Test
    void shouldRefuseTheAnswerWhenAnotherRequestCameInBetween() {
        // given
        int id = openSession(1);
        FetchContext slow = shard.open(request(id, 1), nowMs);
        shard.open(request(id, 2), nowMs);

        // when
        FetchResponseData response = slow.answer(List.of(answer(0, 20, 0)), nowMs);

        // then
        assertThat(response.errorCode()).isEqualTo(Errors.INVALID_FETCH_SESSION_EPOCH.code());
        assertThat(response.sessionId()).isEqualTo(id);
    }

    @Test
    void shouldWrapEpochToOne() {
        assertThat(FetchSession.epochAfter(1)).isEqualTo(2);
        assertThat(FetchSession.epochAfter(Integer.MAX_VALUE)).isEqualTo(1);
    }

    @Test
    void shouldGiveNoSessionWhenAllSlotsAreTakenByYoungOnes() {
        // given
        openSession(1);
        openSession(1);

        // when
        int id = openSession(9);

        // then
        assertThat(id).isZero();
        assertThat(shard.size()).isEqualTo(2);
    }

    @Test
    void shouldGiveNoSessionWithoutSlots() {
        // given
        shard = shard(0);

        // when
        int id = openSession(1);

        // then
        assertThat(id).isZero();
    }

    @Test
    void shouldEvictTheSessionUnusedForLongest() {
        // given
        int stale = openSession(5);
        int used = openSession(5);
        nowMs = EVICTION_MS + 1;
        shard.open(request(used, 1), nowMs);

        // when
        int id = openSession(1);

        // then
        assertThat(id).isPositive();
        assertThat(shard.open(request(stale, 1), nowMs).answer(List.of(), nowMs).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(shard.open(request(used, 2), nowMs).answer(List.of(), nowMs).errorCode())
                .isZero();
    }

    @Test
    void shouldEvictTheSmallestOldSessionForALargerOne() {
        // given
        int large = openSession(4);
        int small = openSession(2);
        useBothUntilOld(large, small);

        // when
        int id = openSession(3);

        // then
        assertThat(id).isPositive();
        assertThat(shard.open(request(small, 3), nowMs).answer(List.of(), nowMs).errorCode())
                .isEqualTo(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
        assertThat(shard.open(request(large, 3), nowMs).answer(List.of(), nowMs).errorCode())
                .isZero();
    }

    @Test
    void shouldNotEvictASessionForOneOfEqualSize() {
        // given
        useBothUntilOld(openSession(2), openSession(2));

        // when
        int id = openSession(2);

        // then
        assertThat(id).isZero();
    }

    /** Leaves both sessions old enough to be evicted but recently used, at epoch 3. */
    private void useBothUntilOld(int first, int second) {
        for (int epoch = 1; epoch <= 2; epoch++) {
            nowMs += EVICTION_MS * 2 / 3;
            shard.open(request(first, epoch), nowMs);
            shard.open(request(second, epoch), nowMs);
        }
    }

    @Test
    void shouldSkipTakenIds() {
        // given
        int id = openSession(1);
        nextId = id;

        // when
        int other = openSession(1);

        // then
        assertThat(other).isPositive().isNotEqualTo(id);
    }

    @Test
    void shouldGroupOnlyConsecutivePartitionsOfATopic() {
        // given
        PartitionKey other = PartitionKey.byId(Uuid.randomUuid(), 0);
        FetchContext context = shard.open(request(0, -1), nowMs);

        // when
        FetchResponseData response = context.answer(
                List.of(
                        answer(0, 1, 0),
                        answer(1, 1, 0),
                        new PartitionAnswer(other, new PartitionData().setRecords(MemoryRecords.EMPTY)),
                        answer(2, 1, 0)),
                nowMs);

        // then
        assertThat(response.responses())
                .extracting(topic -> topic.partitions().size())
                .containsExactly(2, 1, 1);
    }
}
