package io.penstock.net.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.partition.DeleteRecordsResult;
import io.penstock.core.partition.EpochEndResult;
import io.penstock.core.partition.OffsetQuery;
import io.penstock.core.partition.OffsetResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class OffsetHandlersTest {
    private final FakeKernel kernel = new FakeKernel();
    private final CapturedResponder responder = new CapturedResponder();

    private static ListOffsetsPartition at(int index, long timestamp) {
        return new ListOffsetsPartition().setPartitionIndex(index).setTimestamp(timestamp);
    }

    private List<ListOffsetsPartitionResponse> list(int version, int isolation, ListOffsetsPartition... partitions) {
        ListOffsetsRequestData data = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setIsolationLevel((byte) isolation)
                .setTopics(List.of(new ListOffsetsTopic().setName("t").setPartitions(List.of(partitions))));
        CapturedResponder captured = new CapturedResponder();
        new ListOffsetsHandler(kernel).handle(Requests.of(data, version), captured);
        return captured.response(ListOffsetsResponseData.class, version)
                .topics()
                .get(0)
                .partitions();
    }

    @Test
    void shouldListOffsetsInEveryVersion() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.offsetAnswer = query -> new OffsetResult(Errors.NONE, 1234, 42, 5);

        for (int version = 1; version <= 11; version++) {
            // when
            ListOffsetsPartitionResponse answer = list(version, 0, at(0, 1000)).get(0);

            // then
            assertThat(answer.errorCode()).isZero();
            assertThat(answer.timestamp()).isEqualTo(1234);
            assertThat(answer.offset()).isEqualTo(42);
            assertThat(answer.leaderEpoch()).isEqualTo(version >= 4 ? 5 : -1);
        }
    }

    @Test
    void shouldPassOnIsolationAndEpoch() {
        // given
        kernel.cluster.addTopic("t", 1);

        // when
        list(4, 1, at(0, -1).setCurrentLeaderEpoch(3));

        // then
        assertThat(kernel.router.offsetQueries).containsExactly(new OffsetQuery(-1, 3, true));
    }

    @Test
    void shouldTellThatNoRecordMatchesWithoutAnError() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.offsetAnswer = query -> new OffsetResult(Errors.NONE, -1, -1, -1);

        // when
        ListOffsetsPartitionResponse answer = list(11, 0, at(0, Long.MAX_VALUE)).get(0);

        // then
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.offset()).isEqualTo(-1);
        assertThat(answer.timestamp()).isEqualTo(-1);
    }

    @Test
    void shouldKnowFromWhichVersionOnAMarkMayBeUsed() {
        // given
        int[] firstVersions = {1, 1, 7, 8, 9, 11};

        for (int version = 1; version <= 11; version++) {
            for (int mark = 1; mark <= firstVersions.length; mark++) {
                // then
                assertThat(ListOffsetsHandler.isAskable(-mark, (short) version))
                        .as("timestamp -%d in version %d", mark, version)
                        .isEqualTo(version >= firstVersions[mark - 1]);
            }
            assertThat(ListOffsetsHandler.isAskable(-7, (short) version)).isFalse();
            assertThat(ListOffsetsHandler.isAskable(Long.MIN_VALUE, (short) version))
                    .isFalse();
            assertThat(ListOffsetsHandler.isAskable(0, (short) version)).isTrue();
        }
    }

    @Test
    void shouldRefuseMarksThatAreTooNewForTheVersion() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        List<ListOffsetsPartitionResponse> answers = list(6, 0, at(0, -3), at(1, -1));

        // then
        assertThat(answers)
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(Errors.UNSUPPORTED_VERSION.code(), (short) 0);
        assertThat(answers.get(0).offset()).isEqualTo(-1);
    }

    @Test
    void shouldRefuseAPartitionThatIsNamedTwiceOnceAndAnswerTheOthers() {
        // given
        kernel.cluster.addTopic("t", 2);

        // when
        List<ListOffsetsPartitionResponse> answers = list(11, 0, at(0, -1), at(1, -1), at(0, -2));

        // then
        assertThat(answers)
                .extracting(ListOffsetsPartitionResponse::partitionIndex)
                .containsExactly(0, 1);
        assertThat(answers)
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsExactly(Errors.INVALID_REQUEST.code(), (short) 0);
    }

    @Test
    void shouldTellUnknownPartitions() {
        // given
        kernel.cluster.addTopic("t", 1);

        // then
        assertThat(list(11, 0, at(1, -1)).get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(list(11, 0, at(-1, -1)).get(0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @Test
    void shouldTellOldClientsOfAnUnavailableOffsetWhatTheyUnderstand() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.offsetAnswer = query -> new OffsetResult(Errors.OFFSET_NOT_AVAILABLE, -1, -1, -1);

        // then
        assertThat(list(4, 0, at(0, -1)).get(0).errorCode()).isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
        assertThat(list(5, 0, at(0, -1)).get(0).errorCode()).isEqualTo(Errors.OFFSET_NOT_AVAILABLE.code());
    }

    @Test
    void shouldAnswerOnlyWhenAllPartitionsReplied() {
        // given
        kernel.cluster.addTopic("t", 2);
        kernel.router.holdBack = true;
        ListOffsetsRequestData data = new ListOffsetsRequestData()
                .setTopics(List.of(new ListOffsetsTopic().setName("t").setPartitions(List.of(at(0, -1), at(1, -1)))));
        new ListOffsetsHandler(kernel).handle(Requests.of(data, 11), responder);
        kernel.router.releaseOne();
        assertThat(responder.isAnswered()).isFalse();

        // when
        kernel.router.releaseOne();

        // then
        assertThat(responder.isAnswered()).isTrue();
    }

    private List<EpochEndOffset> epochEnds(int version, String topic, int... partitions) {
        OffsetForLeaderTopic asked = new OffsetForLeaderTopic().setTopic(topic);
        for (int partition : partitions) {
            asked.partitions()
                    .add(new OffsetForLeaderPartition().setPartition(partition).setLeaderEpoch(4));
        }
        OffsetForLeaderEpochRequestData data = new OffsetForLeaderEpochRequestData();
        data.topics().mustAdd(asked);
        CapturedResponder captured = new CapturedResponder();
        new OffsetForLeaderEpochHandler(kernel).handle(Requests.of(data, version), captured);
        return new ArrayList<>(captured.response(OffsetForLeaderEpochResponseData.class, version)
                .topics()
                .find(topic)
                .partitions());
    }

    @Test
    void shouldTellWhereAnEpochEnded() {
        // given
        kernel.cluster.addTopic("t", 1);

        for (int version = 2; version <= 4; version++) {
            // when
            List<EpochEndOffset> answers = epochEnds(version, "t", 0, 1);

            // then
            assertThat(answers.get(0).leaderEpoch()).isEqualTo(5);
            assertThat(answers.get(0).endOffset()).isEqualTo(42);
            assertThat(answers.get(1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
            assertThat(answers.get(1).endOffset()).isEqualTo(-1);
        }
    }

    @Test
    void shouldPassOnThatTheClientsEpochIsFenced() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.router.epochEndAnswer = new EpochEndResult(Errors.FENCED_LEADER_EPOCH, -1, -1);

        // then
        assertThat(epochEnds(4, "t", 0).get(0).errorCode()).isEqualTo(Errors.FENCED_LEADER_EPOCH.code());
    }

    private DeleteRecordsPartitionResult delete(int version, String topic, int partition) {
        DeleteRecordsRequestData data = new DeleteRecordsRequestData()
                .setTopics(List.of(new DeleteRecordsTopic()
                        .setName(topic)
                        .setPartitions(List.of(new DeleteRecordsPartition()
                                .setPartitionIndex(partition)
                                .setOffset(17)))));
        CapturedResponder captured = new CapturedResponder();
        new DeleteRecordsHandler(kernel).handle(Requests.of(data, version), captured);
        return captured.response(DeleteRecordsResponseData.class, version)
                .topics()
                .find(topic)
                .partitions()
                .find(partition);
    }

    @Test
    void shouldDeleteRecordsInEveryVersion() {
        // given
        kernel.cluster.addTopic("t", 1);

        for (int version = 0; version <= 2; version++) {
            // then
            assertThat(delete(version, "t", 0).lowWatermark()).isEqualTo(17);
        }
    }

    @Test
    void shouldTellWhyRecordsCannotBeDeleted() {
        // given
        kernel.cluster.addTopic("t", 1);
        kernel.cluster.addTopic("__consumer_offsets", 1);
        kernel.router.deleteAnswer = new DeleteRecordsResult(Errors.OFFSET_OUT_OF_RANGE, -1);

        // then
        assertThat(delete(2, "t", 0).errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
        assertThat(delete(2, "t", 0).lowWatermark()).isEqualTo(-1);
        assertThat(delete(2, "t", 1).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(delete(2, "absent", 0).errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(delete(2, "__consumer_offsets", 0).errorCode()).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION.code());
    }
}
