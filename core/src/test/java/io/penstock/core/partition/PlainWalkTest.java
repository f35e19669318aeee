package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.dedup.MessageIds;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.BatchVerdict.Refused;
import io.penstock.core.partition.BatchVerdict.TooMuchWork;
import io.penstock.core.partition.BatchVerdict.Valid;
import io.penstock.storage.batch.BatchHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the walk over plain records against the general one, which knows all the rules of the format. */
class PlainWalkTest {
    private static final int BATCHES = 20_000;
    private static final long NOW_MS = BatchBytes.NOW_MS;
    private static final DeliveryConfig WITH_IDS =
            new DeliveryConfig(false, false, new DedupConfig(OddBatches.ID_HEADER, 60_000, 1_000));
    /** Every verdict there is about records, so that none goes unseen. */
    private static final List<String> VERDICTS = List.of(
            "TooMuchWork",
            "Valid",
            "says that it has",
            "offset delta",
            "passes the record's end",
            "header without key",
            "number of record headers",
            "more than five bytes",
            "more than ten bytes",
            "premature EOF",
            "still remaining",
            "message without key",
            "LogAppendTime",
            "negative timestamp",
            "out of range");

    private final BatchValidator validator = new BatchValidator();
    private final RecordRules rules = new RecordRules();
    private final PlainWalk walk = new PlainWalk(rules);
    private final General general = new General();
    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void shouldJudgeAsTheGeneralWalkDoes() {
        long seed = Long.getLong("penstock.seed", 20_260_001L);
        Random random = new Random(seed);
        OddBatches batches = new OddBatches(random);
        for (int i = 0; i < BATCHES; i++) {
            // given
            PartitionConfig config = config(random);
            ByteBuffer batch = batches.next();
            long workLimitBytes = workLimit(random, batch.remaining());

            // when
            BatchVerdict verdict = validator.validate(batch, Origin.CLIENT, config, NOW_MS, workLimitBytes);

            // then
            String expected = general.judge(batch, config, workLimitBytes);
            assertThat(text(verdict))
                    .as("seed %d, batch %d with %s", seed, i, config)
                    .isEqualTo(expected);
            VERDICTS.stream().filter(expected::contains).forEach(kind -> seen.merge(kind, 1, Integer::sum));
        }
        assertThat(seen.keySet()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(VERDICTS);
    }

    @Test
    void shouldWalkOverAllThatProducersSend() {
        // given
        SimpleRecord[] sent = new SimpleRecord[10_000];
        Header[] headers = {new RecordHeader("a", new byte[100]), new RecordHeader("b", null)};
        for (int i = 0; i < sent.length; i++) {
            byte[] key = i % 3 == 0 ? null : new byte[i % 100];
            byte[] value = i % 5 == 0 ? null : new byte[i % 200];
            sent[i] = new SimpleRecord(NOW_MS + i * 37L, key, value, i % 7 == 0 ? headers : new Header[0]);
        }
        ByteBuffer batch = BatchBytes.whole(MemoryRecords.withRecords(Compression.NONE, sent));
        ByteBuffer records = records(batch);
        rules.start(PartitionConfig.DEFAULT, false, NOW_MS);

        // when
        int walked = walk.run(records, sent.length, NOW_MS);

        // then
        assertThat(walked).isEqualTo(sent.length);
        assertThat(records.hasRemaining()).isFalse();
        assertThat(rules.maxTimestampMs()).isEqualTo(BatchHeader.maxTimestamp(batch, 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 8_191, 8_192, 100_000, 1_048_575, 1_048_576})
    void shouldWalkOverValuesOfAllSizes(int valueBytes) {
        // given
        ByteBuffer records = ByteBuffer.wrap(BatchBytes.record(0, null, new byte[valueBytes]));
        rules.start(PartitionConfig.DEFAULT, false, NOW_MS);

        // when, then
        assertThat(walk.run(records, 1, NOW_MS)).isEqualTo(1);
        assertThat(records.hasRemaining()).isFalse();
    }

    @Test
    void shouldStopBeforeTheFirstRecordThatIsNotAsItShouldBe() {
        // given
        byte[] first = BatchBytes.record(0, null, new byte[100]);
        byte[] second = BatchBytes.record(7, null, new byte[100]);
        ByteBuffer records = ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .flip();
        rules.start(PartitionConfig.DEFAULT, false, NOW_MS);

        // when
        int walked = walk.run(records, 2, NOW_MS);

        // then
        assertThat(walked).isEqualTo(1);
        assertThat(records.position()).isEqualTo(first.length);
    }

    private static PartitionConfig config(Random random) {
        PartitionConfig config = new PartitionConfig(
                random.nextInt(4) == 0,
                random.nextInt(4) == 0 ? 90_000 : Long.MAX_VALUE,
                random.nextInt(4) == 0 ? Long.MAX_VALUE : 1_000_000,
                1 << 20,
                100L << 20,
                random.nextInt(4) == 0,
                true,
                random.nextInt(8) == 0 ? BatchCompression.lz4(1) : BatchCompression.PRODUCER,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                1);
        return random.nextInt(3) == 0 ? config.with(WITH_IDS) : config;
    }

    /** Mostly none, else about where one of the limits lies. */
    private static long workLimit(Random random, int batchBytes) {
        return switch (random.nextInt(6)) {
            case 0 -> Math.max(0, batchBytes / 4 + random.nextInt(5) - 2);
            case 1 -> batchBytes * 4L + random.nextInt(500) - 250;
            default -> BatchValidator.UNLIMITED_WORK;
        };
    }

    private static ByteBuffer records(ByteBuffer batch) {
        return batch.slice(batch.position() + BatchHeader.HEADER_BYTES, batch.remaining() - BatchHeader.HEADER_BYTES);
    }

    private static String text(BatchVerdict verdict) {
        if (verdict instanceof Valid valid) {
            ByteBuffer stored = valid.batch();
            return validText(BatchHeader.maxTimestamp(stored, stored.position()), valid.ids());
        }
        return verdict instanceof Refused refused
                ? refused.error() + ": " + refused.message() + refused.recordErrors()
                : "TooMuchWork";
    }

    private static String validText(long maxTimestampMs, @Nullable MessageIds ids) {
        List<Integer> known = new ArrayList<>();
        for (int i = 0; ids != null && i < ids.recordCount(); i++) {
            if (ids.isKnown(i)) {
                known.add(i);
            }
        }
        return "Valid up to " + maxTimestampMs + ", ids " + known;
    }

    /** The general walk from the first record on, and what makes a verdict of it. */
    private static final class General {
        private final RecordBytes bytes = new RecordBytes();
        private final RecordRules rules = new RecordRules();
        private final RecordWalk walk = new RecordWalk(bytes, rules);
        private final IdCollector ids = new IdCollector();

        String judge(ByteBuffer batch, PartitionConfig config, long workLimitBytes) {
            DedupConfig dedup = config.delivery().dedup();
            long limitBytes = dedup == null ? workLimitBytes : workLimitBytes / 16;
            if (batch.remaining() > limitBytes * 4) {
                return text(TooMuchWork.INSTANCE);
            }
            int at = batch.position();
            int count = BatchHeader.recordCount(batch, at);
            rules.start(config, BatchHeader.isLogAppendTime(batch, at), NOW_MS);
            bytes.start(records(batch), limitBytes * 4);
            if (dedup != null) {
                ids.start(dedup.headerBytes(), count);
            }
            try {
                walk.run(0, count, BatchHeader.baseTimestamp(batch, at), dedup == null ? null : ids);
            } catch (BadRecordsException e) {
                return e.isTooMuchWork()
                        ? text(TooMuchWork.INSTANCE)
                        : text(BatchVerdict.refused(e.error(), String.valueOf(e.getMessage())));
            }
            if (rules.isBroken()) {
                return text(rules.refusal());
            }
            if (config.compression().changes(CompressionType.NONE) && bytes.position() > limitBytes / 4) {
                return text(TooMuchWork.INSTANCE);
            }
            return validText(
                    config.logAppendTime() ? NOW_MS : rules.maxTimestampMs(), dedup == null ? null : ids.finish());
        }
    }
}
