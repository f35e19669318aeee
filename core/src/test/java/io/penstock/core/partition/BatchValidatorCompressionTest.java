package io.penstock.core.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchVerdict.Refused;
import io.penstock.core.partition.BatchVerdict.TooMuchWork;
import io.penstock.core.partition.BatchVerdict.Valid;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the validator treats compressed records, and how little work and memory it spends on any. */
class BatchValidatorCompressionTest extends ValidatorHarness {
    private static final long NOW_MS = BatchBytes.NOW_MS;

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldPassOnWhatNeedsNoChange(CompressionType type) {
        // given
        ByteBuffer batch = RecordBatches.withTimestamps(type, NOW_MS, NOW_MS + 1);

        // when, then
        assertThat(valid(batch, PartitionConfig.DEFAULT).batch()).isSameAs(batch);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldStoreWithCodecOfTheTopic(CompressionType type) {
        // given
        ByteBuffer batch = RecordBatches.withTimestamps(type, NOW_MS, NOW_MS + 1);

        // when
        ByteBuffer stored = valid(batch, Configs.with(BatchCompression.zstd(3))).batch();

        // then
        assertThat(BatchHeader.compressionCode(stored, stored.position())).isEqualTo(CompressionType.ZSTD.id);
        assertThat(RecordBatches.values(java.util.List.of(stored))).containsExactly("value-0", "value-1");
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseBombWithoutUnpackingIt(CompressionType type) {
        // given 64 MiB of zeros
        byte[] record = BatchBytes.record(0, null, new byte[64 << 20]);
        ByteBuffer bomb = BatchBytes.around(type, 1, record);
        PartitionConfig config = Configs.withMaxDecompressedBytes(8 << 20);

        // when
        long allocatedBefore = allocatedBytes();
        Refused refused = refusal(bomb, config);
        long allocated = allocatedBytes() - allocatedBefore;

        // then
        assertThat(refused.error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
        assertThat(allocated).isLessThan(10 << 20);
    }

    @Test
    void shouldRefuseSnappyLengthsThatLie() {
        // given a chunk that announces 500 MiB, and a block that announces 1 GiB
        ByteBuffer chunk = snappyHeader().putInt(500 << 20).put((byte) 1).flip();
        ByteBuffer block =
                snappyHeader().putInt(5).put(new byte[] {-1, -1, -1, -1, 7}).flip();
        ByteBuffer bare = ByteBuffer.allocate(30).put(new byte[] {-1, -1, -1, -1, 7});

        for (ByteBuffer stream : new ByteBuffer[] {chunk, block, bare}) {
            // when
            long allocatedBefore = allocatedBytes();
            Refused refused = refusal(packed(CompressionType.SNAPPY, stream), PartitionConfig.DEFAULT);

            // then
            assertThat(refused.error()).isEqualTo(Errors.INVALID_RECORD);
            assertThat(allocatedBytes() - allocatedBefore).isLessThan(1 << 20);
        }
    }

    private static ByteBuffer snappyHeader() {
        return ByteBuffer.allocate(64).putLong(0x82534e4150505900L).putInt(1).putInt(1);
    }

    private static ByteBuffer packed(CompressionType type, ByteBuffer stream) {
        ByteBuffer batch = ByteBuffer.allocate(BatchHeader.HEADER_BYTES + stream.remaining());
        BatchBytes.header(batch, type, 1);
        batch.put(BatchHeader.HEADER_BYTES, stream, stream.position(), stream.remaining());
        return BatchBytes.seal(batch);
    }

    @Test
    void shouldTakeBareSnappyBlock() throws Exception {
        // given what librdkafka sends: no framing
        byte[] record = BatchBytes.record(0, null, "plain old snappy, plain old snappy".getBytes(UTF_8));
        ByteBuffer batch = packed(CompressionType.SNAPPY, ByteBuffer.wrap(org.xerial.snappy.Snappy.compress(record)));

        // when, then
        assertThat(valid(batch, PartitionConfig.DEFAULT).batch()).isSameAs(batch);
    }

    @Test
    void shouldRefuseZstdWindowAbove128MiB() {
        // given a frame header that asks for a window of 1 GiB, then one raw block
        byte[] frame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0x00, (byte) (20 << 3), 0x09, 0x00, 0x00, 1};

        // when, then
        assertThat(refusal(packed(CompressionType.ZSTD, ByteBuffer.wrap(frame)), PartitionConfig.DEFAULT)
                        .error())
                .isEqualTo(Errors.INVALID_RECORD);
    }

    @ParameterizedTest
    @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void shouldRefuseRubbishThatClaimsToBeCompressed(CompressionType type) {
        // given
        byte[] rubbish = new byte[200];
        new java.util.Random(1).nextBytes(rubbish);

        // when, then
        assertThat(refusal(packed(type, ByteBuffer.wrap(rubbish)), PartitionConfig.DEFAULT)
                        .error())
                .isEqualTo(Errors.INVALID_RECORD);
    }

    // ---- work

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldStopAtTheWorkLimitAndSucceedWithout(CompressionType type) {
        // given
        ByteBuffer batch = RecordBatches.batch(type, -1, -1, -1, false, new SimpleRecord(NOW_MS, new byte[500_000]));

        // when, then
        assertThat(validator.validate(batch, Origin.CLIENT, PartitionConfig.DEFAULT, NOW_MS, 100_000))
                .isEqualTo(TooMuchWork.INSTANCE);
        assertThat(judge(batch, PartitionConfig.DEFAULT)).isInstanceOf(Valid.class);
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldAllocateNothingPerRecord(CompressionType type) {
        // given
        SimpleRecord[] records = new SimpleRecord[20_000];
        java.util.Arrays.setAll(records, i -> new SimpleRecord(NOW_MS, ("key-" + i).getBytes(UTF_8), new byte[20]));
        ByteBuffer batch = RecordBatches.batch(type, -1, -1, -1, false, records);
        valid(batch, PartitionConfig.DEFAULT);

        // when
        long allocatedBefore = allocatedBytes();
        valid(batch, PartitionConfig.DEFAULT);
        long allocated = allocatedBytes() - allocatedBefore;

        // then
        assertThat(allocated).as("bytes for 20,000 records").isLessThan(200_000);
    }

    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    @Test
    void shouldRefuseRecordsThatAreNotWhatTheirLengthsSay() {
        // given
        byte[] good = BatchBytes.record(0, new byte[3], new byte[5]);
        byte[] wrongDelta = BatchBytes.record(1, null, new byte[5]);
        ByteArrayOutputStream trailing = new ByteArrayOutputStream();
        trailing.writeBytes(good);
        trailing.write(0);
        byte[] longBody = good.clone();
        longBody[0] = (byte) (longBody[0] + 2);
        byte[] longKey = good.clone();
        longKey[4] = 100;

        for (CompressionType type : CompressionType.values()) {
            // when, then
            assertThat(judge(BatchBytes.around(type, 1, good), PartitionConfig.DEFAULT))
                    .isInstanceOf(Valid.class);
            for (byte[] wrong : new byte[][] {wrongDelta, trailing.toByteArray(), longBody, longKey, {}}) {
                assertThat(refusal(BatchBytes.around(type, 1, wrong), PartitionConfig.DEFAULT)
                                .error())
                        .isEqualTo(Errors.INVALID_RECORD);
            }
        }
    }

    @Test
    void shouldKeepCodecWhenOnlyTheLevelDiffers() {
        // given
        ByteBuffer batch = RecordBatches.withTimestamps(CompressionType.GZIP, NOW_MS);
        PartitionConfig other =
                Configs.with(new BatchCompression(Compression.gzip().level(9).build()));

        // when, then
        assertThat(valid(batch, other).batch()).isSameAs(batch);
    }
}
