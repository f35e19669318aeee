package io.penstock.net.server;

import io.penstock.net.fixture.RawClient;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Requests as bytes. */
final class Frames {
    private static final short PRODUCE_BY_NAME = 11;

    private Frames() {}

    /** A Produce request for one partition whose records are {@code recordBytes} times the letter x. */
    static byte[] produce(int correlationId, int recordBytes) {
        return produce(correlationId, (short) -1, recordBytes);
    }

    /** As above, with another {@code acks}. */
    static byte[] produce(int correlationId, short acks, int recordBytes) {
        byte[] records = new byte[recordBytes];
        Arrays.fill(records, (byte) 'x');
        TopicProduceDataCollection topics = new TopicProduceDataCollection();
        topics.add(new TopicProduceData()
                .setName("topic")
                .setPartitionData(List.of(new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.readableRecords(ByteBuffer.wrap(records))))));
        ProduceRequestData request =
                new ProduceRequestData().setAcks(acks).setTimeoutMs(1_000).setTopicData(topics);
        return RawClient.frame(ApiKeys.PRODUCE, PRODUCE_BY_NAME, correlationId, request);
    }

    /** How many letters x the first partition's records of a Produce request are, all of them being that letter; else -1. */
    static int countX(KafkaRequest request) {
        TopicProduceData topic =
                request.data(ProduceRequestData.class).topicData().iterator().next();
        MemoryRecords records = (MemoryRecords) topic.partitionData().get(0).records();
        ByteBuffer bytes = records.buffer();
        int count = bytes.remaining();
        while (bytes.hasRemaining()) {
            if (bytes.get() != 'x') {
                return -1;
            }
        }
        return count;
    }
}
