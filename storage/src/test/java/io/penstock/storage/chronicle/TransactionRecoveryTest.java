package io.penstock.storage.chronicle;

import static io.penstock.storage.fixture.KeyedBatches.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.storage.CompactionConfig;
import io.penstock.storage.LogConfig;
import io.penstock.storage.LogSlices;
import io.penstock.storage.PartitionLog;
import io.penstock.storage.compact.CompactionBudget;
import io.penstock.storage.compact.CompactionBudget.IoThrottle;
import io.penstock.storage.fixture.CommittedReader;
import io.penstock.storage.fixture.KeyedBatches;
import io.penstock.storage.fixture.RecordBatches;
import io.penstock.storage.producer.ProducerStates.ProducerState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with transactions under way is killed, time and again, between any two batches, markers and compactions, and with files lost that
 * are made of the batches alone. Whoever opens the log finds the same transactions open, and a read_committed reader the same records.
 */
class TransactionRecoveryTest {
    private static final int PRODUCERS = 3;
    private static final long RETENTION_MS = 500;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    Path directory;

    private long clockMs = RecordBatches.TIMESTAMP_MS;
    private int copies;

    @Test
    void shouldFindTheSameTransactionsAfterAKill() throws IOException {
        killAgainAndAgain(4, 60);
    }

    @Test
    @Tag("slow")
    void shouldFindTheSameTransactionsAfterManyKills() throws IOException {
        killAgainAndAgain(60, 120);
    }

    private void killAgainAndAgain(int histories, int steps) throws IOException {
        long first = Long.getLong("penstock.seed", System.nanoTime());
        for (long seed = first; seed < first + histories; seed++) {
            try {
                live(new Random(seed), directory.resolve("log-" + seed), steps);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dpenstock.seed=" + seed, e);
            }
        }
    }

    private static LogConfig config(int segmentBytes) {
        return OpenLog.segmentsOf(segmentBytes)
                .withCompaction(new CompactionConfig(true, RETENTION_MS, 0, 0, Long.MAX_VALUE, 1 << 20));
    }

    private void live(Random random, Path root, int steps) throws IOException {
        LogConfig config = config(300 + random.nextInt(1_000));
        int[] epochs = new int[PRODUCERS];
        int[] sequences = new int[PRODUCERS];
        try (OpenLog open = new OpenLog(root, config)) {
            for (int step = 0; step < steps; step++) {
                int producer = random.nextInt(PRODUCERS);
                int dice = random.nextInt(20);
                if (dice < 10) {
                    int count = 1 + random.nextInt(3);
                    open.log.append(batch(random, producer, epochs[producer], sequences[producer], count), 0);
                    sequences[producer] += count;
                } else if (dice < 15) {
                    // Every other producer speaks version 2, which raises the epoch.
                    epochs[producer] += producer % 2;
                    sequences[producer] = producer % 2 == 1 ? 0 : sequences[producer];
                    open.log.append(
                            random.nextBoolean()
                                    ? RecordBatches.commitMarker(producer, epochs[producer], 0)
                                    : RecordBatches.abortMarker(producer, epochs[producer], 0),
                            0);
                } else if (dice < 18) {
                    compact(open, random);
                } else {
                    kill(open, root, config, random);
                }
            }
            kill(open, root, config, random);
        }
    }

    private ByteBuffer batch(Random random, int producer, int epoch, int sequence, int count) {
        clockMs += random.nextInt(50);
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = record(clockMs, "key-" + random.nextInt(6), "value-" + random.nextInt(1 << 20));
        }
        return RecordBatches.batch(CompressionType.NONE, producer, epoch, sequence, true, records);
    }

    private void compact(OpenLog open, Random random) {
        open.threads.runAll();
        clockMs += random.nextInt(800);
        long stable = open.log.producers().lastStableOffset(open.log.endOffset());
        open.threads.await(open.log.compact(
                clockMs, stable, new CompactionBudget(open.threads.context().disk(), 1 << 16, 0.9, IoThrottle.NONE)));
        open.threads.runAll();
    }

    private void kill(OpenLog open, Path root, LogConfig config, Random random) throws IOException {
        Path copy = directory.resolve("copy-" + copies++);
        copyTree(root, copy);
        lose(copy, random);
        try (OpenLog found = new OpenLog(copy, config)) {
            assertThat(found.log.endOffset()).isEqualTo(open.log.endOffset());
            assertThat(found.log.producers().firstOpenTransactionOffset())
                    .as("first open transaction")
                    .isEqualTo(open.log.producers().firstOpenTransactionOffset());
            for (ProducerState state : open.log.producers().all()) {
                ProducerState same =
                        Objects.requireNonNull(found.log.producers().find(state.producerId()));
                assertThat(same.producerEpoch()).isEqualTo(state.producerEpoch());
                assertThat(same.lastSequence()).isEqualTo(state.lastSequence());
            }
            long stable = open.log.producers().lastStableOffset(open.log.endOffset());
            for (long from : new long[] {0, random.nextLong(stable + 1)}) {
                assertThat(committed(found, from, stable))
                        .as("committed records from %s to %s", from, stable)
                        .isEqualTo(committed(open, from, stable));
            }
        }
        FileTrees.delete(copy);
    }

    /** Some or all of what is made of the batches alone. */
    private static void lose(Path copy, Random random) throws IOException {
        int share = random.nextInt(3); // of 2
        try (Stream<Path> files = Files.walk(copy)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if ((name.equals("producers") || name.equals("index")) && random.nextInt(2) < share) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<KeyedBatches.Entry> committed(OpenLog open, long from, long end) {
        PartitionLog log = open.log;
        List<ByteBuffer> batches = new ArrayList<>();
        for (long next = Math.max(from, log.startOffset()); next >= 0 && next < end; ) {
            LogSlices slices = open.threads.await(log.readCold(next, end, 1 << 20, true));
            RecordBatches.batches(slices).forEach(batch -> batches.add(ByteBuffer.wrap(RecordBatches.bytes(batch))));
            next = slices.nextOffset();
            slices.release();
        }
        return KeyedBatches.entries(CommittedReader.committed(batches, log.abortedTransactions(from, end)));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
