package io.penstock.core.transaction;

import io.penstock.core.group.LogWrite;
import io.penstock.core.group.Now;
import io.penstock.core.group.Reply;
import io.penstock.core.group.record.EncodedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/**
 * A shard of transactions with a log in memory and a clock moved by hand. Unless it is held back, everything is written, every id found
 * and every marker written at once.
 */
final class TransactionFixture {
    static final String TX = "tx";
    static final TopicPartition A = new TopicPartition("a", 0);
    static final TopicPartition B = new TopicPartition("b", 1);
    static final int TIMEOUT_MS = 60_000;
    static final int LEADER_EPOCH = 5;
    static final long START_WALL_MS = 1_700_000_000_000L;
    static final TransactionSettings SETTINGS =
            new TransactionSettings(900_000, 604_800_000L, 3_600_000, 1 << 20, 1_000);

    TransactionSettings settings = SETTINGS;
    int maxBatchBytes = 1 << 20;
    TransactionShard shard;
    final List<TransactionRecord> log = new ArrayList<>();
    final List<MarkersToWrite> markers = new ArrayList<>();
    final ArrayDeque<MarkersToWrite> unwrittenMarkers = new ArrayDeque<>();
    final ArrayDeque<String> idRequests = new ArrayDeque<>();

    short transactionVersion = 2;
    long nextProducerId = 1_000;
    long nowMs = 1_000;
    long jumpMs;
    boolean holdsWrites;
    boolean holdsMarkers;
    boolean holdsIds;

    TransactionFixture() {
        shard = newShard();
    }

    private TransactionShard newShard() {
        return new TransactionShard(settings, new Surroundings(), LEADER_EPOCH, maxBatchBytes);
    }

    private final class Surroundings implements TransactionSurroundings {
        @Override
        public void allocateProducerId(String transactionalId) {
            idRequests.add(transactionalId);
        }

        @Override
        public void write(MarkersToWrite toWrite) {
            markers.add(toWrite);
            unwrittenMarkers.add(toWrite);
        }

        @Override
        public short transactionVersion() {
            return transactionVersion;
        }
    }

    Now now() {
        return new Now(START_WALL_MS + nowMs + jumpMs, nowMs);
    }

    void submit(TransactionCommand command) {
        shard.submit(command, now());
        settle();
    }

    /** Does all that is not held back, until nothing is left to do. */
    void settle() {
        boolean hasMoved = true;
        while (hasMoved) {
            hasMoved = (!holdsIds && giveId()) || (!holdsWrites && write()) || (!holdsMarkers && writeMarkers());
        }
    }

    boolean giveId() {
        String waiting = idRequests.poll();
        if (waiting == null) {
            return false;
        }
        shard.onProducerId(waiting, nextProducerId++, now());
        return true;
    }

    boolean write() {
        List<EncodedRecord> batch = nextBatch();
        if (batch.isEmpty()) {
            return false;
        }
        for (EncodedRecord record : batch) {
            log.add(Objects.requireNonNull(TransactionRecordCodec.decode(record.key(), record.value())));
        }
        shard.onWritten(now());
        return true;
    }

    void fail(Errors error) {
        if (nextBatch().isEmpty()) {
            throw new AssertionError("expected something to write");
        }
        shard.onUnwritten(error, now());
    }

    private List<EncodedRecord> nextBatch() {
        LogWrite write = shard.nextBatch();
        return write == null ? List.of() : ((LogWrite.Records) write).records();
    }

    boolean writeMarkers() {
        MarkersToWrite next = unwrittenMarkers.poll();
        if (next == null) {
            return false;
        }
        shard.onMarkersWritten(next, now());
        return true;
    }

    void advance(long ms) {
        nowMs += ms;
        while (shard.nextDeadlineMs() <= nowMs) {
            shard.onTime(now());
        }
        settle();
    }

    /** The coordinator dies; another one reads its log. */
    void restart() {
        shard.onUnloaded();
        unwrittenMarkers.clear();
        idRequests.clear();
        shard = newShard();
        log.forEach(shard::replay);
        shard.onLoaded(now());
        settle();
    }

    /** Puts a state into the log of a shard that starts with it. */
    TransactionState given(TransactionState state) {
        log.add(new TransactionRecord(TX, state));
        restart();
        return state;
    }

    TransactionState state() {
        return Objects.requireNonNull(shard.state(TX));
    }

    // ---- questions, answered at once

    Answer<ProducerGrant> initLater(long expectedId, int expectedEpoch) {
        Answer<ProducerGrant> answer = new Answer<>();
        submit(TransactionCommands.initProducerId(TX, TIMEOUT_MS, expectedId, (short) expectedEpoch, answer));
        return answer;
    }

    ProducerGrant init() {
        return initLater(-1, -1).get();
    }

    ProducerGrant init(long expectedId, int expectedEpoch) {
        return initLater(expectedId, expectedEpoch).get();
    }

    Answer<Errors> addLater(long producerId, int epoch, long patienceMs, TopicPartition... partitions) {
        Answer<Errors> answer = new Answer<>();
        submit(TransactionCommands.addPartitions(
                TX,
                producerId,
                (short) epoch,
                Set.of(partitions),
                transactionVersion >= 2 ? TransactionState.VERSION_2 : TransactionState.VERSION_1,
                patienceMs,
                answer));
        return answer;
    }

    Errors add(ProducerGrant producer, TopicPartition... partitions) {
        return add(producer.producerId(), producer.producerEpoch(), partitions);
    }

    Errors add(long producerId, int epoch, TopicPartition... partitions) {
        return addLater(producerId, epoch, 0, partitions).get();
    }

    Map<TopicPartition, Errors> verify(long producerId, int epoch, TopicPartition... partitions) {
        Answer<Map<TopicPartition, Errors>> answer = new Answer<>();
        submit(TransactionCommands.verifyPartitions(TX, producerId, (short) epoch, Set.of(partitions), 0, answer));
        return new HashMap<>(answer.get());
    }

    Answer<ProducerGrant> endLater(long producerId, int epoch, boolean commit, short version) {
        Answer<ProducerGrant> answer = new Answer<>();
        submit(TransactionCommands.endTransaction(TX, producerId, (short) epoch, commit, version, answer));
        return answer;
    }

    ProducerGrant end(ProducerGrant producer, boolean commit) {
        return endLater(producer.producerId(), producer.producerEpoch(), commit, TransactionState.VERSION_1)
                .get();
    }

    ProducerGrant endV2(ProducerGrant producer, boolean commit) {
        return endV2(producer.producerId(), producer.producerEpoch(), commit);
    }

    ProducerGrant endV2(long producerId, int epoch, boolean commit) {
        return endLater(producerId, epoch, commit, TransactionState.VERSION_2).get();
    }

    // ---- states

    static TransactionState state(TransactionStatus status, int epoch) {
        return state(status, epoch, TransactionState.VERSION_2);
    }

    static TransactionState state(TransactionStatus status, int epoch, short version) {
        boolean isUnderWay = status == TransactionStatus.ONGOING || status.isPrepared();
        return new TransactionState(
                7,
                7,
                -1,
                (short) epoch,
                (short) -1,
                TIMEOUT_MS,
                status,
                isUnderWay ? Set.of(A) : Set.of(),
                status == TransactionStatus.EMPTY ? -1 : START_WALL_MS + 1_000,
                START_WALL_MS + 1_000,
                version);
    }

    /** An answer that may come later. */
    static final class Answer<T> implements Reply<T> {
        private @Nullable T value;

        @Override
        public void send(T answer) {
            if (value != null) {
                throw new AssertionError("answered twice: " + value + ", then " + answer);
            }
            value = answer;
        }

        boolean isThere() {
            return value != null;
        }

        T get() {
            if (value == null) {
                throw new AssertionError("expected an answer, found none");
            }
            return value;
        }
    }
}
