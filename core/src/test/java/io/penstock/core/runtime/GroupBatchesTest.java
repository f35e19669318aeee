package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.group.LogWrite;
import io.penstock.core.group.record.ClassicGroupRecord;
import io.penstock.core.group.record.CommittedOffset;
import io.penstock.core.group.record.ConsumerGroupRecord;
import io.penstock.core.group.record.CorruptGroupRecordException;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.GroupLogEntry;
import io.penstock.core.group.record.GroupRecord;
import io.penstock.core.group.record.GroupRecordCodec;
import io.penstock.core.group.record.OffsetRecord;
import io.penstock.core.group.record.TransactionEnd;
import io.penstock.core.group.record.TransactionProducer;
import io.penstock.core.group.record.TransactionalOffset;
import io.penstock.core.transaction.TransactionMarker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Crc32C;
import org.junit.jupiter.api.Test;

class GroupBatchesTest {
    private static final long TIME_MS = 1_700_000_000_000L;

    private final Random random = new Random(848);
    private final Uuid[] topicIds = {Uuid.ZERO_UUID, new Uuid(1, 2), new Uuid(1, 3)};

    @Test
    void shouldReadWhatWasWrittenWhateverComesAfterWhat() {
        // given
        List<GroupRecord> written = new ArrayList<>();
        ByteBuffer log = ByteBuffer.allocateDirect(1 << 20);
        for (int batch = 0; batch < 50; batch++) {
            List<GroupRecord> records = randomRecords(1 + random.nextInt(40));
            written.addAll(records);
            log.put(batch(Compression.NONE, records));
        }

        // when
        List<GroupLogEntry> read = decode(log.flip());

        // then
        assertThat(read).isEqualTo(written);
    }

    @Test
    void shouldReadBatchesThatOthersHaveCompressed() {
        // given
        List<GroupRecord> first = randomRecords(20);
        List<GroupRecord> second = randomRecords(20);
        ByteBuffer log = ByteBuffer.allocate(1 << 16);
        log.put(batch(Compression.gzip().build(), first)).put(batch(Compression.NONE, second));

        // when
        List<GroupLogEntry> read = decode(log.flip());

        // then
        first.addAll(second);
        assertThat(read).isEqualTo(first);
    }

    @Test
    void shouldPassOverRecordsOfOtherKindsAndWithoutKey() {
        // given
        OffsetRecord known = offset("g", "t", 1);
        ByteBuffer log = ByteBuffer.allocate(1 << 12);
        try (MemoryRecordsBuilder builder = builder(Compression.NONE)) {
            builder.append(TIME_MS, (byte[]) null, new byte[] {1});
            builder.append(TIME_MS, new byte[] {0x7f, 0x7f, 0, 1, 'g'}, new byte[] {0});
            EncodedRecord encoded = GroupRecordCodec.encode(known);
            Header[] headers = {new RecordHeader("h", new byte[] {1, 2, 3})};
            builder.append(TIME_MS, encoded.key(), encoded.value(), headers);
            log.put(builder.build().buffer());
        }

        // when
        List<GroupLogEntry> read = decode(log.flip());

        // then
        assertThat(read).containsExactly(known);
    }

    @Test
    void shouldReadKeysThatEndLaterThanWithThePartition() {
        // given: the key of the same group, topic and partition with three more bytes, which a later version may have
        EncodedRecord encoded = GroupRecordCodec.encode(offset("g", "t", 7));
        ByteBuffer longer = ByteBuffer.allocate(encoded.key().remaining() + 3)
                .put(encoded.key().duplicate())
                .put(new byte[3])
                .flip();
        ByteBuffer log = ByteBuffer.allocate(1 << 12);
        try (MemoryRecordsBuilder builder = builder(Compression.NONE)) {
            builder.append(TIME_MS, encoded.key(), encoded.value());
            builder.append(TIME_MS, longer, encoded.value());
            builder.append(TIME_MS, encoded.key(), null);
            log.put(builder.build().buffer());
        }

        // when
        List<GroupLogEntry> read = decode(log.flip());

        // then
        assertThat(read).containsExactly(offset("g", "t", 7), offset("g", "t", 7), OffsetRecord.tombstone("g", "t", 7));
    }

    @Test
    void shouldReadWhatTransactionsWriteAndHowTheyEnd() {
        // given: compressed or not; a tombstone and a group count at once, whoever writes them
        OffsetRecord offset = offset("g", "t", 1);
        List<GroupRecord> written =
                List.of(offset, OffsetRecord.tombstone("g", "t", 2), new ClassicGroupRecord("g", null));
        TransactionProducer producer = new TransactionProducer(17, (short) 3);
        ByteBuffer log = ByteBuffer.allocate(1 << 14)
                .put(batch(Compression.NONE, written, producer))
                .put(batch(Compression.gzip().build(), written, producer))
                .put(batch(Compression.NONE, List.of(offset)))
                .put(MarkerBatch.of(new TransactionMarker(17, (short) 4, 1, true, 2), TIME_MS))
                .put(MarkerBatch.of(new TransactionMarker(18, (short) 0, 1, false, 1), TIME_MS));

        // when
        List<GroupLogEntry> read = decode(log.flip());

        // then
        TransactionalOffset pending = new TransactionalOffset(producer, offset);
        assertThat(read)
                .containsExactly(
                        pending,
                        written.get(1),
                        written.get(2),
                        pending,
                        written.get(1),
                        written.get(2),
                        offset,
                        new TransactionEnd(17, true),
                        new TransactionEnd(18, false));
    }

    @Test
    void shouldReadWhatTheCoordinatorWrites() {
        // given
        OffsetRecord offset = offset("g", "t", 1);
        TransactionProducer producer = new TransactionProducer(17, (short) 3);
        List<EncodedRecord> records = List.of(GroupRecordCodec.encode(offset));
        CoordinatorBatch batches = new CoordinatorBatch();

        // when
        ByteBuffer log = ByteBuffer.allocate(1 << 12)
                .put(batches.of(new LogWrite.Records(records, producer), TIME_MS))
                .put(batches.of(new LogWrite.Records(records, null), TIME_MS))
                .put(batches.of(new LogWrite.End(new TransactionMarker(17, (short) 3, 1, true, 1)), TIME_MS));

        // then
        assertThat(decode(log.flip()))
                .containsExactly(new TransactionalOffset(producer, offset), offset, new TransactionEnd(17, true));
    }

    @Test
    void shouldRefuseEveryLengthThatPassesTheEndOfItsRecord() {
        ByteBuffer batch = batch(Compression.NONE, List.of(offset("g", "t", 3), offset("g", "t", 6)));
        int firstRecord = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
        // given: the lengths of the record, its key and its value, each one a byte
        int keyLength = firstRecord + 4;
        int valueLength = keyLength + 1 + (batch.get(keyLength) >> 1);
        for (int position : new int[] {firstRecord, keyLength, valueLength}) {
            ByteBuffer damaged = ByteBuffer.allocate(batch.remaining())
                    .put(batch.duplicate())
                    .flip();
            damaged.put(position, (byte) 0x7e);
            damaged.putInt(DefaultRecordBatch.CRC_OFFSET, crc(damaged));

            // when, then
            assertThatThrownBy(() -> decode(damaged))
                    .as("byte %d", position)
                    .isInstanceOfAny(KafkaException.class, CorruptGroupRecordException.class);
        }
    }

    private static int crc(ByteBuffer batch) {
        int from = DefaultRecordBatch.CRC_OFFSET + Integer.BYTES;
        return (int) Crc32C.compute(batch, from, batch.limit() - from);
    }

    private static List<GroupLogEntry> decode(ByteBuffer log) {
        List<GroupLogEntry> records = new ArrayList<>();
        new GroupBatches(log).decode(records);
        return records;
    }

    private List<GroupRecord> randomRecords(int count) {
        List<GroupRecord> records = new ArrayList<>();
        String group = "group-" + random.nextInt(3);
        String topic = "topic-" + random.nextInt(3);
        while (records.size() < count) {
            switch (random.nextInt(10)) {
                case 0 -> group = "g".repeat(1 + random.nextInt(30));
                case 1 -> topic = "tópic-" + random.nextInt(3);
                case 2 -> records.add(OffsetRecord.tombstone(group, topic, random.nextInt(100)));
                case 3 -> records.add(new ClassicGroupRecord(group, null));
                case 4 -> records.add(ConsumerGroupRecord.tombstone(group));
                default -> records.add(offset(group, topic, random.nextInt(100)));
            }
        }
        return records;
    }

    private OffsetRecord offset(String group, String topic, int partition) {
        Uuid topicId = topicIds[partition % topicIds.length];
        String metadata = partition % 5 == 0 ? "of mine" : "";
        return new OffsetRecord(
                group,
                topic,
                partition,
                new CommittedOffset(1_000L + partition, partition % 3 - 1, metadata, TIME_MS, -1, topicId));
    }

    private static ByteBuffer batch(Compression compression, List<GroupRecord> records) {
        return filled(builder(compression), records);
    }

    private static ByteBuffer batch(Compression compression, List<GroupRecord> records, TransactionProducer producer) {
        return filled(
                MemoryRecords.builder(
                        ByteBuffer.allocate(4 << 10),
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        compression,
                        TimestampType.CREATE_TIME,
                        0,
                        TIME_MS,
                        producer.id(),
                        producer.epoch(),
                        0,
                        true,
                        RecordBatch.NO_PARTITION_LEADER_EPOCH),
                records);
    }

    private static ByteBuffer filled(MemoryRecordsBuilder empty, List<GroupRecord> records) {
        try (MemoryRecordsBuilder builder = empty) {
            for (GroupRecord record : records) {
                EncodedRecord encoded = GroupRecordCodec.encode(record);
                builder.append(TIME_MS, encoded.key(), encoded.value());
            }
            return builder.build().buffer();
        }
    }

    private static MemoryRecordsBuilder builder(Compression compression) {
        return MemoryRecords.builder(
                ByteBuffer.allocate(4 << 10),
                RecordBatch.CURRENT_MAGIC_VALUE,
                compression,
                TimestampType.CREATE_TIME,
                0);
    }
}
