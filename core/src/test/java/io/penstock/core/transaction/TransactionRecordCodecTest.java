package io.penstock.core.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.core.group.record.CorruptGroupRecordException;
import io.penstock.core.group.record.EncodedRecord;
import io.penstock.core.group.record.UnstorableRecordException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogKey;
import org.apache.kafka.coordinator.transaction.generated.TransactionLogValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransactionRecordCodecTest {
    private static final TransactionStatus[] STORED = {
        TransactionStatus.EMPTY,
        TransactionStatus.ONGOING,
        TransactionStatus.PREPARE_COMMIT,
        TransactionStatus.PREPARE_ABORT,
        TransactionStatus.COMPLETE_COMMIT,
        TransactionStatus.COMPLETE_ABORT
    };

    private final Random random = new Random(42);

    private TransactionState anyState() {
        TransactionStatus status = STORED[random.nextInt(STORED.length)];
        Set<TopicPartition> partitions = new HashSet<>();
        int count = status == TransactionStatus.EMPTY ? 0 : random.nextInt(6);
        for (int i = 0; i < count; i++) {
            partitions.add(new TopicPartition("tö" + random.nextInt(3), random.nextInt(1_000)));
        }
        return new TransactionState(
                random.nextLong() >>> 1,
                random.nextBoolean() ? -1 : random.nextLong() >>> 1,
                random.nextBoolean() ? -1 : random.nextLong() >>> 1,
                (short) random.nextInt(Short.MAX_VALUE),
                (short) -1,
                random.nextInt(),
                status,
                partitions,
                random.nextLong(),
                random.nextLong(),
                random.nextBoolean() ? TransactionState.VERSION_2 : TransactionState.VERSION_1);
    }

    private static ByteBuffer value(EncodedRecord record) {
        return Objects.requireNonNull(record.value());
    }

    private static TransactionLogValue kafkas(ByteBuffer value) {
        short version = value.getShort();
        return new TransactionLogValue(new ByteBufferAccessor(value), version);
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1})
    void shouldWriteByteForByteAsKafka(short version) {
        for (int i = 0; i < 500; i++) {
            // given
            TransactionState state = anyState();

            // when
            EncodedRecord record = TransactionRecordCodec.encode(new TransactionRecord("tx-ö", state), version);

            // then
            TransactionLogValue read = kafkas(value(record));
            assertThat(MessageUtil.toVersionPrefixedByteBuffer(version, read)).isEqualTo(value(record));
            assertThat(read.producerId()).isEqualTo(state.producerId());
            assertThat(read.producerEpoch()).isEqualTo(state.producerEpoch());
            assertThat(read.transactionTimeoutMs()).isEqualTo(state.timeoutMs());
            assertThat(read.transactionStatus()).isEqualTo(state.status().id());
            assertThat(read.transactionLastUpdateTimestampMs()).isEqualTo(state.updateMs());
            assertThat(read.transactionStartTimestampMs()).isEqualTo(state.startMs());
            if (version == 1) {
                assertThat(read.previousProducerId()).isEqualTo(state.previousProducerId());
                assertThat(read.nextProducerId()).isEqualTo(state.nextProducerId());
                assertThat(read.clientTransactionVersion()).isEqualTo(state.clientVersion());
            }
            assertThat(read.transactionPartitions() == null).isEqualTo(state.status() == TransactionStatus.EMPTY);
            assertThat(record.key())
                    .isEqualTo(MessageUtil.toVersionPrefixedByteBuffer(
                            (short) 0, new TransactionLogKey().setTransactionalId("tx-ö")));
        }
    }

    @Test
    void shouldReadWhatItWrites() {
        for (int i = 0; i < 500; i++) {
            TransactionRecord record = new TransactionRecord("tx", anyState());
            EncodedRecord encoded = TransactionRecordCodec.encode(record, (short) 1);
            assertThat(TransactionRecordCodec.decode(encoded.key(), encoded.value()))
                    .isEqualTo(record);
        }
    }

    @Test
    void shouldReadAndPassOverFieldsOfNewerBrokers() {
        // given
        TransactionLogValue value = new TransactionLogValue()
                .setProducerId(7)
                .setTransactionStatus((byte) 1)
                .setTransactionPartitions(null)
                .setNextProducerEpoch((short) 5)
                .setClientTransactionVersion((short) 2);
        ByteBuffer key =
                MessageUtil.toVersionPrefixedByteBuffer((short) 0, new TransactionLogKey().setTransactionalId("x"));

        // when
        TransactionRecord record =
                TransactionRecordCodec.decode(key, MessageUtil.toVersionPrefixedByteBuffer((short) 1, value));

        // then
        assertThat(Objects.requireNonNull(Objects.requireNonNull(record).state())
                        .clientVersion())
                .isEqualTo((short) 2);
    }

    @Test
    void shouldReadTombstonesAndLeaveUnknownKindsAlone() {
        EncodedRecord tombstone = TransactionRecordCodec.encode(new TransactionRecord("tx", null), (short) 1);
        assertThat(TransactionRecordCodec.decode(tombstone.key(), tombstone.value()))
                .isEqualTo(new TransactionRecord("tx", null));
        assertThat(TransactionRecordCodec.decode(ByteBuffer.wrap(new byte[] {0, 9, 1}), null))
                .isNull();
    }

    @Test
    void shouldRefuseDamagedRecordsAndNothingElse() {
        EncodedRecord good = TransactionRecordCodec.encode(new TransactionRecord("tx", anyState()), (short) 1);
        byte[] bytes = new byte[value(good).remaining()];
        for (int i = 0; i < 20_000; i++) {
            value(good).get(bytes);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            int length = random.nextBoolean() ? bytes.length : random.nextInt(bytes.length);
            try {
                assertThat(TransactionRecordCodec.decode(good.key(), ByteBuffer.wrap(bytes, 0, length)))
                        .isNotNull();
            } catch (CorruptGroupRecordException expected) {
                assertThat(expected).hasMessageContaining(" ");
            }
        }
    }

    @Test
    void shouldRefuseAnIdThatIsTooLong() {
        assertThatThrownBy(
                        () -> TransactionRecordCodec.encode(new TransactionRecord("x".repeat(32_768), null), (short) 1))
                .isInstanceOf(UnstorableRecordException.class);
    }

    @Test
    void shouldChooseTheVersionByThatOfTheCluster() {
        assertThat(TransactionRecordCodec.valueVersion((short) 0)).isZero();
        assertThat(TransactionRecordCodec.valueVersion((short) 1)).isEqualTo((short) 1);
        assertThat(TransactionRecordCodec.valueVersion((short) 2)).isEqualTo((short) 1);
    }
}
