package io.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FramesTest {
    /** Takes the length and the header off. */
    private static RequestHeader header(ByteBuffer frame) {
        assertThat(frame.getInt()).isEqualTo(frame.remaining());
        return RequestHeader.parse(frame);
    }

    private static ProduceRequestData produce(ByteBuffer frame) {
        RequestHeader header = header(frame);
        assertThat(header.apiKey()).isEqualTo(ApiKeys.PRODUCE);
        ProduceRequestData data = new ProduceRequestData(new ByteBufferAccessor(frame), header.apiVersion());
        assertThat(frame.remaining()).isZero();
        return data;
    }

    private static PartitionProduceData partition(ProduceRequestData data) {
        return data.topicData().iterator().next().partitionData().get(0);
    }

    private static MutableRecordBatch batch(ProduceRequestData data) {
        List<MutableRecordBatch> batches = new ArrayList<>();
        ((MemoryRecords) partition(data).records()).batches().forEach(batches::add);
        assertThat(batches).hasSize(1);
        return batches.get(0);
    }

    @ParameterizedTest
    @CsvSource({"1", "-1"})
    void shouldProduceToOnePartitionWithTheseAcks(short acks) {
        ProduceRequestData data = produce(Frames.produce("a-topic", 3, acks, 1, 100));

        assertThat(data.acks()).isEqualTo(acks);
        assertThat(data.topicData()).hasSize(1);
        assertThat(data.topicData().iterator().next().name()).isEqualTo("a-topic");
        assertThat(partition(data).index()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1, 0", "160, 1000", "1, 1000000"})
    void shouldProduceOneBatchOfSoManyRecordsOfThatSize(int records, int valueBytes) {
        MutableRecordBatch batch = batch(produce(Frames.produce("t", 0, (short) 1, records, valueBytes)));

        batch.ensureValid();
        assertThat(batch.hasProducerId()).isFalse();
        assertThat(batch).hasSize(records).allSatisfy(record -> {
            assertThat(record.valueSize()).isEqualTo(valueBytes);
            assertThat(record.hasKey()).isFalse();
        });
        assertThat(batch.sizeInBytes()).isEqualTo(Frames.batchBytes(records, valueBytes));
    }

    @Test
    void shouldProduceValuesThatNobodyCanCompress() {
        ByteBuffer frame = Frames.produce("t", 0, (short) 1, 10, 10_000);
        Deflater deflater = new Deflater();
        deflater.setInput(frame);
        deflater.finish();

        int bytes = deflater.deflate(new byte[200_000]);

        assertThat(bytes).isGreaterThan(100_000);
        deflater.end();
    }

    @Test
    void shouldFetchOnePartitionWithoutSession() {
        // given
        ByteBuffer frame = Frames.fetch("a-topic", 2, 42, 1_000, 500);

        // when
        RequestHeader header = header(frame);
        FetchRequestData data = new FetchRequestData(new ByteBufferAccessor(frame), header.apiVersion());

        // then
        assertThat(header.apiKey()).isEqualTo(ApiKeys.FETCH);
        assertThat(frame.remaining()).isZero();
        assertThat(data.sessionEpoch()).isEqualTo(-1);
        assertThat(data.minBytes()).isEqualTo(1);
        assertThat(data.maxBytes()).isEqualTo(1_000);
        assertThat(data.maxWaitMs()).isEqualTo(500);
        assertThat(data.topics()).singleElement().satisfies(topic -> {
            assertThat(topic.topic()).isEqualTo("a-topic");
            FetchPartition partition = topic.partitions().get(0);
            assertThat(partition.partition()).isEqualTo(2);
            assertThat(partition.fetchOffset()).isEqualTo(42);
            assertThat(partition.partitionMaxBytes()).isEqualTo(1_000);
        });
    }

    @Test
    void shouldHaveTheCorrelationIdWhereItSays() {
        ByteBuffer frame = Frames.produce("t", 0, (short) 1, 1, 1).putInt(Frames.CORRELATION_AT, 4_711);

        assertThat(header(frame).correlationId()).isEqualTo(4_711);
    }

    @Test
    void shouldBeReadyToBeSent() {
        ByteBuffer frame = Frames.produce("t", 0, (short) 1, 1, 1);

        assertThat(frame.isDirect()).isTrue();
        assertThat(frame.position()).isZero();
    }
}
