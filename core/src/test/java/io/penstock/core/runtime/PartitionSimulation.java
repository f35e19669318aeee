package io.penstock.core.runtime;

import io.penstock.core.partition.AppendRequest;
import io.penstock.core.partition.AppendRequest.Origin;
import io.penstock.core.partition.AppendResult;
import io.penstock.core.partition.Configs;
import io.penstock.core.partition.FetchListener;
import io.penstock.core.partition.FetchRequest;
import io.penstock.core.partition.FetchResult;
import io.penstock.core.partition.PartitionConfig;
import io.penstock.storage.fixture.RecordBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of one partition: producers, consumers, a bad disk, crashes, power cuts and leader changes, one small step at
 * a time. Checks after every answer that nothing acknowledged or read is ever lost, changed or doubled.
 */
final class PartitionSimulation {
    private static final Set<Errors> MAY_HAPPEN = Set.of(
            Errors.KAFKA_STORAGE_ERROR,
            Errors.NOT_LEADER_OR_FOLLOWER,
            Errors.REQUEST_TIMED_OUT,
            Errors.NOT_ENOUGH_REPLICAS,
            Errors.NOT_ENOUGH_REPLICAS_AFTER_APPEND);

    private final Random random;
    private final PartitionConfig config;
    /** With little work allowed inline, most batches are validated by a worker. */
    private final PartitionLimits limits;

    private final boolean losesPower;
    private final FlakyLogStore store = new FlakyLogStore();
    private PartitionHarness life;
    private int epoch;

    /** What somebody was told to be at an offset. */
    private final Map<Long, String> told = new HashMap<>();

    private @Nullable AssertionError violation;
    private long startOffset;
    private final List<Producer> producers = new ArrayList<>();
    private long nextReadOffset;
    private int asked;
    private int answered;
    private int nextValue;
    private long nextProducerId = 100;
    int crashes;
    int acknowledged;
    int recordsRead;

    PartitionSimulation(long seed) {
        random = new Random(seed);
        int mode = random.nextInt(4);
        config = mode == 0
                ? PartitionConfig.DEFAULT
                : Configs.flushing(mode == 1 ? 3 : 1, mode == 2 ? Long.MAX_VALUE : 50);
        limits = random.nextBoolean() ? PartitionLimits.DEFAULT : Limits.withInlineWorkBytes(60);
        losesPower = random.nextBoolean();
        life = newLife();
        for (int i = 0; i < 3; i++) {
            producers.add(new Producer());
        }
    }

    private PartitionHarness newLife() {
        asked = 0;
        answered = 0;
        PartitionHarness next = new PartitionHarness(config, limits, store);
        next.update(PartitionHarness.leader(epoch));
        return next;
    }

    /** Whether a power cut takes nothing that anybody was told of. */
    private boolean isSafe() {
        return config.syncsEveryRecord() || !losesPower;
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            check(true, "step");
        }
        heal();
        verify();
        check(true, "end");
    }

    private void step() {
        switch (random.nextInt(33)) {
            case 0, 1, 2, 3, 4 ->
                producers.get(random.nextInt(producers.size())).send();
            case 5, 6, 7 -> appendOnce();
            case 8, 9, 10 -> read();
            case 11, 12, 13 -> life.workers.runOne();
            case 14 -> life.time.advance(random.nextInt(60));
            case 15 -> withLog(log -> log.holdSyncs = random.nextBoolean());
            case 16, 17 -> withLog(FlakyLog::releaseOneSync);
            case 18 -> withLog(log -> log.isCold = random.nextBoolean());
            case 19 -> withLog(log -> log.holdReads = random.nextBoolean());
            case 20 -> withLog(FlakyLog::releaseReads);
            case 21 -> rarely(() -> withLog(FlakyLog::failOneSync));
            case 22 -> rarely(() -> withLog(log -> log.failAppends = true));
            case 23 -> withLog(log -> log.isFull = random.nextInt(4) == 0);
            case 24 -> rarely(this::crash);
            case 25 -> rarely(this::changeLeader);
            case 26 -> life.live.askToClose();
            case 27 -> rarely(this::deleteRecords);
            case 28 -> withLog(log -> log.lacksRoom = true);
            case 29 -> withLog(FlakyLog::makeRoom);
            case 30 -> withLog(FlakyLog::askAgain);
            default -> life.threads.runOne();
        }
    }

    private void rarely(Runnable event) {
        if (random.nextInt(12) == 0) {
            event.run();
        }
    }

    private void withLog(Consumer<FlakyLog> change) {
        if (store.isOpen(PartitionHarness.LOG)) {
            change.accept(store.log(PartitionHarness.LOG));
        }
    }

    // ---- events

    private void crash() {
        crashes++;
        boolean powerCut = losesPower && random.nextBoolean();
        store.crash(PartitionHarness.LOG, powerCut, Runnable::run);
        if (powerCut && !isSafe()) {
            forgetWhatMayBeLost();
        }
        producers.forEach(Producer::onCrash);
        life = newLife();
    }

    /** A page-cache acknowledgement does not survive this; but what survives is a prefix. */
    private void forgetWhatMayBeLost() {
        PartitionHarness look = newLife();
        long end = look.open().endOffset();
        look.threads.await(look.live.end(false));
        told.keySet().removeIf(offset -> offset >= end);
        nextReadOffset = Math.min(nextReadOffset, end);
    }

    private void changeLeader() {
        epoch++;
        boolean away = random.nextBoolean();
        life.live.update(spec(away ? 2 : 1));
        if (away) {
            epoch++;
            life.threads.runAll();
            life.live.update(spec(1));
        }
    }

    private PartitionSpec spec(int leader) {
        return new PartitionSpec(
                PartitionHarness.image(leader, epoch, List.of(1), List.of(1)),
                "topic",
                PartitionHarness.LOG,
                config,
                io.penstock.storage.LogConfig.DEFAULT);
    }

    private void deleteRecords() {
        ask();
        life.live.handle(new DeleteRecordsCommand(PartitionHarness.ID, Runnable::run, nextReadOffset / 2, result -> {
            answered++;
            if (result.error() == Errors.NONE) {
                startOffset = Math.max(startOffset, result.lowWatermark());
            }
        }));
    }

    private void appendOnce() {
        String[] values = IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(i -> "once-" + nextValue++)
                .toArray(String[]::new);
        int acks = random.nextInt(3) - 1;
        append(RecordBatches.of(values), acks, result -> {
            if (result.error() == Errors.NONE && acks != 0) {
                tell(result, values);
            } else if (result.error() != Errors.NONE) {
                check(MAY_HAPPEN.contains(result.error()), "append answered " + result);
            }
        });
    }

    private void append(ByteBuffer batch, int acks, Consumer<AppendResult> then) {
        PartitionHarness mine = life;
        ask();
        AppendRequest request = new AppendRequest(batch, (short) acks, 40, Origin.CLIENT);
        life.live.handle(new AppendCommand(PartitionHarness.ID, Runnable::run, request, result -> {
            check(mine == life, "an answer from a dead process");
            answered++;
            then.accept(result);
        }));
    }

    private void ask() {
        asked++;
    }

    private void tell(AppendResult result, String[] values) {
        acknowledged++;
        for (int i = 0; i < values.length; i++) {
            tell(result.baseOffset() + i, values[i]);
        }
    }

    private void tell(long offset, String value) {
        String before = told.putIfAbsent(offset, value);
        check(before == null || before.equals(value), "at " + offset + " was " + before + ", now " + value);
    }

    private void read() {
        PartitionHarness mine = life;
        long offset = nextReadOffset;
        ask();
        FetchRequest request = new FetchRequest(
                offset, -1, -1, 1 + random.nextInt(400), true, random.nextBoolean(), random.nextInt(300) - 100);
        FetchCommand fetch = new FetchCommand(PartitionHarness.ID, Runnable::run, request, new FetchListener() {
            @Override
            public void onWaiting(int availableBytes) {}

            @Override
            public void onResult(FetchResult result) {
                check(mine == life, "an answer from a dead process");
                answered++;
                onRead(offset, result);
            }
        });
        life.live.handle(fetch);
        if (random.nextBoolean()) {
            fetch.completeNow();
        }
    }

    private void onRead(long offset, FetchResult result) {
        if (result.error() == Errors.OFFSET_OUT_OF_RANGE) {
            check(offset < startOffset || !isSafe() || result.records().sizeBytes() == 0, "out of range");
            nextReadOffset = Math.max(offset, startOffset);
            return;
        }
        check(result.error() == Errors.NONE || MAY_HAPPEN.contains(result.error()), "fetch answered " + result);
        long expected = -1;
        for (ByteBuffer batch : RecordBatches.batches(result.records())) {
            for (Record record :
                    MemoryRecords.readableRecords(batch.duplicate()).records()) {
                check(expected < 0 || record.offset() == expected, "gap before " + record.offset());
                check(record.offset() < result.highWatermark(), "above the high watermark");
                expected = record.offset() + 1;
                recordsRead++;
                tell(
                        record.offset(),
                        StandardCharsets.UTF_8.decode(record.value()).toString());
            }
        }
        nextReadOffset = Math.max(nextReadOffset, expected);
        result.records().release();
    }

    // ---- the end

    private void heal() {
        withLog(log -> {
            log.isFull = false;
            log.makeRoom();
            log.holdSyncs = false;
            log.holdReads = false;
            log.failAppends = false;
        });
        for (int i = 0; i < 20; i++) {
            withLog(FlakyLog::releaseOneSync);
            withLog(FlakyLog::releaseReads);
            life.run();
            life.time.advance(5_000);
            life.run();
        }
        life.threads.await(life.live.end(false));
        life.run();
        check(asked == answered, asked + " asked, " + answered + " answered");
        check(store.slicesOut == 0, "slices not released: " + store.slicesOut);
    }

    private void verify() {
        life = newLife();
        FlakyLog log = life.open();
        var slices = log.inner().readHot(log.startOffset(), log.endOffset(), Integer.MAX_VALUE, true);
        Map<Long, String> stored = new HashMap<>();
        Set<String> values = new HashSet<>();
        if (slices != null) {
            for (ByteBuffer batch : RecordBatches.batches(slices)) {
                for (Record record :
                        MemoryRecords.readableRecords(batch.duplicate()).records()) {
                    String value = StandardCharsets.UTF_8.decode(record.value()).toString();
                    stored.put(record.offset(), value);
                    check(values.add(value), "twice in the log: " + value);
                }
            }
            slices.release();
        }
        told.forEach((offset, value) -> check(
                offset < log.startOffset() || value.equals(stored.get(offset)),
                "told " + value + " at " + offset + ", stored " + stored.get(offset)));
    }

    /** Remembers the violation too: a partition survives what its callers throw. */
    private void check(boolean holds, String message) {
        if (!holds && violation == null) {
            violation = new AssertionError(message);
        }
        if (violation != null) {
            throw violation;
        }
    }

    /** An idempotent producer with one batch in flight, which it sends again until it is acknowledged. */
    private final class Producer {
        private long producerId = nextProducerId++;
        private int sequence;
        private String[] values = {};
        private boolean inFlight;

        void send() {
            if (inFlight) {
                return;
            }
            if (values.length == 0) {
                values = IntStream.range(0, 1 + random.nextInt(4))
                        .mapToObj(i -> "idem-" + nextValue++)
                        .toArray(String[]::new);
            }
            inFlight = true;
            SimpleRecord[] records = new SimpleRecord[values.length];
            for (int i = 0; i < values.length; i++) {
                records[i] = new SimpleRecord(RecordBatches.TIMESTAMP_MS, values[i].getBytes(StandardCharsets.UTF_8));
            }
            CompressionType type = random.nextBoolean() ? CompressionType.NONE : CompressionType.LZ4;
            append(
                    RecordBatches.batch(type, producerId, 0, sequence, false, records),
                    random.nextBoolean() ? -1 : 1,
                    this::onAnswer);
        }

        private void onAnswer(AppendResult result) {
            inFlight = false;
            if (result.error() == Errors.NONE) {
                tell(result, values);
                sequence += values.length;
                values = new String[0];
            } else if (result.error() == Errors.OUT_OF_ORDER_SEQUENCE_NUMBER) {
                check(!isSafe(), "out of order although nothing was lost");
                producerId = nextProducerId++;
                sequence = 0;
                values = new String[0];
            } else {
                check(MAY_HAPPEN.contains(result.error()), "append answered " + result);
            }
        }

        void onCrash() {
            inFlight = false;
        }
    }
}
