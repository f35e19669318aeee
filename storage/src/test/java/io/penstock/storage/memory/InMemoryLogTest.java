package io.penstock.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.storage.LogConfig;
import io.penstock.storage.LogFullException;
import io.penstock.storage.LogId;
import io.penstock.storage.LogSlices;
import io.penstock.storage.LogStore;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.contract.PartitionLogContract;
import io.penstock.storage.fixture.ManualThreads;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class InMemoryLogTest extends PartitionLogContract {
    private final ManualThreads threads = new ManualThreads();

    @Override
    protected LogStore createStore(Path directory) {
        return new InMemoryLogStore(1 << 28);
    }

    /** There is nothing to restart from but the store itself. */
    @Override
    protected LogStore restartStore(LogStore store, Path sameDirectory) {
        return store;
    }

    @Test
    void shouldRefuseAppendsBeyondItsBoundAndGoOnWhenThereIsRoom() {
        // given
        InMemoryLogStore store = new InMemoryLogStore(100_000);
        PartitionLog log = open(store, "full");
        log.append(RecordBatches.ofValueBytes(60_000, 1), 0);

        // when, then
        assertThatThrownBy(() -> log.append(RecordBatches.ofValueBytes(60_000, 1), 3))
                .isInstanceOf(LogFullException.class);
        assertThat(log.endOffset()).isEqualTo(1);
        assertThat(log.leaderEpochs().latestEpoch()).isZero();

        // when
        threads.await(log.truncateTo(0));

        // then
        assertThat(log.append(RecordBatches.ofValueBytes(60_000, 1), 3)).isZero();
    }

    @Test
    void shouldGiveMemoryBackWhenTheLastSliceOfADeletedLogIsReleased() {
        // given
        InMemoryLogStore store = new InMemoryLogStore(1 << 20);
        PartitionLog log = open(store, "held");
        log.append(RecordBatches.of("a"), 0);
        LogSlices slices = threads.await(log.readCold(0, 1, 1000, true));

        // when
        threads.await(log.delete());

        // then
        assertThat(store.usedBytes()).isPositive();
        slices.release();
        assertThat(store.usedBytes()).isZero();
    }

    @Test
    void shouldComplainAboutAReferenceGivenBackTwice() {
        // given
        PartitionLog log = open(new InMemoryLogStore(1 << 20), "twice");
        log.append(RecordBatches.of("a"), 0);
        LogSlices slices = threads.await(log.readCold(0, 1, 1000, true));
        slices.release();

        // when, then
        assertThatThrownBy(slices::release).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(slices::buffers).isInstanceOf(IllegalStateException.class);
    }

    private PartitionLog open(LogStore store, String name) {
        return threads.await(store.open(LogId.of(name), LogConfig.DEFAULT, threads.context()));
    }
}
