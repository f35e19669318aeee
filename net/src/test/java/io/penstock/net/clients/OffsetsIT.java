package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.await;
import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.poll;
import static io.penstock.net.clients.Clients.producer;
import static io.penstock.net.clients.Clients.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(AlarmExtension.class)
@ParameterizedClass
@EnumSource(TestBroker.Store.class)
class OffsetsIT {
    private final TestBroker.Store store;

    private TestBroker broker;
    private TopicPartition partition;
    private KafkaProducer<String, String> producer;
    private KafkaConsumer<String, String> consumer;
    private Admin admin;

    OffsetsIT(TestBroker.Store store) {
        this.store = store;
    }

    @BeforeEach
    void start() {
        broker = TestBroker.start(store);
        partition = createTopic(broker, "t", 1);
        producer = producer(broker);
        consumer = consumer(broker);
        consumer.assign(List.of(partition));
        admin = Clients.admin(broker);
    }

    @AfterEach
    void stop() {
        admin.close();
        consumer.close();
        producer.close();
        broker.close();
    }

    /** Ten records, one batch each, at times 1000, 1010, … */
    private void writeTen() {
        for (int i = 0; i < 10; i++) {
            await(producer.send(new ProducerRecord<>("t", 0, 1000L + 10L * i, null, "value-" + i)));
        }
    }

    private ListOffsetsResultInfo offset(OffsetSpec spec) {
        return await(admin.listOffsets(Map.of(partition, spec)).partitionResult(partition));
    }

    @Test
    void shouldKnowBeginningAndEnd() {
        // given
        assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 0L);

        // when
        writeTen();

        // then
        assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 0L);
        assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 10L);
    }

    @Test
    void shouldFindTheFirstRecordAtOrAfterATime() {
        // given
        writeTen();

        // then
        assertThat(atTime(0)).isEqualTo(new OffsetAndTimestamp(0, 1000, Optional.of(0)));
        assertThat(atTime(1045)).isEqualTo(new OffsetAndTimestamp(5, 1050, Optional.of(0)));
        assertThat(atTime(1050)).isEqualTo(new OffsetAndTimestamp(5, 1050, Optional.of(0)));
        assertThat(consumer.offsetsForTimes(Map.of(partition, 1091L))).containsEntry(partition, null);
    }

    private OffsetAndTimestamp atTime(long timestamp) {
        return Objects.requireNonNull(
                consumer.offsetsForTimes(Map.of(partition, timestamp)).get(partition));
    }

    @Test
    void shouldListSpecialOffsets() {
        // given
        writeTen();
        await(producer.send(new ProducerRecord<>("t", 0, 5L, null, "an old one")));

        // then
        assertThat(offset(OffsetSpec.earliest()).offset()).isZero();
        assertThat(offset(OffsetSpec.latest()).offset()).isEqualTo(11);
        assertThat(offset(OffsetSpec.maxTimestamp()).offset()).isEqualTo(9);
        assertThat(offset(OffsetSpec.maxTimestamp()).timestamp()).isEqualTo(1090);
        assertThat(offset(OffsetSpec.earliestLocal()).offset()).isZero();
        assertThat(offset(OffsetSpec.latestTiered()).offset()).isEqualTo(-1);
    }

    @Test
    void shouldMoveTheBeginningWhenRecordsAreDeleted() {
        // given
        writeTen();

        // when
        long lowWatermark = await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(4)))
                        .lowWatermarks()
                        .get(partition))
                .lowWatermark();

        // then
        assertThat(lowWatermark).isEqualTo(4);
        assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 4L);
        assertThat(atTime(0).offset()).isEqualTo(4);
        assertThat(values(poll(consumer, 6))).startsWith("value-4").endsWith("value-9");
    }

    @Test
    void shouldDeleteEverythingUpToTheHighWatermark() {
        // given
        writeTen();

        // when
        await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(-1)))
                .all());

        // then
        assertThat(consumer.beginningOffsets(List.of(partition))).containsEntry(partition, 10L);
        assertThat(consumer.offsetsForTimes(Map.of(partition, 0L))).containsEntry(partition, null);
    }

    @Test
    void shouldRefuseToDeleteBeyondTheEnd() {
        // given
        writeTen();

        // then
        assertThatThrownBy(() -> await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(11)))
                        .all()))
                .isInstanceOf(OffsetOutOfRangeException.class);
    }

    @Test
    void shouldResetAConsumerThatWasOvertakenByDeletion() {
        // given
        writeTen();
        consumer.seek(partition, 2);
        await(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(8)))
                .all());

        // then
        assertThat(values(poll(consumer, 2))).containsExactly("value-8", "value-9");
    }

    @Test
    void shouldReadOnAfterSeekingBackAndForth() {
        // given
        writeTen();

        // then
        assertThat(values(poll(consumer, 10))).hasSize(10);
        consumer.seekToBeginning(List.of(partition));
        assertThat(values(poll(consumer, 10))).startsWith("value-0");
        consumer.seekToEnd(List.of(partition));
        assertThat(consumer.position(partition)).isEqualTo(10);
        consumer.seek(partition, 9);
        assertThat(values(poll(consumer, 1))).containsExactly("value-9");
    }
}
