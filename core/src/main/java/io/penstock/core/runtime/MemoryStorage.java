package io.penstock.core.runtime;

import io.penstock.core.metadata.InMemoryMetadataLog;
import io.penstock.core.metadata.MetadataLog;
import io.penstock.storage.LogContext;
import io.penstock.storage.LogStore;
import io.penstock.storage.memory.InMemoryLogStore;
import org.apache.kafka.common.Uuid;

/** Data that goes with the process: a new cluster at every start. */
final class MemoryStorage implements BrokerStorage {
    private final String clusterId = Uuid.randomUuid().toString();
    private final LogStore logs;

    /**
     * @param maxBytes most bytes of records, all partitions together
     */
    MemoryStorage(long maxBytes) {
        this.logs = new InMemoryLogStore(maxBytes);
    }

    @Override
    public LogStore logs() {
        return logs;
    }

    @Override
    public String clusterId() {
        return clusterId;
    }

    @Override
    public boolean isNew() {
        return true;
    }

    @Override
    public boolean mayHaveLostRecords() {
        return false;
    }

    @Override
    public MetadataLog metadataLog(LogContext context, Clock clock) {
        return new InMemoryMetadataLog();
    }

    @Override
    public void close(boolean inOrder) {
        logs.close();
    }
}
