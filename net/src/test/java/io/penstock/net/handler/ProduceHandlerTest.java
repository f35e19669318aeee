package io.penstock.net.handler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.metadata.BrokerImage.HostPort;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.TransactionClaim;
import io.penstock.net.handler.Requests.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProduceHandlerTest {
    private static final int LATEST = 13;

    private final FakeKernel kernel = new FakeKernel();
    private final CapturedResponder responder = new CapturedResponder();
    private final ProduceHandler handler = new ProduceHandler(kernel);
    private final Frame frame = new Frame();

    private static MemoryRecords batch(String value) {
        return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value.getBytes(UTF_8)));
    }

    private static MemoryRecords transactionalBatch() {
        return MemoryRecords.withTransactionalRecords(
                Compression.NONE, 9, (short) 0, 0, new SimpleRecord(new byte[] {1}));
    }

    private static MemoryRecords join(ByteBuffer... parts) {
        int bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        ByteBuffer joined = ByteBuffer.allocate(bytes);
        for (ByteBuffer part : parts) {
            joined.put(part.duplicate());
        }
        return MemoryRecords.readableRecords(joined.flip());
    }

    private static PartitionProduceData partition(int index, @Nullable BaseRecords records) {
        return new PartitionProduceData().setIndex(index).setRecords(records);
    }

    private ProduceRequestData produce(int acks, PartitionProduceData... partitions) {
        return produceTo("t", acks, partitions);
    }

    private ProduceRequestData produceTo(String topic, int acks, PartitionProduceData... partitions) {
        TopicProduceData data = new TopicProduceData()
                .setName(topic)
                .setTopicId(kernel.cluster.topic(topic).id())
                .setPartitionData(new ArrayList<>(List.of(partitions)));
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) acks).setTimeoutMs(30_000);
        request.topicData().mustAdd(data);
        return request;
    }

    private void handle(ProduceRequestData data, int version) {
        handler.handle(Requests.of(data, version, frame), responder);
    }

    private List<PartitionProduceResponse> answers(int version) {
        return responder.response(ProduceResponseData.class, version).responses().stream()
                .flatMap(topic -> topic.partitionResponses().stream())
                .toList();
    }

    private PartitionProduceResponse onlyAnswer(int version) {
        assertThat(answers(version)).hasSize(1);
        return answers(version).get(0);
    }

    private Errors onlyError(int version) {
        return Errors.forCode(onlyAnswer(version).errorCode());
    }

    /** What a single partition is answered when it is sent these records. */
    private Errors errorFor(@Nullable BaseRecords records, int version) {
        kernel.cluster.addTopic("t", 1);
        handle(produce(1, partition(0, records)), version);
        return onlyError(version);
    }

    @Test
    void shouldAppendEachBatchAndAnswerEachPartition() {
        // given
        kernel.cluster.addTopic("t", 3);
        kernel.router.appendAnswer =
                append -> AppendResult.appended(append.partition().index() * 10L, 0, 99, 3);

        // when
        handle(produce(-1, partition(2, batch("a")), partition(0, batch("b"))), LATEST);

        // then
        assertThat(kernel.router.appends)
                .extracting(append -> append.partition().index())
                .containsExactly(2, 0);
        AppendRequest first = kernel.router.appends.get(0).request();
        assertThat(first.acks()).isEqualTo((short) -1);
        assertThat(first.timeoutMs()).isEqualTo(30_000);
        assertThat(first.origin()).isEqualTo(AppendRequest.Origin.CLIENT);
        assertThat(first.records()).isEqualTo(batch("a").buffer());
        assertThat(answers(LATEST)).extracting(PartitionProduceResponse::index).containsExactly(2, 0);
        assertThat(answers(LATEST))
                .extracting(PartitionProduceResponse::baseOffset)
                .containsExactly(20L, 0L);
        assertThat(answers(LATEST).get(0).logAppendTimeMs()).isEqualTo(99);
        assertThat(answers(LATEST).get(0).logStartOffset()).isEqualTo(3);
    }

    @Test
    void shouldHandOutAViewOfTheFrameWithoutCopying() {
        // given
        kernel.cluster.addTopic("t", 1);
        ByteBuffer memory = ByteBuffer.allocateDirect(1000);
        memory.put(500, batch("a").buffer(), 0, batch("a").buffer().remaining());
        MemoryRecords records = MemoryRecords.readableRecords(
                memory.slice(500, batch("a").buffer().remaining()));

        // when
        handle(produce(1, partition(0, records)), LATEST);

        // then
        ByteBuffer appended = kernel.router.appends.get(0).request().records();
        assertThat(appended.isDirect()).isTrue();
        assertThat(appended).isEqualTo(batch("a").buffer());
    }

    @Test
    void shouldHoldTheFrameUntilTheLastPartitionReplied() {
        // given
        kernel.cluster.addTopic("t", 2);
        kernel.router.holdBack = true;
        handle(produce(1, partition(0, batch("a")), partition(1, batch("b"))), LATEST);
        assertThat(frame.refCnt()).isEqualTo(2);
        kernel.router.releaseOne();
        assertThat(frame.refCnt()).isEqualTo(2);
        assertThat(responder.isAnswered()).isFalse();

        // when
        kernel.router.releaseOne();

        // then
        assertThat(frame.refCnt()).isEqualTo(1);
        assertThat(responder.isAnswered()).isTrue();
    }

    @Test
    void shouldAnswerInEveryVersion() {
        for (int version = 3; version <= LATEST; version++) {
            // given
            ProduceHandlerTest fresh = new ProduceHandlerTest();
            fresh.kernel.cluster.addTopic("t", 1);

            // when
            fresh.handle(fresh.produce(1, partition(0, batch("a"))), version);

            // then
            assertThat(fresh.onlyAnswer(version).baseOffset()).isEqualTo(7);
        }
    }

    @Test
    void shouldTellUnknownPartitionsApartFromUnknownIds() {
        // given
        kernel.cluster.addTopic("t", 1);
        ProduceRequestData data = produce(1, partition(0, batch("a")), partition(1, batch("b")));
        TopicProduceData gone = new TopicProduceData().setTopicId(Uuid.randomUuid());
        gone.partitionData().add(partition(0, batch("c")));
        data.topicData().mustAdd(gone);

        // when
        handle(data, LATEST);

        // then
        assertThat(answers(LATEST))
                .extracting(PartitionProduceResponse::errorCode)
                .containsExactly((short) 0, Errors.UNKNOWN_TOPIC_OR_PARTITION.code(), Errors.UNKNOWN_TOPIC_ID.code());
        assertThat(answers(LATEST).get(1).baseOffset()).isEqualTo(-1);
    }

    @Test
    void shouldNotFindARecreatedTopicByItsOldId() {
        // given
        kernel.cluster.addTopic("t", 1);
        ProduceRequestData data = produce(1, partition(0, batch("a")));
        kernel.cluster.replay(new TopicDeleted(kernel.cluster.topic("t").id()));
        kernel.cluster.addTopic("t", 1);

        // when
        handle(data, LATEST);

        // then
        assertThat(onlyError(LATEST)).isEqualTo(Errors.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldRefuseNullRecordsAtOnce() {
        assertThat(errorFor(null, LATEST)).isEqualTo(Errors.INVALID_RECORD);
        assertThat(kernel.router.appends).isEmpty();
    }

    @Test
    void shouldRefuseEmptyRecords() {
        assertThat(errorFor(MemoryRecords.EMPTY, LATEST)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void shouldRefuseAHalfBatch() {
        ByteBuffer whole = batch("abc").buffer();
        assertThat(errorFor(MemoryRecords.readableRecords(whole.slice(0, whole.remaining() - 1)), LATEST))
                .isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void shouldRefuseMoreThanOneBatch() {
        assertThat(errorFor(join(batch("a").buffer(), batch("b").buffer()), LATEST))
                .isEqualTo(Errors.INVALID_RECORD);
        assertThat(onlyAnswer(LATEST).errorMessage()).contains("exactly one record batch");
    }

    @Test
    void shouldCutOffATailThatIsNoBatch() {
        // given
        kernel.cluster.addTopic("t", 1);
        ByteBuffer one = batch("a").buffer();
        ByteBuffer half = batch("b").buffer();

        // when
        handle(produce(1, partition(0, join(one, half.slice(0, half.remaining() - 1)))), LATEST);

        // then
        assertThat(onlyError(LATEST)).isEqualTo(Errors.NONE);
        assertThat(kernel.router.appends.get(0).request().records()).isEqualTo(one);
    }

    @Test
    void shouldRefuseOldMessageFormats() {
        ByteBuffer old = batch("a").buffer();
        old.put(16, (byte) 1);
        assertThat(errorFor(MemoryRecords.readableRecords(old), LATEST)).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void shouldCallAnImpossibleMagicCorrupt() {
        ByteBuffer rubbish = batch("a").buffer();
        rubbish.put(16, (byte) 77);
        assertThat(errorFor(MemoryRecords.readableRecords(rubbish), LATEST)).isEqualTo(Errors.CORRUPT_MESSAGE);
    }

    @Test
    void shouldCallImpossibleLengthsCorruptOrIncomplete() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 13, 14, 48}) {
            ByteBuffer rubbish = batch("abcdefgh").buffer();
            rubbish.putInt(8, length);
            ProduceHandlerTest fresh = new ProduceHandlerTest();
            assertThat(fresh.errorFor(MemoryRecords.readableRecords(rubbish), LATEST))
                    .as("length %d", length)
                    .isEqualTo(Errors.CORRUPT_MESSAGE);
        }
        for (int length : new int[] {1000, Integer.MAX_VALUE}) {
            ByteBuffer rubbish = batch("abcdefgh").buffer();
            rubbish.putInt(8, length);
            ProduceHandlerTest fresh = new ProduceHandlerTest();
            assertThat(fresh.errorFor(MemoryRecords.readableRecords(rubbish), LATEST))
                    .as("length %d", length)
                    .isEqualTo(Errors.INVALID_RECORD);
        }
    }

    @Test
    void shouldAllowZstdFromVersion7On() {
        MemoryRecords zstd = MemoryRecords.withRecords(Compression.zstd().build(), new SimpleRecord(new byte[] {1}));
        assertThat(new ProduceHandlerTest().errorFor(zstd, 6)).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(new ProduceHandlerTest().errorFor(zstd, 7)).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseImpossibleAcks() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        handle(produce(2, partition(0, batch("a")), partition(5, batch("b"))), LATEST);

        // then
        assertThat(answers(LATEST))
                .extracting(PartitionProduceResponse::errorCode)
                .containsExactly(Errors.INVALID_REQUIRED_ACKS.code(), Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(kernel.router.appends).isEmpty();
    }

    @Test
    void shouldSayNothingWithoutAcks() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        handle(produce(0, partition(0, batch("a"))), LATEST);

        // then
        assertThat(responder.isSilent()).isTrue();
        assertThat(frame.refCnt()).isEqualTo(1);
    }

    @Test
    void shouldCloseTheConnectionWhenAProduceWithoutAcksFails() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        handle(produce(0, partition(0, batch("a")), partition(9, batch("b"))), LATEST);

        // then
        assertThat(responder.closedBecause()).isNotNull();
        assertThat(kernel.router.appends).hasSize(1);
    }

    @Test
    void shouldPassOnWhatThePartitionSays() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.appendAnswer = append -> new AppendResult(
                Errors.INVALID_RECORD,
                -1,
                -1,
                -1,
                -1,
                List.of(new AppendResult.RecordError(3, "no key")),
                "bad records",
                -1,
                -1);

        // when
        handle(produce(1, partition(0, batch("a"))), 8);

        // then
        PartitionProduceResponse answer = onlyAnswer(8);
        assertThat(answer.errorCode()).isEqualTo(Errors.INVALID_RECORD.code());
        assertThat(answer.errorMessage()).isEqualTo("bad records");
        assertThat(answer.recordErrors().get(0).batchIndex()).isEqualTo(3);
        assertThat(answer.recordErrors().get(0).batchIndexErrorMessage()).isEqualTo("no key in topic partition t-0.");
    }

    @Test
    void shouldTellOfAWrongTimeWithoutThePartition() {
        // given
        kernel.cluster.addTopic("t", 1);
        var records = List.of(new AppendResult.RecordError(0, "out of range"));
        kernel.router.appendAnswer =
                append -> new AppendResult(Errors.INVALID_TIMESTAMP, -1, -1, -1, -1, records, "bad times", -1, -1);

        // when
        handle(produce(1, partition(0, batch("a"))), 8);

        // then
        assertThat(onlyAnswer(8).recordErrors().get(0).batchIndexErrorMessage()).isEqualTo("out of range");
    }

    @Test
    void shouldNameTheNewLeaderFromVersion10On() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.cluster.register(2, false, null, Map.of("PLAINTEXT", new HostPort("two", 9092)));
        kernel.router.appendAnswer =
                append -> new AppendResult(Errors.NOT_LEADER_OR_FOLLOWER, -1, -1, -1, -1, List.of(), null, 2, 8);

        // when
        handle(produce(1, partition(0, batch("a"))), 10);

        // then
        ProduceResponseData response = responder.response(ProduceResponseData.class, 10);
        assertThat(onlyAnswer(10).currentLeader().leaderId()).isEqualTo(2);
        assertThat(onlyAnswer(10).currentLeader().leaderEpoch()).isEqualTo(8);
        assertThat(response.nodeEndpoints().find(2).host()).isEqualTo("two");
    }

    @Test
    void shouldNotNameTheLeaderToOlderVersions() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.appendAnswer =
                append -> new AppendResult(Errors.NOT_LEADER_OR_FOLLOWER, -1, -1, -1, -1, List.of(), null, 2, 8);

        // when
        handle(produce(1, partition(0, batch("a"))), 9);

        // then
        assertThat(onlyAnswer(9).currentLeader().leaderId()).isEqualTo(-1);
    }

    @Test
    void shouldNotTalkOfIdsToClientsThatGiveNames() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.appendAnswer = append -> AppendResult.refused(Errors.UNKNOWN_TOPIC_ID, null);

        // when
        handle(produce(1, partition(0, batch("a"))), 12);

        // then
        assertThat(onlyError(12)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldKeepClientsOutOfInternalTopics() {
        // given
        kernel.cluster.addTopic("__consumer_offsets", 1);
        ProduceRequestData data = produceTo("__consumer_offsets", 1, partition(0, batch("a")));

        // when
        handle(data, LATEST);
        CapturedResponder admin = new CapturedResponder();
        handler.handle(Requests.from("__admin_client", data, LATEST, frame), admin);

        // then
        assertThat(onlyError(LATEST)).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
        assertThat(kernel.router.appends).hasSize(1);
    }

    @Test
    void shouldRefuseTheWholeRequestForATransactionalBatchWithoutTransactionalId() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        handle(produce(1, partition(0, batch("a")), partition(1, transactionalBatch())), LATEST);

        // then
        assertThat(answers(LATEST))
                .extracting(PartitionProduceResponse::errorCode)
                .containsOnly(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        assertThat(kernel.router.appends).isEmpty();
    }

    @Test
    void shouldHandTheClaimOfATransactionToThePartition() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        ProduceRequestData data = produce(1, partition(0, batch("a")), partition(1, transactionalBatch()))
                .setTransactionalId("tx");
        handle(data, 12);
        handler.handle(Requests.from("c", data, 11, frame), new CapturedResponder());

        // then
        assertThat(kernel.router.appends)
                .extracting(append -> append.request().transaction())
                .containsExactly(null, new TransactionClaim("tx", true), null, new TransactionClaim("tx", false));
    }

    @Test
    void shouldRefuseARequestWithTransactionsOfTwoProducers() {
        // given
        kernel.cluster.addTopic("t", 2);
        MemoryRecords other = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 10, (short) 0, 0, new SimpleRecord(new byte[] {1}));

        // when
        handle(
                produce(1, partition(0, transactionalBatch()), partition(1, other))
                        .setTransactionalId("tx"),
                LATEST);

        // then
        assertThat(answers(LATEST))
                .extracting(PartitionProduceResponse::errorCode)
                .containsOnly(Errors.INVALID_PRODUCER_ID_MAPPING.code());
        assertThat(kernel.router.appends).isEmpty();
    }

    @Test
    void shouldTellOldProducersThatThereIsNoSuchTransactionRatherThanToAbort() {
        assertThat(ErrorCodes.ofProduce(Errors.TRANSACTION_ABORTABLE, (short) 10))
                .isEqualTo(Errors.INVALID_TXN_STATE);
        assertThat(ErrorCodes.ofProduce(Errors.TRANSACTION_ABORTABLE, (short) 11))
                .isEqualTo(Errors.TRANSACTION_ABORTABLE);
    }

    @Test
    void shouldAppendOnlyTheLastBatchOfAPartitionThatIsNamedTwice() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        handle(produce(1, partition(0, batch("a")), partition(1, batch("c")), partition(0, batch("b"))), LATEST);

        // then
        assertThat(kernel.router.appends)
                .extracting(append -> append.request().records())
                .containsExactly(batch("c").buffer(), batch("b").buffer());
        assertThat(answers(LATEST)).hasSize(2);
    }

    @Test
    void shouldAnswerARequestWithoutTopics() {
        // when
        handle(new ProduceRequestData().setAcks((short) 1), LATEST);

        // then
        assertThat(answers(LATEST)).isEmpty();
    }
}
