package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.PartitionRouter;
import io.penstock.core.metadata.ImageReplay;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.PartitionId;
import io.penstock.core.transaction.MarkersToWrite;
import io.penstock.core.transaction.TransactionMarker;
import io.penstock.core.transaction.TransactionSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

class MarkerWriterTest {
    private static final TransactionMarker MARKER = new TransactionMarker(7, (short) 3, 5, true, 2);

    private final ManualTime time = new ManualTime();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ArrayDeque<Append> appends = new ArrayDeque<>();
    private final ArrayDeque<Promise<Errors>> offsets = new ArrayDeque<>();
    private final List<MarkersToWrite> written = new ArrayList<>();
    private MetadataImage image = MetadataImage.EMPTY;
    private final MarkerWriter writer = new MarkerWriter(host(), tasks::add, time, written::add);

    /** A marker that a partition was asked to append. */
    private record Append(PartitionId partition, AppendRequest request, Consumer<AppendResult> reply) {}

    private TransactionHost host() {
        return new TransactionHost(
                router(),
                time,
                new AwakeClock(time),
                new TransactionSettings(1, 1, 1, 1, 1),
                30_000,
                () -> Future.failedFuture("no ids here"),
                () -> image,
                (partition, marker) -> {
                    Promise<Errors> answer = Promise.promise();
                    offsets.add(answer);
                    return answer.future();
                },
                tasks::add);
    }

    /** Knows nothing but appends. */
    @SuppressWarnings("unchecked")
    private PartitionRouter router() {
        return (PartitionRouter) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {PartitionRouter.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("append")) {
                        throw new UnsupportedOperationException(method.getName());
                    }
                    appends.add(new Append(
                            (PartitionId) arguments[0], (AppendRequest) arguments[1], (Consumer<AppendResult>)
                                    arguments[2]));
                    return null;
                });
    }

    private void create(String name, int partitions) {
        Uuid id = Uuid.randomUuid();
        Placement placement = new Placement(List.of(1), List.of(1));
        replay(new TopicCreated(name, id), new PartitionsAdded(id, 0, Collections.nCopies(partitions, placement)));
    }

    private void replay(MetadataRecord... records) {
        ImageReplay replay = new ImageReplay(image);
        for (MetadataRecord record : records) {
            replay.replay(replay.image().offset(), record);
        }
        image = replay.image();
    }

    private static MarkersToWrite markers(TopicPartition... partitions) {
        return new MarkersToWrite("tx", MARKER, Set.of(partitions));
    }

    private void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    private void write(MarkersToWrite markers) {
        writer.write(markers);
        run();
    }

    private void answer(Errors error) {
        appends.remove()
                .reply()
                .accept(error == Errors.NONE ? AppendResult.appended(0, 0, -1, 0) : AppendResult.refused(error, null));
        run();
    }

    @Test
    void shouldTellWhenTheLastMarkerIsWritten() {
        // given
        create("t", 2);
        MarkersToWrite markers = markers(new TopicPartition("t", 0), new TopicPartition("t", 1));

        // when
        write(markers);
        assertThat(appends).hasSize(2);
        answer(Errors.NONE);
        assertThat(written).isEmpty();
        answer(Errors.NONE);

        // then
        assertThat(written).containsExactly(markers);
    }

    @Test
    void shouldWriteAControlBatchOfTheCoordinator() {
        // given
        create("t", 1);

        // when
        write(markers(new TopicPartition("t", 0)));

        // then
        AppendRequest request = appends.element().request();
        assertThat(request.origin()).isEqualTo(AppendRequest.Origin.COORDINATOR);
        assertThat(request.markerVersion()).isEqualTo(2);
        assertThat(MemoryRecords.readableRecords(request.records().duplicate()).batches())
                .singleElement()
                .satisfies(batch -> {
                    assertThat(batch.isControlBatch()).isTrue();
                    assertThat(batch.producerId()).isEqualTo(7);
                    assertThat(batch.producerEpoch()).isEqualTo((short) 3);
                });
    }

    @Test
    void shouldTryAgainUntilTheMarkerIsWritten() {
        // given
        create("t", 1);
        write(markers(new TopicPartition("t", 0)));

        for (int i = 0; i < 12; i++) {
            // when
            answer(Errors.NOT_LEADER_OR_FOLLOWER);
            assertThat(appends).isEmpty();
            time.advance(1_000);
            run();

            // then
            assertThat(appends).hasSize(1);
        }
        answer(Errors.NONE);
        assertThat(written).hasSize(1);
    }

    @Test
    void shouldTakeWhatIsGoneForDone() {
        // given
        create("gone", 1);
        write(markers(new TopicPartition("gone", 0)));

        // when
        answer(Errors.UNKNOWN_TOPIC_ID);
        replay(new TopicDeleted(Objects.requireNonNull(image.topic("gone")).id()));
        time.advance(1_000);
        run();

        // then
        assertThat(written).hasSize(1);
        write(markers(new TopicPartition("never", 0)));
        assertThat(written).hasSize(2);
    }

    @Test
    void shouldTakeAPartitionThatKnowsALaterEpochForDone() {
        // given
        create("t", 1);
        write(markers(new TopicPartition("t", 0)));

        // when
        answer(Errors.INVALID_PRODUCER_EPOCH);

        // then
        assertThat(written).hasSize(1);
    }

    @Test
    void shouldLeaveMarkersOfOffsetsToTheCoordinatorsOfGroups() {
        // given
        create("__consumer_offsets", 1);
        write(markers(new TopicPartition("__consumer_offsets", 0)));

        // when
        offsets.remove().complete(Errors.NOT_COORDINATOR);
        run();
        time.advance(1_000);
        run();
        offsets.remove().complete(Errors.NONE);
        run();

        // then
        assertThat(written).hasSize(1);
        assertThat(appends).isEmpty();
    }

    @Test
    void shouldKeepABoundOnMarkersOnTheirWay() {
        // given
        create("t", 500);
        Set<TopicPartition> all = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            all.add(new TopicPartition("t", i));
        }

        // when
        write(new MarkersToWrite("tx", MARKER, all));

        // then
        assertThat(appends).hasSize(200);
        answer(Errors.NONE);
        assertThat(appends).hasSize(200);
        while (!appends.isEmpty()) {
            answer(Errors.NONE);
        }
        assertThat(written).hasSize(1);
    }

    @Test
    void shouldTellNothingAfterItWasCancelled() {
        // given
        create("t", 1);
        write(markers(new TopicPartition("t", 0)));

        // when
        writer.cancel();
        answer(Errors.NONE);
        time.advance(10_000);
        run();

        // then
        assertThat(written).isEmpty();
        assertThat(appends).isEmpty();
    }
}
