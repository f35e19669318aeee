package io.penstock.core.metadata;

import static io.penstock.core.metadata.ClusterFixture.facts;
import static io.penstock.core.metadata.ClusterFixture.newTopic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.ProducerIdBlockAllocated;
import io.penstock.core.metadata.MetadataRecord.SnapshotBegun;
import io.penstock.core.metadata.MetadataRecord.SnapshotEnded;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JournalReplayTest {
    private final ClusterFixture cluster = new ClusterFixture();

    @Test
    void shouldLetASnapshotReplaceWhatCameBeforeIt() {
        // given
        cluster.create(newTopic("old"));
        List<MetadataRecord> journal = new ArrayList<>(cluster.log);
        cluster.replay(List.of(new TopicDeleted(cluster.topic("old").id())));
        cluster.create(newTopic("new"));
        journal.addAll(ImageRecords.snapshot(cluster.image));

        // when
        JournalReplay replay = replayed(0, journal);

        // then
        assertThat(facts(replay.image())).isEqualTo(facts(cluster.image));
        assertThat(replay.image().topic("old")).isNull();
        assertThat(replay.unfinishedSnapshotOffset()).isEqualTo(-1);
    }

    @Test
    void shouldIgnoreASnapshotWithoutEndAndSayWhereItStarts() {
        // given
        cluster.create(newTopic("a"), newTopic("b"));
        List<MetadataRecord> snapshot = ImageRecords.snapshot(cluster.image);

        for (int length = 1; length < snapshot.size(); length++) {
            // when
            List<MetadataRecord> journal = new ArrayList<>(cluster.log);
            journal.addAll(snapshot.subList(0, length));
            JournalReplay replay = replayed(0, journal);

            // then
            assertThat(facts(replay.image())).isEqualTo(facts(cluster.image));
            assertThat(replay.unfinishedSnapshotOffset()).isEqualTo(cluster.log.size());
        }
    }

    @Test
    void shouldReplayRecordsAfterASnapshot() {
        // given
        List<MetadataRecord> journal = new ArrayList<>(ImageRecords.snapshot(cluster.image));
        int snapshotSize = cluster.log.size();
        cluster.create(newTopic("later"));
        journal.addAll(cluster.log.subList(snapshotSize, cluster.log.size()));

        // when
        JournalReplay replay = replayed(1000, journal);

        // then
        assertThat(facts(replay.image())).isEqualTo(facts(cluster.image));
        assertThat(replay.image().offset()).isEqualTo(1000 + journal.size());
    }

    @Test
    void shouldRefuseAJournalWhoseBeginningIsMissing() {
        // given
        JournalReplay cutSnapshot = new JournalReplay(10);
        cutSnapshot.replay(10, new SnapshotBegun());

        // then
        assertThatThrownBy(() -> new JournalReplay(10).replay(10, new TopicCreated("t", new Uuid(1, 1))))
                .isInstanceOf(CorruptMetadataException.class);
        assertThatThrownBy(cutSnapshot::image).isInstanceOf(CorruptMetadataException.class);
    }

    @Test
    void shouldRefuseASnapshotOfTheWrongLength() {
        // given
        JournalReplay replay = new JournalReplay(0);
        replay.replay(0, new SnapshotBegun());

        // then
        assertThatThrownBy(() -> replay.replay(1, new SnapshotEnded(3))).isInstanceOf(CorruptMetadataException.class);
        assertThatThrownBy(() -> new JournalReplay(0).replay(0, new SnapshotEnded(0)))
                .isInstanceOf(CorruptMetadataException.class);
    }

    static Stream<MetadataRecord> contradictions() {
        Uuid unknown = new Uuid(9, 9);
        return Stream.of(
                new TopicCreated("t", unknown),
                new TopicDeleted(unknown),
                new PartitionsAdded(unknown, 0, List.of()),
                new PartitionsAdded(new Uuid(0x4000, 1), 5, List.of()),
                new PartitionChanged(new Uuid(0x4000, 1), 7, 1, 1, 1, List.of(1), List.of(1)),
                new PartitionChanged(new Uuid(0x4000, 1), -1, 1, 1, 1, List.of(1), List.of(1)),
                new PartitionChanged(unknown, 0, 1, 1, 1, List.of(1), List.of(1)),
                new ConfigChanged(ConfigScope.TOPIC, "missing", "retention.ms", "1"),
                new ProducerIdBlockAllocated(1, 500));
    }

    @ParameterizedTest
    @MethodSource("contradictions")
    void shouldRefuseARecordThatContradictsWhatIsKnown(MetadataRecord record) {
        // given
        cluster.create(newTopic("t"));
        cluster.apply(cluster.controller.allocateProducerIds(cluster.image, 1));

        // then
        assertThatThrownBy(() -> cluster.replay(List.of(record)))
                .isInstanceOf(CorruptMetadataException.class)
                .hasMessageContaining(record.toString());
    }

    @Test
    void shouldRefuseTheIdOfADeletedTopic() {
        // given
        cluster.create(newTopic("t"));
        Uuid id = cluster.topic("t").id();
        cluster.replay(List.of(new TopicDeleted(id)));

        // then
        assertThatThrownBy(() -> cluster.replay(List.of(new TopicCreated("t", id))))
                .isInstanceOf(CorruptMetadataException.class);
    }

    private static JournalReplay replayed(long startOffset, List<MetadataRecord> journal) {
        JournalReplay replay = new JournalReplay(startOffset);
        long offset = startOffset;
        for (MetadataRecord record : journal) {
            replay.replay(offset++, record);
        }
        return replay;
    }
}
