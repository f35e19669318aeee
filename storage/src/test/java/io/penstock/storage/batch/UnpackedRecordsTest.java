package io.penstock.storage.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read of a batch is what was put into it, whatever the codec, and wherever its bytes are. */
class UnpackedRecordsTest {
    private static final byte[] HEADER = "id".getBytes(UTF_8);
    private static final long LIMIT = 1 << 24;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldTellKeysTombstonesAndHeadersOfEachRecord(CompressionType type) {
        List<String> told = new ArrayList<>();
        try (UnpackBuffers buffers = new UnpackBuffers()) {
            for (ByteBuffer batch :
                    List.of(onHeap(type), direct(type), onHeap(type).asReadOnlyBuffer())) {
                told.clear();
                try (UnpackedRecords records = new UnpackedRecords(batch, LIMIT, buffers)) {
                    while (records.advance()) {
                        told.add(records.offsetDelta() + "+" + records.timestampDelta() + " " + text(records.key())
                                + (records.hasValue() ? " value " : " tombstone ")
                                + text(records.lastHeader(HEADER)));
                    }
                }
                assertThat(told)
                        .containsExactly(
                                "0+0 small value first",
                                "1+5 null value null",
                                "2+7 gone tombstone null",
                                "3+9 large value last");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldRebuildTheSameBatchFromAllItsRecords(CompressionType type) {
        ByteBuffer batch = direct(type);
        BatchRebuild rebuild = BatchRebuild.of(batch);
        try (UnpackBuffers buffers = new UnpackBuffers();
                UnpackedRecords records = new UnpackedRecords(batch, LIMIT, buffers)) {
            while (records.advance()) {
                rebuild.add(records);
            }
        }
        ByteBuffer rebuilt = rebuild.build();
        assertThat(BatchHeader.isIntact(rebuilt, 0)).isTrue();
        assertThat(MemoryRecords.readableRecords(rebuilt).records())
                .containsExactlyElementsOf(MemoryRecords.readableRecords(batch).records());
    }

    @Test
    void shouldRefuseARecordThatReachesBeyondItsBatch() {
        ByteBuffer batch = onHeap(CompressionType.NONE);
        ByteBuffer cut = batch.duplicate().limit(batch.limit() - 1);
        assertThatExceptionOfType(CorruptBatchException.class)
                .isThrownBy(() -> readAll(cut, LIMIT))
                .withMessageContaining("unreadable record 3");
    }

    @Test
    void shouldRefuseACompressedBatchThatUnpacksToMoreThanAllowed() {
        assertThatExceptionOfType(CorruptBatchException.class)
                .isThrownBy(() -> readAll(onHeap(CompressionType.ZSTD), 1_000))
                .withMessageContaining("unpacks to more than is allowed");
    }

    private static void readAll(ByteBuffer batch, long limit) {
        try (UnpackBuffers buffers = new UnpackBuffers();
                UnpackedRecords records = new UnpackedRecords(batch, limit, buffers)) {
            while (records.advance()) {
                assertThat(records.recordsPassed()).isPositive();
            }
        }
    }

    private static ByteBuffer onHeap(CompressionType type) {
        Header[] first = {
            new RecordHeader("id", "zeroth".getBytes(UTF_8)), new RecordHeader("id", "first".getBytes(UTF_8))
        };
        Header[] last = {new RecordHeader("other", null), new RecordHeader("id", "last".getBytes(UTF_8))};
        return MemoryRecords.withRecords(
                        Compression.of(type).build(),
                        new SimpleRecord(1_000, "small".getBytes(UTF_8), "v".getBytes(UTF_8), first),
                        new SimpleRecord(1_005, null, new byte[100]),
                        new SimpleRecord(1_007, "gone".getBytes(UTF_8), null),
                        new SimpleRecord(1_009, "large".getBytes(UTF_8), new byte[3 << 20], last))
                .buffer();
    }

    private static ByteBuffer direct(CompressionType type) {
        ByteBuffer batch = onHeap(type);
        return ByteBuffer.allocateDirect(batch.remaining()).put(batch).flip();
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "null" : UTF_8.decode(bytes).toString();
    }
}
