package io.penstock.net.handler.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.transaction.TransactionMarker;
import io.penstock.net.handler.CapturedResponder;
import io.penstock.net.handler.FakeKernel;
import io.penstock.net.handler.Requests;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.batch.ControlMarker;
import java.util.List;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarker;
import org.apache.kafka.common.message.WriteTxnMarkersRequestData.WritableTxnMarkerTopic;
import org.apache.kafka.common.message.WriteTxnMarkersResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class WriteTxnMarkersHandlerTest {
    private final FakeKernel kernel = new FakeKernel();

    private WriteTxnMarkersResponseData write(
            int version, int transactionVersion, String topic, Integer... partitions) {
        WritableTxnMarker marker = new WritableTxnMarker()
                .setProducerId(7)
                .setProducerEpoch((short) 3)
                .setCoordinatorEpoch(5)
                .setTransactionResult(false)
                .setTopics(
                        List.of(new WritableTxnMarkerTopic().setName(topic).setPartitionIndexes(List.of(partitions))));
        if (version >= 2) {
            marker.setTransactionVersion((byte) transactionVersion);
        }
        CapturedResponder responder = new CapturedResponder();
        new WriteTxnMarkersHandler(kernel, () -> 1_000)
                .handle(Requests.of(new WriteTxnMarkersRequestData().setMarkers(List.of(marker)), version), responder);
        return responder.response(WriteTxnMarkersResponseData.class, version);
    }

    @Test
    void shouldWriteAMarkerIntoEachPartition() {
        // given
        kernel.cluster.addTopic("t", 2);
        kernel.router.appendAnswer = append -> append.partition().index() == 0
                ? AppendResult.appended(0, 0, -1, 0)
                : AppendResult.refused(Errors.TRANSACTION_COORDINATOR_FENCED, null);

        // when
        WriteTxnMarkersResponseData response = write(1, 0, "t", 0, 1, 2);

        // then
        assertThat(response.markers().get(0).producerId()).isEqualTo(7);
        assertThat(response.markers().get(0).topics().get(0).partitions())
                .extracting("partitionIndex", "errorCode")
                .containsExactly(
                        tuple(0, Errors.NONE.code()),
                        tuple(1, Errors.TRANSACTION_COORDINATOR_FENCED.code()),
                        tuple(2, Errors.UNKNOWN_TOPIC_OR_PARTITION.code()));
        AppendRequest written = kernel.router.appends.get(0).request();
        assertThat(written.origin()).isEqualTo(Origin.COORDINATOR);
        assertThat(written.markerVersion()).isEqualTo(1);
        assertThat(BatchHeader.producerId(written.records(), 0)).isEqualTo(7);
        assertThat(BatchHeader.producerEpoch(written.records(), 0)).isEqualTo((short) 3);
        assertThat(ControlMarker.read(written.records())).isEqualTo(new ControlMarker(true, 5));
    }

    @Test
    void shouldTellThePartitionTheVersionOfTheTransaction() {
        kernel.cluster.addTopic("t", 1);
        write(2, 2, "t", 0);
        assertThat(kernel.router.appends.get(0).request().markerVersion()).isEqualTo(2);
    }

    @Test
    void shouldLeaveCommittedOffsetsToTheirCoordinator() {
        // given
        kernel.cluster.addTopic("__consumer_offsets", 1);
        kernel.groups.answers.add(Errors.COORDINATOR_LOAD_IN_PROGRESS);

        // when
        WriteTxnMarkersResponseData response = write(1, 0, "__consumer_offsets", 0);

        // then
        assertThat(response.markers().get(0).topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(Errors.COORDINATOR_LOAD_IN_PROGRESS.code());
        assertThat(kernel.groups.lastAsked(TransactionMarker.class))
                .isEqualTo(new TransactionMarker(7, (short) 3, 5, false, 1));
        assertThat(kernel.router.appends).isEmpty();
    }
}
