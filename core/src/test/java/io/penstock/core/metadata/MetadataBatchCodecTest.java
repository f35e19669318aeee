package io.penstock.core.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.core.metadata.MetadataRecord.BrokerRegistered;
import io.penstock.core.metadata.MetadataRecord.ClientQuotaChanged;
import io.penstock.core.metadata.MetadataRecord.ClusterNamed;
import io.penstock.core.metadata.MetadataRecord.ConfigChanged;
import io.penstock.core.metadata.MetadataRecord.ConfigScope;
import io.penstock.core.metadata.MetadataRecord.FeatureLevelSet;
import io.penstock.core.metadata.MetadataRecord.Kind;
import io.penstock.core.metadata.MetadataRecord.LeaderEpochsRaised;
import io.penstock.core.metadata.MetadataRecord.PartitionChanged;
import io.penstock.core.metadata.MetadataRecord.PartitionsAdded;
import io.penstock.core.metadata.MetadataRecord.Placement;
import io.penstock.core.metadata.MetadataRecord.ProducerIdBlockAllocated;
import io.penstock.core.metadata.MetadataRecord.SnapshotBegun;
import io.penstock.core.metadata.MetadataRecord.SnapshotEnded;
import io.penstock.core.metadata.MetadataRecord.TopicCreated;
import io.penstock.core.metadata.MetadataRecord.TopicDeleted;
import io.penstock.core.metadata.MetadataRecord.TopicLogsDeleted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class MetadataBatchCodecTest {
    private static final Uuid ID = new Uuid(0x8000_0000_0000_4000L, -2L);

    private static final List<MetadataRecord> ONE_OF_EACH = List.of(
            new ClusterNamed("m9bAbcT5QdyFfY1DgwZ0xA"),
            new FeatureLevelSet("metadata.version", (short) 29),
            new BrokerRegistered(
                    1, Long.MAX_VALUE, false, null, Map.of("PLAINTEXT", new BrokerImage.HostPort("höst", 9092))),
            new BrokerRegistered(Integer.MAX_VALUE, -1, true, "rack-1", Map.of()),
            new TopicCreated("orders", ID),
            new TopicDeleted(Uuid.ZERO_UUID),
            new TopicLogsDeleted(ID),
            new LeaderEpochsRaised(7),
            new PartitionsAdded(
                    ID, 3, List.of(new Placement(List.of(1, 2), List.of(2)), new Placement(List.of(1), List.of(1)))),
            new PartitionChanged(ID, 0, -1, 7, 8, List.of(1, 2), List.of()),
            new ConfigChanged(ConfigScope.TOPIC, "orders", "retention.ms", "86400000"),
            new ConfigChanged(ConfigScope.BROKER, "", "log.retention.ms", null),
            new ProducerIdBlockAllocated(1, 1L << 40),
            new ClientQuotaChanged(QuotaEntity.of("alice", QuotaEntity.DEFAULT), "producer_byte_rate", 1024.0),
            new ClientQuotaChanged(QuotaEntity.ofIp("10.0.0.1"), "connection_creation_rate", null),
            new ClientQuotaChanged(QuotaEntity.ofClientId("c"), "request_percentage", 0.01),
            new SnapshotBegun(),
            new SnapshotEnded(12));

    @Test
    void shouldReadBackEveryKindOfRecord() {
        // when
        List<MetadataRecord> read = new ArrayList<>();
        List<Long> offsets = new ArrayList<>();
        MetadataBatchCodec.decode(MetadataBatchCodec.encode(ONE_OF_EACH, 42), (offset, record) -> {
            offsets.add(offset);
            read.add(record);
        });

        // then
        assertThat(read).isEqualTo(ONE_OF_EACH);
        assertThat(offsets).startsWith(0L, 1L, 2L).hasSize(ONE_OF_EACH.size());
        assertThat(ONE_OF_EACH).extracting(MetadataRecord::kind).contains(Kind.values());
    }

    @Test
    void shouldKeepTheBytesOfVersionOneForEver() {
        // when
        ByteBuffer bytes = MetadataRecordCodec.encode(new TopicCreated("ab", new Uuid(1, 2)));

        // then
        byte[] found = new byte[bytes.remaining()];
        bytes.get(found);
        assertThat(found).containsExactly(4, 1, 2, 'a', 'b', 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2);
    }

    @Test
    void shouldRefuseEveryFlippedBit() {
        // given
        ByteBuffer batch = MetadataBatchCodec.encode(ONE_OF_EACH, 42);

        for (int bit = 8 * Byte.SIZE; bit < batch.limit() * Byte.SIZE; bit++) {
            int at = bit / Byte.SIZE;
            if (at >= 12 && at < 16) {
                continue; // the leader epoch, which the log sets and the checksum leaves out
            }
            // when
            ByteBuffer damaged = copy(batch);
            damaged.put(at, (byte) (damaged.get(at) ^ (1 << (bit % Byte.SIZE))));

            // then
            assertThatThrownBy(() -> MetadataBatchCodec.decode(damaged, (offset, record) -> {}))
                    .as("bit %s", bit)
                    .isInstanceOf(CorruptMetadataException.class);
        }
    }

    @Test
    void shouldRefuseEveryTruncation() {
        // given
        ByteBuffer batch = MetadataBatchCodec.encode(ONE_OF_EACH, 42);

        for (int length = 1; length < batch.limit(); length++) {
            // when
            ByteBuffer torn = copy(batch).limit(length);

            // then
            assertThatThrownBy(() -> MetadataBatchCodec.decode(torn, (offset, record) -> {}))
                    .as("length %s", length)
                    .isInstanceOf(CorruptMetadataException.class);
        }
    }

    @Test
    void shouldNeverFailOtherwiseThanByItsOwnExceptionsWhateverTheBytes() {
        // given
        long seed = System.nanoTime();
        Random random = new Random(seed);

        for (int round = 0; round < 100_000; round++) {
            ByteBuffer bytes = MetadataRecordCodec.encode(ONE_OF_EACH.get(random.nextInt(ONE_OF_EACH.size())));
            ByteBuffer damaged = copy(bytes);
            for (int hits = random.nextInt(3); hits >= 0; hits--) {
                damaged.put(random.nextInt(damaged.limit()), (byte) random.nextInt());
            }
            damaged.limit(random.nextInt(damaged.limit() + 1));
            // when
            Throwable thrown = catchThrowable(() -> MetadataRecordCodec.decode(damaged));

            // then
            if (thrown != null) {
                assertThat(thrown)
                        .as("seed %s round %s", seed, round)
                        .isInstanceOfAny(CorruptMetadataException.class, FutureMetadataException.class);
            }
        }
    }

    @Test
    void shouldSayThatANewerReleaseWroteAnUnknownKindOrVersion() {
        // given
        ByteBuffer unknownKind = ByteBuffer.wrap(new byte[] {63, 1});
        ByteBuffer unknownVersion = ByteBuffer.wrap(new byte[] {4, 2, 0});

        // then
        assertThatThrownBy(() -> MetadataRecordCodec.decode(unknownKind))
                .isInstanceOf(FutureMetadataException.class)
                .hasMessageContaining("kind 63");
        assertThatThrownBy(() -> MetadataRecordCodec.decode(unknownVersion))
                .isInstanceOf(FutureMetadataException.class)
                .hasMessageContaining("TOPIC_CREATED in version 2");
    }

    private static ByteBuffer copy(ByteBuffer bytes) {
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
        copy.put(bytes.duplicate());
        return copy.flip();
    }
}
