package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.metadata.CorruptMetadataException;
import io.penstock.core.metadata.FutureMetadataException;
import io.penstock.core.metadata.ImageReplay;
import io.penstock.core.metadata.MetadataImage;
import io.penstock.core.metadata.MetadataRecord;
import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.SnapshotBegun;
import io.penstock.storage.LogConfig;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.fixture.ManualThreads;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.memory.InMemoryLogStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

class MetadataJournalTest {
    private final ManualThreads threads = new ManualThreads();
    private final InMemoryLogStore store = new InMemoryLogStore(256 << 20);
    private MetadataJournal journal = newJournal();
    private MetadataImage image = threads.await(journal.open());

    @Test
    void shouldReplayWhatWasAppended() {
        // given
        append(new ClusterNamed("cluster"), broker());
        append(setting("k", "1"));

        // when
        MetadataImage reopened = reopen();

        // then
        assertThat(reopened.clusterId()).isEqualTo("cluster");
        assertThat(reopened.brokerConfigs("")).isEqualTo(Map.of("k", "1"));
        assertThat(reopened.offset()).isEqualTo(3);
    }

    @Test
    void shouldDropWhatASnapshotReplaces() {
        // given
        append(new ClusterNamed("cluster"), broker());
        for (int i = 0; i < 100; i++) {
            append(setting("k", "" + i));
        }

        // when
        long endOffset = threads.await(journal.snapshot(image));
        threads.runAll();
        append(setting("after", "1"));
        MetadataImage reopened = reopen();

        // then
        assertThat(reopened.brokerConfigs("")).isEqualTo(Map.of("k", "99", "after", "1"));
        assertThat(reopened.clusterId()).isEqualTo("cluster");
        assertThat(reopened.offset()).isEqualTo(endOffset + 1);
        assertThat(openRaw().startOffset()).isEqualTo(102);
    }

    @Test
    void shouldAskForASnapshotOnlyWhenItPays() {
        // given
        append(new ClusterNamed("cluster"), broker());
        String value = "x".repeat(30_000);

        // when
        int appends = 0;
        while (!journal.isSnapshotDue()) {
            append(setting("k", value + appends++));
        }

        // then
        assertThat(appends).isBetween(100, 200);

        // when
        threads.await(journal.snapshot(image));

        // then
        assertThat(journal.isSnapshotDue()).isFalse();
    }

    @Test
    void shouldCountJournalBytesOfEarlierRunsForTheNextSnapshot() {
        // given
        append(new ClusterNamed("cluster"), broker());
        while (!journal.isSnapshotDue()) {
            append(setting("k", "x".repeat(30_000)));
        }

        // when
        reopen();

        // then
        assertThat(journal.isSnapshotDue()).isTrue();
    }

    @Test
    void shouldCutOffASnapshotThatACrashLeftUnfinished() {
        // given
        append(new ClusterNamed("cluster"), broker());
        append(new SnapshotBegun(), new ClusterNamed("half"));

        // when
        MetadataImage reopened = reopen();
        append(setting("k", "1"));
        MetadataImage again = reopen();

        // then
        assertThat(reopened.clusterId()).isEqualTo("cluster");
        assertThat(again.clusterId()).isEqualTo("cluster");
        assertThat(again.brokerConfigs("")).isEqualTo(Map.of("k", "1"));
    }

    @Test
    void shouldRefuseToStartOnWhatIsNoMetadata() {
        // given
        PartitionLog log = openRaw();
        log.append(RecordBatches.of("hello"), 0);
        threads.await(log.close());

        // then
        assertThatThrownBy(this::reopenOnly)
                .isInstanceOfAny(CorruptMetadataException.class, FutureMetadataException.class);
    }

    @Test
    void shouldRefuseToStartOnRecordsOfANewerRelease() {
        // given
        PartitionLog log = openRaw();
        ByteBuffer batch = MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[] {60, 1}))
                .buffer();
        log.append(batch, 0);
        threads.await(log.close());

        // then
        assertThatThrownBy(this::reopenOnly)
                .isInstanceOf(FutureMetadataException.class)
                .hasMessageContaining("newer");
    }

    private MetadataJournal newJournal() {
        return new MetadataJournal(store, threads.context(), Clock.SYSTEM);
    }

    private void append(MetadataRecord... records) {
        long offset = journal.append(List.of(records));
        ImageReplay replay = new ImageReplay(image);
        for (MetadataRecord record : records) {
            replay.replay(offset++, record);
        }
        image = replay.image();
        threads.await(journal.sync());
    }

    private MetadataImage reopen() {
        threads.await(journal.close());
        return reopenOnly();
    }

    private MetadataImage reopenOnly() {
        journal = newJournal();
        image = threads.await(journal.open());
        return image;
    }

    private PartitionLog openRaw() {
        threads.await(journal.close());
        return threads.await(store.open(MetadataJournal.LOG_ID, LogConfig.DEFAULT, threads.context()));
    }

    private static BrokerRegistered broker() {
        return new BrokerRegistered(1, 0, false, null, Map.of());
    }

    private static ConfigChanged setting(String key, String value) {
        return new ConfigChanged(ConfigScope.BROKER, "", key, value);
    }
}
