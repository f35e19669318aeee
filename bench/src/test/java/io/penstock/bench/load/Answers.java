package io.penstock.bench.load;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Answers as a broker sends them, made by Kafka's own classes, without their length field. */
final class Answers {
    private static final short PRODUCE_VERSION = 9;
    private static final short FETCH_VERSION = 12;

    private Answers() {}

    static ByteBuffer produced(String topic, Errors error) {
        ProduceResponseData data = new ProduceResponseData();
        data.responses()
                .add(new ProduceResponseData.TopicProduceResponse()
                        .setName(topic)
                        .setPartitionResponses(List.of(new ProduceResponseData.PartitionProduceResponse()
                                .setIndex(0)
                                .setErrorCode(error.code()))));
        return written(ApiKeys.PRODUCE, PRODUCE_VERSION, data);
    }

    static ByteBuffer fetched(String topic, Errors error, MemoryRecords records) {
        FetchResponseData.PartitionData partition = new FetchResponseData.PartitionData()
                .setErrorCode(error.code())
                .setHighWatermark(1)
                .setLastStableOffset(1)
                .setLogStartOffset(0)
                .setRecords(records);
        return fetched(new FetchResponseData()
                .setSessionId(17)
                .setResponses(List.of(new FetchResponseData.FetchableTopicResponse()
                        .setTopic(topic)
                        .setPartitions(List.of(partition)))));
    }

    static ByteBuffer fetched(FetchResponseData data) {
        return written(ApiKeys.FETCH, FETCH_VERSION, data);
    }

    static MemoryRecords records(int valueBytes) {
        return valueBytes == 0
                ? MemoryRecords.EMPTY
                : MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[valueBytes]));
    }

    private static ByteBuffer written(ApiKeys api, short version, ApiMessage message) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(5);
        short headerVersion = api.responseHeaderVersion(version);
        ByteBuffer bytes = ByteBuffer.allocate(header.size(cache, headerVersion) + message.size(cache, version));
        header.write(new ByteBufferAccessor(bytes), cache, headerVersion);
        message.write(new ByteBufferAccessor(bytes), cache, version);
        return bytes.flip();
    }
}
