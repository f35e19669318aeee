package io.penstock.net.handler.fetch;

import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** The answer to one partition of a fetch request, before it is known whether the client gets it. */
record PartitionAnswer(PartitionKey key, PartitionData data) {
    /** A refusal: offsets -1 and no records, which are empty and never null. */
    static PartitionAnswer refused(PartitionKey key, Errors error) {
        return new PartitionAnswer(
                key,
                new PartitionData()
                        .setPartitionIndex(key.index())
                        .setErrorCode(error.code())
                        .setHighWatermark(-1)
                        .setRecords(MemoryRecords.EMPTY));
    }

    boolean hasRecords() {
        return hasRecords(data);
    }

    static boolean hasRecords(PartitionData data) {
        return data.records() != null && data.records().sizeInBytes() > 0;
    }
}
