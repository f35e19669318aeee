package io.penstock.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Follows one partition with long-poll fetches on one connection. */
final class FetchLoop {
    private static final short VERSION = 12;
    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_WAIT_MS = 5_000;

    private final WireConnection connection;
    private final String topic;
    private final int recordsPerRequest;
    private final ByteBuffer answer = ByteBuffer.allocate(MAX_BYTES + (64 << 10));
    private long offset;

    FetchLoop(WireConnection connection, String topic, long offset, int recordsPerRequest) {
        this.connection = connection;
        this.topic = topic;
        this.offset = offset;
        this.recordsPerRequest = recordsPerRequest;
    }

    /** Fetches once; returns how many produce requests' records arrived, 0 if the wait ran out. */
    long fetchRequestsWorth() throws IOException {
        connection.send(Frames.fetch(topic, 0, offset, MAX_BYTES, MAX_WAIT_MS));
        connection.receive(answer.clear());
        ByteBufferAccessor readable = new ByteBufferAccessor(answer.flip());
        new ResponseHeaderData(readable, ApiKeys.FETCH.responseHeaderVersion(VERSION));
        FetchResponseData data = new FetchResponseData(readable, VERSION);
        requireNoError(data.errorCode());
        long before = offset;
        for (FetchResponseData.FetchableTopicResponse response : data.responses()) {
            response.partitions().forEach(this::advance);
        }
        return (offset - before) / recordsPerRequest;
    }

    private void advance(FetchResponseData.PartitionData partition) {
        requireNoError(partition.errorCode());
        MemoryRecords records = (MemoryRecords) partition.records();
        List<? extends RecordBatch> batches = records == null
                ? List.of()
                : java.util.stream.StreamSupport.stream(records.batches().spliterator(), false)
                        .toList();
        for (RecordBatch batch : batches) {
            offset = batch.nextOffset();
        }
    }

    private static void requireNoError(short code) {
        Errors error = Errors.forCode(code);
        if (error != Errors.NONE) {
            throw new IllegalStateException("the broker refused a fetch: " + error);
        }
    }
}
