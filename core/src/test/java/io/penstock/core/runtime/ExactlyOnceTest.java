package io.penstock.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.DeliveryConfig;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.OffsetResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.batch.BatchHeader;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

/** The contract {@code penstock.delivery=exactly-once}: what may be written, and what is served. */
class ExactlyOnceTest {
    private static final DeliveryConfig REFUSING = new DeliveryConfig(true, false, null);
    private static final DeliveryConfig UPGRADING = new DeliveryConfig(true, true, null);
    private static final DedupConfig DEDUP = new DedupConfig("id", 60_000, 1_000);

    private PartitionHarness partition = new PartitionHarness(PartitionConfig.DEFAULT.with(REFUSING));

    // ---- what may be written

    @Test
    void shouldRefuseAcksThatMayLoseRecords() {
        for (int acks : new int[] {0, 1}) {
            AppendResult result =
                    partition.append(RecordBatches.idempotent(7, 0, 0, 1), acks).get();
            assertThat(result.error()).isEqualTo(Errors.INVALID_REQUIRED_ACKS);
            assertThat(result.errorMessage()).contains("penstock.delivery=exactly-once");
        }
        assertThat(append(RecordBatches.idempotent(7, 0, 0, 1)).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRefuseProducersThatCannotTellWhatComesAgain() {
        AppendResult result = append(RecordBatches.of("a"));

        assertThat(result.error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(result.errorMessage()).contains("enable.idempotence=true");
    }

    @Test
    void shouldWaitForAllReplicasWhateverAcksWereAskedForIfThatIsThePolicy() {
        // given a replica that does not follow
        partition.update(
                PartitionHarness.image(1, 0, List.of(1, 2), List.of(1, 2)), PartitionConfig.DEFAULT.with(UPGRADING));

        // when
        Reply<AppendResult> one = partition.append(RecordBatches.idempotent(7, 0, 0, 1), 1, 100, Origin.CLIENT);
        Reply<AppendResult> none = partition.append(RecordBatches.idempotent(7, 0, 1, 1), 0, 100, Origin.CLIENT);

        // then
        assertThat(one.isThere()).isFalse();
        assertThat(none.isThere()).isFalse();
        partition.time.advance(100);
        assertThat(one.get().error()).isEqualTo(Errors.REQUEST_TIMED_OUT);
    }

    @Test
    void shouldNotUpgradeAProducerThatCannotTellWhatComesAgain() {
        partition = new PartitionHarness(PartitionConfig.DEFAULT.with(UPGRADING));

        assertThat(partition.append(RecordBatches.of("a"), 1).get().error()).isEqualTo(Errors.INVALID_RECORD);
    }

    @Test
    void shouldTakeAProducerWithoutIdempotenceIfEveryRecordHasAnId() {
        // given
        partition = new PartitionHarness(PartitionConfig.DEFAULT.with(new DeliveryConfig(true, false, DEDUP)));

        // when
        AppendResult all = append(IdBatches.plain("a", "b"));
        AppendResult some = append(IdBatches.plain("c", "", "d"));
        AppendResult none = append(RecordBatches.of("x"));

        // then
        assertThat(all.error()).isEqualTo(Errors.NONE);
        assertThat(some.error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(some.recordErrors())
                .extracting(AppendResult.RecordError::batchIndex)
                .containsExactly(1);
        assertThat(none.error()).isEqualTo(Errors.INVALID_RECORD);
        assertThat(append(RecordBatches.idempotent(7, 0, 0, 2)).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldLetTheBrokerItselfWriteAsItLikes() {
        assertThat(partition
                        .append(RecordBatches.of("a"), 1, 1_000, Origin.COORDINATOR)
                        .get()
                        .error())
                .isEqualTo(Errors.NONE);
    }

    // ---- what is served

    @Test
    void shouldServeNoAbortedRecordToAReaderThatAsksForAll() {
        // given
        transaction(7, "aborted", true);
        transaction(8, "committed", false);

        // when, then
        assertThat(values(0)).containsExactly("committed");
        assertThat(partition.fetch(0, 0).get().highWatermark()).isEqualTo(4);
    }

    @Test
    void shouldTakeAReaderOnThatStandsBeforeNothingButAbortedRecords() {
        // given
        transaction(7, "aborted", true);

        // when
        List<ByteBuffer> batches = batches(0, 1 << 20);

        // then the marker is there, and behind it the reader goes on
        assertThat(batches).hasSize(1);
        assertThat(BatchHeader.isControl(batches.get(0), 0)).isTrue();
        assertThat(BatchHeader.baseOffset(batches.get(0), 0)).isEqualTo(1);
    }

    @Test
    void shouldReadOnBehindMoreAbortedRecordsThanFitIntoOneAnswer() {
        // given 200 batches of one aborted transaction
        for (int i = 0; i < 200; i++) {
            write(7, i, "aborted");
        }
        write(RecordBatches.abortMarker(7, 0, 0));

        // when
        List<ByteBuffer> batches = batches(0, 500);

        // then
        assertThat(BatchHeader.baseOffset(batches.get(0), 0)).isEqualTo(200);
    }

    @Test
    void shouldServeNothingOfAnOpenTransaction() {
        // given
        transaction(8, "committed", false);
        write(7, 0, "open");

        // when, then
        assertThat(values(0)).containsExactly("committed");
        FetchResult end = partition.fetch(2, 0).get();
        assertThat(end.records().sizeBytes()).isZero();
        assertThat(end.highWatermark()).isEqualTo(2);
        assertThat(latest()).isEqualTo(2);
    }

    @Test
    void shouldWakeAWaitingReaderWhenATransactionIsAborted() {
        // given
        write(7, 0, "open");
        Replies.Fetched waiting = partition.fetch(0, 1);
        assertThat(waiting.result.isDone()).isFalse();

        // when
        write(RecordBatches.abortMarker(7, 0, 0));

        // then
        assertThat(waiting.result.isDone()).isTrue();
        assertThat(RecordBatches.batches(waiting.get().records())).hasSize(1);
        assertThat(waiting.get().abortedTransactions()).isNull();
    }

    @Test
    void shouldStillNameAbortedTransactionsToWhoReadsCommitted() {
        transaction(7, "aborted", true);

        FetchResult result = partition
                .fetch(new FetchRequest(0, -1, -1, 1 << 20, true, true, 0))
                .get();

        assertThat(result.abortedTransactions()).hasSize(1);
    }

    @Test
    void shouldFindNoAbortedRecordByTime() {
        // given
        write(RecordBatches.batch(
                CompressionType.NONE, 7, 0, 0, true, new SimpleRecord(1_000, "aborted".getBytes(UTF_8))));
        write(RecordBatches.abortMarker(7, 0, 0));
        write(RecordBatches.withTimestamps(1_500));

        // when
        OffsetResult found = partition.listOffset(900, false).get();

        // then: the marker has a later time
        assertThat(found.offset()).isNotZero();
        assertThat(found.timestampMs()).isGreaterThan(1_000);
    }

    @Test
    void shouldServeExactlyWhatWasCommittedInAnyHistory() {
        long seed = Long.getLong("penstock.seed", System.nanoTime());
        Random random = new Random(seed);
        int[] sequences = new int[4];
        List<List<String>> open = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        TreeMap<Long, String> committed = new TreeMap<>();
        TreeMap<Long, String> pending = new TreeMap<>();
        int[] owner = new int[4_000];
        long endOffset = 0;
        for (int step = 0; step < 600; step++) {
            int producer = random.nextInt(4);
            if (random.nextInt(4) == 0) {
                boolean abort = random.nextBoolean();
                write(abort ? RecordBatches.abortMarker(producer, 0, 0) : RecordBatches.commitMarker(producer, 0, 0));
                endOffset++;
                int ended = producer;
                TreeMap<Long, String> its = new TreeMap<>(pending);
                its.keySet().removeIf(offset -> owner[offset.intValue()] != ended);
                pending.keySet().removeAll(its.keySet());
                if (!abort) {
                    committed.putAll(its);
                }
                open.get(producer).clear();
            } else {
                String value = "v" + step;
                write(producer, sequences[producer]++, value);
                owner[(int) endOffset] = producer;
                pending.put(endOffset++, value);
            }
            long stable = pending.isEmpty() ? endOffset : pending.firstKey();
            long from = random.nextInt((int) endOffset + 1);
            assertThat(readFrom(Math.min(from, stable), 100 + random.nextInt(2_000), stable))
                    .as("seed %d, step %d", seed, step)
                    .containsExactlyElementsOf(
                            committed.subMap(Math.min(from, stable), stable).values());
        }
    }

    /** As a client goes on: from one answer to the next, up to the last stable offset. */
    private List<String> readFrom(long from, int maxBytes, long stable) {
        List<String> values = new ArrayList<>();
        long next = from;
        while (next < stable) {
            List<ByteBuffer> batches = batches(next, maxBytes);
            assertThat(batches)
                    .as("an answer at %d, below %d of %d, that takes the reader on", next, stable, latest())
                    .isNotEmpty();
            for (ByteBuffer batch : batches) {
                if (!BatchHeader.isControl(batch, 0) && BatchHeader.baseOffset(batch, 0) >= next) {
                    values.addAll(RecordBatches.values(List.of(batch)));
                }
                next = BatchHeader.baseOffset(batch, 0) + BatchHeader.lastOffsetDelta(batch, 0) + 1;
            }
        }
        return values;
    }

    private List<ByteBuffer> batches(long offset, int maxBytes) {
        FetchResult result = partition
                .fetch(new FetchRequest(offset, -1, -1, maxBytes, true, false, 0))
                .get();
        return RecordBatches.batches(result.records());
    }

    private List<String> values(long offset) {
        List<ByteBuffer> data = new ArrayList<>(batches(offset, 1 << 20));
        data.removeIf(batch -> BatchHeader.isControl(batch, 0));
        return RecordBatches.values(data);
    }

    private long latest() {
        return partition.listOffset(-1, false).get().offset();
    }

    private AppendResult append(ByteBuffer batch) {
        return partition.append(batch, -1).get();
    }

    private void transaction(long producerId, String value, boolean abort) {
        write(producerId, 0, value);
        write(abort ? RecordBatches.abortMarker(producerId, 0, 0) : RecordBatches.commitMarker(producerId, 0, 0));
    }

    private void write(long producerId, int sequence, String value) {
        write(RecordBatches.batch(
                CompressionType.NONE,
                producerId,
                0,
                sequence,
                true,
                new SimpleRecord(RecordBatches.TIMESTAMP_MS, value.getBytes(UTF_8))));
    }

    private void write(ByteBuffer batch) {
        assertThat(partition.append(batch, -1, 1_000, Origin.COORDINATOR).get().error())
                .isEqualTo(Errors.NONE);
    }
}
