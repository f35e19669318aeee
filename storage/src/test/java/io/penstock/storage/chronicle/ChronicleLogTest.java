package io.penstock.storage.chronicle;

import io.penstock.storage.LogStore;
import io.penstock.storage.contract.PartitionLogContract;
import java.nio.file.Path;

/** The contract of the log, kept by Chronicle. */
class ChronicleLogTest extends PartitionLogContract {
    @Override
    protected LogStore createStore(Path directory) {
        return new ChronicleLogStore(directory.resolve("logs"));
    }
}
