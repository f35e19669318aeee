package io.penstock.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.RawClient;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AlarmExtension.class)
final class RequestDecoderTest {
    private static final short PRODUCE_BY_NAME = 11;

    private final RequestDecoder decoder =
            new RequestDecoder((api, version) -> api.isVersionSupported(version), 8 << 20);

    @Test
    void shouldReadHeaderWithClientId() {
        // given
        byte[] frame = frame(ApiKeys.METADATA, (short) 12, new MetadataRequestData());

        // when
        DecodedRequest request = decode(frame);

        // then
        assertThat(request.header()).isEqualTo(new RequestHeader(ApiKeys.METADATA, (short) 12, 42, "raw"));
        assertThat(request.sharesFrame()).isFalse();
    }

    @Test
    void shouldTakeNullClientIdForEmpty() {
        // given
        byte[] frame = {0, 3, 0, 0, 0, 0, 0, 9, -1, -1, 0, 0, 0, 0};

        // then
        assertThat(decode(frame).header().clientId()).isEmpty();
    }

    @Test
    void shouldHandRecordsOnAsSliceOfTheFrame() {
        // given
        MemoryRecords records =
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord("value".getBytes(StandardCharsets.UTF_8)));
        ByteBuf frame = direct(frame(ApiKeys.PRODUCE, PRODUCE_BY_NAME, produce(records)));

        // when
        DecodedRequest request = decoder.decode(frame);

        // then
        assertThat(request.sharesFrame()).isTrue();
        assertThat(recordsOf(request)).isEqualTo(records);
        assertThat(recordsOf(request))
                .isInstanceOfSatisfying(
                        MemoryRecords.class,
                        found -> assertThat(found.buffer().isDirect()).isTrue());
        frame.release();
    }

    @Test
    void shouldReadProduceWithoutRecordsAsNull() {
        // given
        byte[] frame = frame(ApiKeys.PRODUCE, PRODUCE_BY_NAME, produce(null));

        // then
        assertThat(recordsOf(decode(frame))).isNull();
    }

    @Test
    void shouldPassOverBytesAfterTheMessage() {
        // given
        byte[] frame = frame(ApiKeys.METADATA, (short) 12, new MetadataRequestData().setAllowAutoTopicCreation(false));

        // when
        DecodedRequest request = decode(Arrays.copyOf(frame, frame.length + 3));

        // then
        assertThat(request.data()).isEqualTo(new MetadataRequestData().setAllowAutoTopicCreation(false));
    }

    @Test
    void shouldRefuseEveryTruncation() {
        // given
        CreateTopicsRequestData message = new CreateTopicsRequestData();
        message.topics()
                .add(new CreateTopicsRequestData.CreatableTopic()
                        .setName("topic")
                        .setNumPartitions(3));
        byte[] frame = frame(ApiKeys.CREATE_TOPICS, (short) 7, message);

        for (int length = 0; length < frame.length; length++) {
            assertRefused(Arrays.copyOf(frame, length), "");
        }
    }

    @Test
    void shouldRefuseUnknownKeysAndVersions() {
        assertRefused(new byte[] {0x7f, 0, 0, 0, 0, 0, 0, 1, 0, 0}, "unknown API key 32512");
        assertRefused(new byte[] {-1, -1, 0, 0, 0, 0, 0, 1, 0, 0}, "unknown API key -1");
        assertRefused(new byte[] {0, 3, 0, 99, 0, 0, 0, 1, 0, 0}, "version 99 is not served");
        assertRefused(new byte[] {0, 3, -1, -1, 0, 0, 0, 1, 0, 0}, "version -1 is not served");
    }

    @Test
    void shouldReadApiVersionsOfTheFutureAsVersion0() {
        // given
        byte[] frame = {0, 18, 0, 99, 0, 0, 0, 1, 0, 1, 'c', 0, 1, 2, 3, 4, 5};

        // when
        DecodedRequest request = decode(frame);

        // then
        assertThat(request.version()).isZero();
        assertThat(request.header().version()).isEqualTo((short) 99);
        assertThat(request.data()).isEqualTo(new ApiVersionsRequestData());
    }

    @Test
    void shouldRefuseArrayThatClaimsMoreElementsThanThereAreBytes() {
        // given Metadata v0 with a topic count of Integer.MAX_VALUE
        byte[] frame = {0, 3, 0, 0, 0, 0, 0, 1, 0, 0, 0x7f, -1, -1, -1, 0, 0};

        assertRefused(frame, "does not parse");
    }

    @Test
    void shouldRefuseFrameOfTinyElementsThatWouldFillTheHeap() {
        // given four million one-letter topic names
        DeleteTopicsRequestData message =
                new DeleteTopicsRequestData().setTopicNames(Collections.nCopies(4_000_000, "t"));

        assertRefused(frame(ApiKeys.DELETE_TOPICS, (short) 5, message), "of heap");
    }

    @Test
    void shouldAcceptLargeRequestsOfOrdinaryShape() {
        // given
        List<MetadataRequestTopic> topics = IntStream.range(0, 50_000)
                .mapToObj(i -> new MetadataRequestTopic().setName("orders.region-" + i))
                .toList();

        // when
        DecodedRequest request =
                decode(frame(ApiKeys.METADATA, (short) 12, new MetadataRequestData().setTopics(topics)));

        // then
        assertThat(((MetadataRequestData) request.data()).topics()).hasSize(50_000);
    }

    private static @Nullable BaseRecords recordsOf(DecodedRequest request) {
        ProduceRequestData data = (ProduceRequestData) request.data();
        return data.topicData().iterator().next().partitionData().get(0).records();
    }

    private static ProduceRequestData produce(@Nullable MemoryRecords records) {
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName("topic")
                .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records))));
        return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(1000).setTopicData(topics);
    }

    private static byte[] frame(ApiKeys api, short version, ApiMessage message) {
        byte[] withLength = RawClient.frame(api, version, 42, message);
        return Arrays.copyOfRange(withLength, Integer.BYTES, withLength.length);
    }

    private DecodedRequest decode(byte[] frame) {
        return decoder.decode(Unpooled.wrappedBuffer(frame));
    }

    private void assertRefused(byte[] frame, String reason) {
        assertThatExceptionOfType(MalformedRequestException.class)
                .as("frame of %d bytes", frame.length)
                .isThrownBy(() -> decode(frame))
                .withMessageContaining(reason);
    }

    private static ByteBuf direct(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }
}
