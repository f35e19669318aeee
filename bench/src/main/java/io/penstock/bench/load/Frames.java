package io.penstock.bench.load;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Request frames made once and sent many times. Produce v9 and Fetch v12 are the newest versions that name topics instead of
 * numbering them; every broker of the last five years takes them.
 */
public final class Frames {
    /** Where a client may patch the correlation id: after length, key and version. */
    static final int CORRELATION_AT = 8;

    private static final short PRODUCE_VERSION = 9;
    private static final short FETCH_VERSION = 12;
    private static final int TIMEOUT_MS = 30_000;
    private static final long SEED = 42;

    private Frames() {}

    /** A Produce of one batch with incompressible values, without producer id. */
    public static ByteBuffer produce(String topic, int partition, short acks, int records, int valueBytes) {
        Random random = new Random(SEED);
        SimpleRecord[] simple = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            byte[] value = new byte[valueBytes];
            random.nextBytes(value);
            simple[i] = new SimpleRecord(System.currentTimeMillis(), null, value);
        }
        ProduceRequestData data = new ProduceRequestData().setAcks(acks).setTimeoutMs(TIMEOUT_MS);
        data.topicData()
                .add(new ProduceRequestData.TopicProduceData()
                        .setName(topic)
                        .setPartitionData(new ArrayList<>(List.of(new ProduceRequestData.PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(MemoryRecords.withRecords(Compression.NONE, simple))))));
        return frame(ApiKeys.PRODUCE, PRODUCE_VERSION, data);
    }

    /** A session-less long-poll Fetch of one partition. */
    static ByteBuffer fetch(String topic, int partition, long offset, int maxBytes, int maxWaitMs) {
        FetchRequestData data = new FetchRequestData()
                .setReplicaId(-1)
                .setMaxWaitMs(maxWaitMs)
                .setMinBytes(1)
                .setMaxBytes(maxBytes)
                .setSessionEpoch(-1)
                .setTopics(List.of(new FetchRequestData.FetchTopic()
                        .setTopic(topic)
                        .setPartitions(List.of(new FetchRequestData.FetchPartition()
                                .setPartition(partition)
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(maxBytes)))));
        return frame(ApiKeys.FETCH, FETCH_VERSION, data);
    }

    /** Bytes that {@code records} values of this size take up as one batch in the log. */
    static int batchBytes(int records, int valueBytes) {
        SimpleRecord[] simple = new SimpleRecord[records];
        for (int i = 0; i < records; i++) {
            simple[i] = new SimpleRecord(System.currentTimeMillis(), null, new byte[valueBytes]);
        }
        return MemoryRecords.withRecords(Compression.NONE, simple).sizeInBytes();
    }

    private static ByteBuffer frame(ApiKeys api, short version, ApiMessage message) {
        ObjectSerializationCache cache = new ObjectSerializationCache();
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.id)
                .setRequestApiVersion(version)
                .setCorrelationId(0)
                .setClientId("penstock-bench");
        short headerVersion = api.requestHeaderVersion(version);
        int size = header.size(cache, headerVersion) + message.size(cache, version);
        ByteBuffer heap = ByteBuffer.allocate(Integer.BYTES + size).putInt(size);
        header.write(new ByteBufferAccessor(heap), cache, headerVersion);
        message.write(new ByteBufferAccessor(heap), cache, version);
        return ByteBuffer.allocateDirect(heap.capacity()).put(heap.flip()).flip();
    }
}
