package io.penstock.core.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.storage.batch.BatchHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;
import org.apache.kafka.storage.internals.log.RecordValidationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds our validator against Kafka's own on thousands of right and damaged batches. */
class BatchValidatorDifferentialTest {
    private static final int BATCHES = 3_000;
    private static final List<CompressionType> CODECS = List.of(CompressionType.values());
    /** What we refuse although Kafka takes it, by the reason that we give. */
    private static final Pattern STRICTER = Pattern.compile(
            "offset delta|LogAppendTime|producer epoch|Invalid producer id|without a producer id|Invalid negative timestamp|delete horizon"
                    + "|exactly one whole record batch|its fields end|passes the record's end|number of record headers"
                    + "|longer than|Unknown compression");

    private final BatchValidator validator = new BatchValidator();
    private final Map<Errors, Integer> seen = new EnumMap<>(Errors.class);

    @ParameterizedTest
    @EnumSource(Damage.class)
    void shouldJudgeAsKafkaDoes(Damage damage) {
        long seed = Long.getLong("penstock.seed", 20_260_000L);
        Random random = new Random(seed);
        for (int i = 0; i < BATCHES; i++) {
            PartitionConfig config = config(random);
            ByteBuffer batch = damage.apply(random, CODECS.get(random.nextInt(CODECS.size())));
            try {
                compare(batch, config);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", batch " + i + " with " + config, e);
            }
        }
        if (damage != Damage.NONE) {
            assertThat(seen.size()).as("kinds of verdicts").isGreaterThan(1);
        }
    }

    @Test
    void shouldNeverStoreWhatKafkaRefusesNorChangeRecords() {
        // the comparison itself must notice differences
        ByteBuffer batch = BatchBytes.random(new Random(1), CompressionType.NONE);
        ByteBuffer other = BatchBytes.random(new Random(2), CompressionType.NONE);
        assertThat(recordsOf(MemoryRecords.readableRecords(batch)))
                .isNotEqualTo(recordsOf(MemoryRecords.readableRecords(other)));
    }

    private static PartitionConfig config(Random random) {
        BatchCompression compression = switch (random.nextInt(8)) {
            case 0 -> BatchCompression.NONE;
            case 1 -> BatchCompression.gzip(1);
            case 2 -> BatchCompression.lz4(9);
            case 3 -> BatchCompression.zstd(3);
            case 4 -> BatchCompression.snappy();
            default -> BatchCompression.PRODUCER;
        };
        return new PartitionConfig(
                random.nextInt(4) == 0,
                random.nextInt(4) == 0 ? 90_000 : Long.MAX_VALUE,
                3_600_000,
                random.nextInt(4) == 0 ? 2_000 : 1_048_588,
                100L << 20,
                random.nextInt(4) == 0,
                true,
                compression,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                1);
    }

    private void compare(ByteBuffer batch, PartitionConfig config) {
        byte[] before = BatchBytes.copy(batch).array();
        KafkaVerdict kafka = KafkaVerdict.of(batch, config, BatchBytes.NOW_MS);
        BatchVerdict ours =
                validator.validate(batch, Origin.CLIENT, config, BatchBytes.NOW_MS, BatchValidator.UNLIMITED_WORK);
        assertThat(BatchBytes.copy(batch).array()).as("the producer's bytes").isEqualTo(before);
        if (ours instanceof BatchVerdict.Valid valid) {
            count(Errors.NONE);
            compareAccepted(valid, kafka, config);
        } else if (ours instanceof BatchVerdict.Refused refused) {
            count(refused.error());
            compareRefused(refused, kafka);
        } else {
            fail("unlimited work was too much");
        }
    }

    private void count(Errors error) {
        seen.merge(error, 1, Integer::sum);
    }

    private static void compareAccepted(BatchVerdict.Valid valid, KafkaVerdict kafka, PartitionConfig config) {
        MemoryRecords theirs = kafka.stored();
        if (theirs == null) {
            throw new AssertionError("accepted, but Kafka says " + kafka.error(), kafka.cause());
        }
        ByteBuffer stored = valid.batch();
        RecordBatch batch = theirs.batches().iterator().next();
        int at = stored.position();
        assertThat(BatchHeader.isIntact(stored, at)).isTrue();
        assertThat(BatchHeader.isLogAppendTime(stored, at)).isEqualTo(config.logAppendTime());
        assertThat(BatchHeader.maxTimestamp(stored, at)).isEqualTo(batch.maxTimestamp());
        assertThat(BatchHeader.compressionCode(stored, at)).isEqualTo((int) batch.compressionType().id);
        assertThat(valid.logAppendTimeMs()).isEqualTo(config.logAppendTime() ? BatchBytes.NOW_MS : -1);
        assertThat(recordsOf(MemoryRecords.readableRecords(BatchBytes.copy(stored))))
                .isEqualTo(recordsOf(theirs));
    }

    private static List<String> recordsOf(MemoryRecords records) {
        List<String> all = new ArrayList<>();
        for (RecordBatch batch : records.batches()) {
            all.add(batch.producerId() + "/" + batch.producerEpoch() + "/" + batch.baseSequence() + "/"
                    + batch.isTransactional());
            for (Record record : batch) {
                all.add(record.offset() + "@" + record.timestamp() + ":" + text(record.key()) + "="
                        + text(record.value()) + " " + List.of(record.headers()));
            }
        }
        return all;
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? "null"
                : HexFormat.of().formatHex(BatchBytes.copy(bytes).array());
    }

    private static void compareRefused(BatchVerdict.Refused refused, KafkaVerdict kafka) {
        String reason = refused.message() + refused.recordErrors();
        if (kafka.error() == Errors.NONE) {
            assertThat(reason)
                    .as("refused with %s, but Kafka takes it", refused.error())
                    .containsPattern(STRICTER);
        } else if (kafka.error() != Errors.UNKNOWN_SERVER_ERROR
                && !STRICTER.matcher(reason).find()) {
            assertThat(refused.error()).as(reason).isEqualTo(kafka.error());
            if (kafka.cause() instanceof RecordValidationException records) {
                assertThat(refused.recordErrors())
                        .extracting(AppendResult.RecordError::batchIndex)
                        .isEqualTo(records.recordErrors().stream()
                                .map(error -> error.batchIndex)
                                .toList());
            }
        }
    }

    /** What is done to a good batch. */
    enum Damage {
        NONE {
            @Override
            void damage(Random random, ByteBuffer batch) {}
        },
        HEADER_FIELD {
            @Override
            void damage(Random random, ByteBuffer batch) {
                switch (random.nextInt(9)) {
                    case 0 -> batch.putLong(BatchHeader.BASE_OFFSET, random.nextInt(3));
                    case 1 -> batch.put(BatchHeader.MAGIC, (byte) random.nextInt(5));
                    case 2 -> batch.putInt(BatchHeader.LAST_OFFSET_DELTA, random.nextInt(8) - 1);
                    case 3 -> batch.putInt(BatchHeader.RECORD_COUNT, random.nextInt(8) - 1);
                    case 4 -> batch.putInt(BatchHeader.BASE_SEQUENCE, random.nextInt(4) - 3);
                    case 5 -> batch.putLong(BatchHeader.PRODUCER_ID, random.nextInt(4) - 2);
                    case 6 -> batch.putLong(BatchHeader.BASE_TIMESTAMP, random.nextLong());
                    case 7 -> batch.putLong(BatchHeader.MAX_TIMESTAMP, BatchBytes.NOW_MS + random.nextInt(10));
                    default -> batch.putShort(BatchHeader.ATTRIBUTES, (short) (1 << random.nextInt(16)));
                }
                reseal(batch);
            }
        },
        COUNT_AND_DELTA {
            @Override
            void damage(Random random, ByteBuffer batch) {
                int count = random.nextInt(12);
                batch.putInt(BatchHeader.RECORD_COUNT, count).putInt(BatchHeader.LAST_OFFSET_DELTA, count - 1);
                reseal(batch);
            }
        },
        CHECKSUM {
            @Override
            void damage(Random random, ByteBuffer batch) {
                int at = random.nextInt(batch.limit());
                batch.put(at, (byte) (batch.get(at) ^ (1 << random.nextInt(8))));
            }
        },
        RECORD_BYTES {
            @Override
            void damage(Random random, ByteBuffer batch) {
                for (int i = random.nextInt(4); i >= 0; i--) {
                    int at = BatchHeader.HEADER_BYTES + random.nextInt(batch.limit() - BatchHeader.HEADER_BYTES);
                    batch.put(at, (byte) random.nextInt(256));
                }
                reseal(batch);
            }
        },
        UNPACKED_BYTES {
            @Override
            ByteBuffer apply(Random random, CompressionType type) {
                ByteBuffer batch = BatchBytes.random(random, type);
                byte[] records = unpack(batch, type);
                for (int i = random.nextInt(2); i >= 0; i--) {
                    records[random.nextInt(records.length)] = (byte) random.nextInt(256);
                }
                return BatchBytes.around(type, BatchHeader.recordCount(batch, 0), records);
            }

            @Override
            void damage(Random random, ByteBuffer batch) {}
        },
        CUT_RECORDS {
            @Override
            ByteBuffer apply(Random random, CompressionType type) {
                ByteBuffer batch = BatchBytes.random(random, type);
                batch.limit(BatchHeader.HEADER_BYTES + random.nextInt(batch.limit() - BatchHeader.HEADER_BYTES));
                return BatchBytes.seal(batch);
            }

            @Override
            void damage(Random random, ByteBuffer batch) {}
        },
        SIZE {
            @Override
            ByteBuffer apply(Random random, CompressionType type) {
                ByteBuffer batch = BatchBytes.random(random, type);
                if (random.nextBoolean()) {
                    return batch.limit(random.nextInt(batch.limit()));
                }
                int extra = random.nextInt(100);
                ByteBuffer longer = ByteBuffer.allocate(batch.limit() + extra).put(batch);
                return longer.position(0);
            }

            @Override
            void damage(Random random, ByteBuffer batch) {}
        };

        abstract void damage(Random random, ByteBuffer batch);

        ByteBuffer apply(Random random, CompressionType type) {
            ByteBuffer batch = BatchBytes.random(random, type);
            damage(random, batch);
            return batch;
        }

        private static void reseal(ByteBuffer batch) {
            BatchBytes.seal(batch);
        }

        private static byte[] unpack(ByteBuffer batch, CompressionType type) {
            ByteBuffer records = batch.slice(BatchHeader.HEADER_BYTES, batch.limit() - BatchHeader.HEADER_BYTES);
            try (InputStream in = Compression.of(type)
                    .build()
                    .wrapForInput(records, RecordBatch.MAGIC_VALUE_V2, BufferSupplier.NO_CACHING)) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                in.transferTo(out);
                return out.toByteArray();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
