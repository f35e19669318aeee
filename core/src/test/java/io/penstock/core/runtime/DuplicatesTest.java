package io.penstock.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.core.dedup.DedupConfig;
import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.BatchCompression;
import io.penstock.core.partition.Configs;
import io.penstock.core.partition.DeliveryConfig;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.compact.CompactionReport;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records whose message id was there already. */
class DuplicatesTest {
    private static final DeliveryConfig DEDUP = new DeliveryConfig(false, false, new DedupConfig("id", 60_000, 1_000));
    private static final PartitionConfig CONFIG = PartitionConfig.DEFAULT.with(DEDUP);

    private PartitionHarness partition = new PartitionHarness(CONFIG);

    @Test
    void shouldAcknowledgeARepeatedBatchWithItsOriginalOffset() {
        // given
        append(IdBatches.plain("x"));
        append(IdBatches.plain("a", "b"));

        // when
        AppendResult again = append(IdBatches.plain("a", "b"));

        // then
        assertThat(again).isEqualTo(AppendResult.appended(1, 2, -1, 0));
        assertThat(values()).containsExactly("v-x", "v-a", "v-b");
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldWriteOnlyWhatIsNewInABatch(CompressionType type) {
        // given
        append(IdBatches.compressed(type, "a", "b"));

        // when
        AppendResult mixed = append(IdBatches.compressed(type, "c", "a", "d", "d"));

        // then offsets count up from the base offset as the client believes
        assertThat(mixed.baseOffset()).isEqualTo(2);
        assertThat(values()).containsExactly("v-a", "v-b", "v-c", "v-d");
        assertThat(partition.log().endOffset()).isEqualTo(6);
        assertThat(append(IdBatches.plain("d")).baseOffset()).isEqualTo(4);
    }

    @Test
    void shouldKeepTheSequenceOfAnIdempotentProducerWhoseRecordsWereThere() {
        // given
        append(IdBatches.plain("a", "b"));

        // when
        AppendResult all = append(IdBatches.idempotent(7, 0, "a", "b"));
        AppendResult some = append(IdBatches.idempotent(7, 2, "c", "a"));
        AppendResult next = append(IdBatches.idempotent(7, 4, "d"));

        // then
        assertThat(all.baseOffset()).isZero();
        assertThat(some.baseOffset()).isEqualTo(4);
        assertThat(next.baseOffset()).isEqualTo(6);
        assertThat(values()).containsExactly("v-a", "v-b", "v-c", "v-d");
        assertThat(append(IdBatches.idempotent(7, 2, "c", "a")).error()).isEqualTo(Errors.NONE);
        assertThat(append(IdBatches.idempotent(7, 9, "e")).error()).isEqualTo(Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
    }

    @Test
    void shouldLetRecordsWithoutIdComeAsOftenAsTheyLike() {
        append(IdBatches.plain(""));
        append(IdBatches.plain(""));

        assertThat(values()).containsExactly("v-", "v-");
    }

    @Test
    void shouldTakeAnIdAgainWhenItsTimeIsOver() {
        append(IdBatches.plain("a"));
        partition.time.advance(60_000);
        append(IdBatches.plain("a"));

        assertThat(values()).containsExactly("v-a", "v-a");
    }

    @Test
    void shouldRefuseBatchesThatTheWindowCannotHold() {
        String[] ids = IntStream.range(0, 1_001).mapToObj(i -> "id" + i).toArray(String[]::new);

        assertThat(append(IdBatches.plain(ids)).error()).isEqualTo(Errors.MESSAGE_TOO_LARGE);
    }

    @Test
    void shouldLookUpLargeBatchesElsewhereAndKeepTheOrder() {
        // given a batch whose hashes would hold up an event loop
        String[] ids = IntStream.range(0, 900)
                .mapToObj(i -> "a rather long message id " + i)
                .toArray(String[]::new);
        partition.open();
        Reply<AppendResult> first = new Reply<>();
        Reply<AppendResult> second = new Reply<>();

        // when
        partition.live.handle(command(IdBatches.plain(ids), first));
        partition.live.handle(command(IdBatches.plain("small"), second));
        partition.threads.runAll();
        assertThat(second.isThere()).as("the one behind").isFalse();
        partition.run();

        // then
        assertThat(first.get().baseOffset()).isZero();
        assertThat(second.get().baseOffset()).isEqualTo(900);
    }

    // ---- transactions

    @Test
    void shouldTakeInAgainWhatWasAborted() {
        // given
        coordinator(IdBatches.transactional(7, 0, "a"));
        coordinator(RecordBatches.abortMarker(7, 0, 0));

        // when
        AppendResult again = append(IdBatches.plain("a"));

        // then
        assertThat(again.baseOffset()).isEqualTo(2);
        assertThat(append(IdBatches.plain("a")).baseOffset()).isEqualTo(2);
    }

    @Test
    void shouldDropWhatWasCommitted() {
        coordinator(IdBatches.transactional(7, 0, "a"));
        coordinator(RecordBatches.commitMarker(7, 0, 0));

        assertThat(append(IdBatches.plain("a")).baseOffset()).isZero();
        assertThat(partition.log().endOffset()).isEqualTo(2);
    }

    @Test
    void shouldAskForPatienceWhileATransactionIsOpen() {
        // given
        coordinator(IdBatches.transactional(7, 0, "a"));

        // when, then
        assertThat(append(IdBatches.plain("b", "a")).error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
        assertThat(append(IdBatches.plain("b")).error()).isEqualTo(Errors.NONE);
        coordinator(RecordBatches.abortMarker(7, 0, 0));
        assertThat(append(IdBatches.plain("a")).error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldDropInATransactionWhatItHasAlready() {
        coordinator(IdBatches.transactional(7, 0, "a"));
        coordinator(IdBatches.transactional(7, 1, "a", "b"));
        coordinator(RecordBatches.commitMarker(7, 0, 0));

        assertThat(values()).startsWith("v-a", "v-b").doesNotHaveDuplicates();
    }

    // ---- memory of what was

    @Test
    void shouldRememberThroughARestart() {
        // given
        append(IdBatches.plain("a", "b"));
        coordinator(IdBatches.transactional(7, 0, "aborted"));
        coordinator(RecordBatches.abortMarker(7, 0, 0));
        coordinator(IdBatches.transactional(8, 0, "open"));

        // when
        restart();

        // then
        assertThat(append(IdBatches.plain("a", "b")).baseOffset()).isZero();
        assertThat(append(IdBatches.plain("aborted")).baseOffset()).isEqualTo(5);
        assertThat(append(IdBatches.plain("open")).error()).isEqualTo(Errors.NOT_ENOUGH_REPLICAS);
    }

    @Test
    void shouldRememberWhatWasWrittenInGaps() {
        // given
        append(IdBatches.plain("a"));
        append(IdBatches.plain("b", "a", "c"));

        // when
        restart();

        // then
        assertThat(append(IdBatches.plain("c")).baseOffset()).isEqualTo(3);
        assertThat(append(IdBatches.plain("b")).baseOffset()).isEqualTo(1);
    }

    @Test
    void shouldRememberDeletedRecords() {
        // given
        append(IdBatches.plain("a", "b"));
        assertThat(partition.deleteRecords(2).get().error()).isEqualTo(Errors.NONE);
        append(IdBatches.plain("c"));

        // when
        assertThat(append(IdBatches.plain("a")).baseOffset()).isZero();
        restart();

        // then
        assertThat(append(IdBatches.plain("a", "b")).baseOffset()).isZero();
        assertThat(append(IdBatches.plain("c")).baseOffset()).isEqualTo(2);
        assertThat(partition.log().endOffset()).isEqualTo(3);
    }

    @Test
    void shouldRememberRecordsThatRetentionDeleted() {
        // given segments of one batch, all too old, in a log that is closed
        partition.updateLog(new LogConfig(100, 1L << 40, 0, -1, 1_000, true, 0, 4096, 1 << 20, 1L << 40));
        append(IdBatches.plain("a"));
        append(IdBatches.plain("b"));
        partition.threads.await(partition.live.end(false));
        partition.restart();

        // when
        List<String> done = new ArrayList<>();
        partition.live.retainClosed(() -> done.add("done"));
        partition.run();
        assertThat(done).containsExactly("done");
        assertThat(partition.open().startOffset()).isEqualTo(2);
        restart();

        // then
        assertThat(append(IdBatches.plain("a")).baseOffset()).isZero();
        assertThat(append(IdBatches.plain("b")).baseOffset()).isOne();
        assertThat(partition.log().endOffset()).isEqualTo(2);
    }

    @Test
    void shouldRememberRecordsThatTheCompactionTookAway() {
        // given segments of one batch, all of the same key
        CompactionConfig always = new CompactionConfig(true, 0, 0.01, 0, Long.MAX_VALUE, 1 << 20);
        partition.updateLog(
                new LogConfig(100, 1L << 40, 0, -1, -1, true, 0, 4096, 1 << 20, 1L << 40).withCompaction(always));
        for (String id : List.of("a", "b", "c", "d")) {
            append(IdBatches.keyed("key", id));
        }

        // when
        List<CompactionReport> reports = new ArrayList<>();
        CompactionBudget budget =
                new CompactionBudget(partition.workers.context().disk(), 1 << 20, 0.9, IoThrottle.NONE);
        partition.live.cleaning().clean(budget, reports::add);
        partition.run();
        assertThat(reports).hasSize(1).doesNotContainNull();
        restart();

        // then
        assertThat(values()).doesNotContain("v-a", "v-b");
        for (String id : List.of("a", "b", "c", "d")) {
            assertThat(append(IdBatches.keyed("key", id)).error()).isEqualTo(Errors.NONE);
        }
        assertThat(partition.log().endOffset()).isEqualTo(4);
    }

    @Test
    void shouldNotDeleteBeforeTheIdsAreKept() {
        // given
        append(IdBatches.plain("a"));
        partition.log().failNotes = true;

        // when, then
        assertThat(partition.deleteRecords(1).get().error()).isEqualTo(Errors.KAFKA_STORAGE_ERROR);
        assertThat(partition.log().startOffset()).isZero();
        partition.log().failNotes = false;
        assertThat(partition.deleteRecords(1).get().error()).isEqualTo(Errors.NONE);
    }

    @Test
    void shouldRememberWhatAKilledProcessHadAppended() {
        // given
        append(IdBatches.plain("a"));

        // when
        crash(false);

        // then
        assertThat(append(IdBatches.plain("a")).baseOffset()).isZero();
        assertThat(partition.log().endOffset()).isOne();
    }

    @Test
    void shouldTakeInAgainWhatAPowerCutTookAway() {
        // given ids that were kept, and one that came after
        append(IdBatches.plain("deleted", "kept"));
        partition.deleteRecords(1);
        append(IdBatches.plain("lost"));

        // when
        crash(true);

        // then
        assertThat(append(IdBatches.plain("deleted")).baseOffset()).isZero();
        assertThat(append(IdBatches.plain("kept")).baseOffset()).isOne();
        assertThat(append(IdBatches.plain("lost")).baseOffset()).isEqualTo(2);
        assertThat(partition.log().endOffset()).isEqualTo(3);
    }

    @Test
    void shouldKnowHowATransactionEndedWhoseRecordsAreDeleted() {
        // given ids that are kept while their transactions are open
        coordinator(IdBatches.transactional(7, 0, "committed"));
        coordinator(IdBatches.transactional(8, 0, "aborted"));
        partition.deleteRecords(2);
        coordinator(RecordBatches.commitMarker(7, 0, 0));
        coordinator(RecordBatches.abortMarker(8, 0, 0));

        // when
        restart();

        // then
        assertThat(append(IdBatches.plain("committed")).baseOffset()).isZero();
        assertThat(append(IdBatches.plain("aborted")).baseOffset()).isEqualTo(4);
    }

    @Test
    void shouldMakeAppendsWaitUntilTheIdsAreRead() {
        // given
        append(IdBatches.plain("a"));
        restart();

        // when the log is open and its ids are being read
        Reply<AppendResult> again = new Reply<>();
        Reply<AppendResult> other = new Reply<>();
        partition.live.handle(command(IdBatches.plain("a"), again));
        partition.live.handle(command(IdBatches.plain("b"), other));
        partition.threads.runAll();
        assertThat(again.isThere()).isFalse();
        partition.run();

        // then
        assertThat(again.get().baseOffset()).isZero();
        assertThat(other.get().baseOffset()).isEqualTo(1);
    }

    @Test
    void shouldReadTheIdsOfTheTailWhenTheHeaderIsConfiguredLater() {
        // given
        partition = new PartitionHarness();
        append(IdBatches.plain("a"));

        // when
        partition.update(PartitionHarness.leader(0), CONFIG);

        // then
        assertThat(append(IdBatches.plain("a")).baseOffset()).isZero();
        partition.update(PartitionHarness.leader(0), PartitionConfig.DEFAULT);
        assertThat(append(IdBatches.plain("a")).baseOffset()).isEqualTo(1);
    }

    @Test
    void shouldReadIdsOfATopicThatCompresses() {
        // given
        partition = new PartitionHarness(Configs.with(BatchCompression.zstd(3)).with(DEDUP));
        append(IdBatches.plain("a", "b"));
        restart();

        // when
        append(IdBatches.plain("c", "b"));

        // then
        assertThat(values()).containsExactly("v-a", "v-b", "v-c");
    }

    private void restart() {
        partition.threads.await(partition.live.end(false));
        partition.run();
        partition.restart();
    }

    private void crash(boolean powerCut) {
        partition.store.crash(PartitionHarness.LOG, powerCut, Runnable::run);
        partition.restart();
    }

    private AppendResult append(ByteBuffer batch) {
        return partition.append(batch, -1).get();
    }

    private void coordinator(ByteBuffer batch) {
        assertThat(partition.append(batch, -1, 1_000, Origin.COORDINATOR).get().error())
                .isEqualTo(Errors.NONE);
    }

    private static AppendCommand command(ByteBuffer batch, Reply<AppendResult> reply) {
        return new AppendCommand(
                PartitionHarness.ID, Runnable::run, new AppendRequest(batch, (short) 1, 1_000, Origin.CLIENT), reply);
    }

    private List<String> values() {
        return partition
                .fetch(new FetchRequest(0, -1, -1, 1 << 20, true, true, 0))
                .values();
    }
}
