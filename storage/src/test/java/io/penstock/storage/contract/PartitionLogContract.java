package io.penstock.storage.contract;

import io.penstock.storage.LogStore;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of {@link io.penstock.storage.PartitionLog}, for one implementation: extend it and say how a store is made. The claims
 * are in the interfaces, by theme.
 */
public abstract class PartitionLogContract
        implements AppendContract,
                ReadContract,
                TruncationContract,
                RetentionContract,
                TimestampContract,
                TransactionContract,
                ReopenContract,
                NoteContract,
                SliceLifetimeContract,
                CompactionContract,
                TransactionCompactionContract,
                RandomHistoryContract {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private LogHarness harness;

    /** Makes a store with its data below {@code directory}, which is empty for each test. */
    protected abstract LogStore createStore(Path directory);

    /** What stands for a restart of the process: by default the store is closed and made anew over the same directory. */
    protected LogStore restartStore(LogStore store, Path sameDirectory) {
        store.close();
        return createStore(sameDirectory);
    }

    @BeforeEach
    void openHarness() {
        harness = new LogHarness(createStore(directory), store -> restartStore(store, directory));
    }

    @AfterEach
    void closeHarness() {
        harness.closeAll();
    }

    @Override
    public LogHarness harness() {
        return harness;
    }
}
