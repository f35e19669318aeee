package io.penstock.net.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One instance of an application that counts the words of topic {@code lines} into topic {@code counts}: words have other keys than
 * lines, so there is a repartition topic, and counts are state, so there is a changelog. Owned by one test.
 */
public final class WordCount implements AutoCloseable {
    public static final String APPLICATION = "words";
    public static final String REPARTITION = "words-by-word-repartition";
    public static final String CHANGELOG = "words-counted-changelog";
    private static final int TIMEOUT_S = 40;

    private final KafkaStreams streams;
    private final List<Throwable> failures = new ArrayList<>();

    /**
     * Starts an instance with a directory of its own.
     *
     * @param properties keys and values of more settings
     */
    public WordCount(TestBroker broker, String protocol, Object... properties) {
        Properties all = new Properties();
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        all.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker.address());
        all.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, protocol);
        all.put(StreamsConfig.STATE_DIR_CONFIG, newDirectory().toString());
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        all.put("auto.offset.reset", "earliest");
        if (!protocol.equals("streams")) {
            all.put("session.timeout.ms", 6_000);
            all.put("heartbeat.interval.ms", 300);
        }
        for (int i = 0; i < properties.length; i += 2) {
            all.put(properties[i], properties[i + 1]);
        }
        streams = new KafkaStreams(topology(), all);
        streams.setUncaughtExceptionHandler(failure -> {
            synchronized (failures) {
                failures.add(failure);
            }
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
    }

    private static Topology topology() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("lines", Consumed.with(Serdes.String(), Serdes.String()))
                .flatMapValues(line -> List.of(line.toLowerCase(Locale.ROOT).split(" ")))
                .groupBy((key, word) -> word, Grouped.with("by-word", Serdes.String(), Serdes.String()))
                .count(Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as("counted")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Serdes.Long()))
                .toStream()
                .to("counts", Produced.with(Serdes.String(), Serdes.Long()));
        return builder.build();
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "streams")), "state-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it runs, with so many active tasks. */
    public WordCount awaitRunning(int tasks) {
        await(() ->
                streams.state() == KafkaStreams.State.RUNNING && activeTasks().size() == tasks);
        return this;
    }

    /** Names of the tasks that it processes, ascending. */
    List<String> activeTasks() {
        TreeSet<String> tasks = new TreeSet<>();
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            thread.activeTasks().forEach(task -> tasks.add(name(task.taskId())));
        }
        return List.copyOf(tasks);
    }

    /** Names of the tasks of which it keeps copies, ascending. */
    List<String> standbyTasks() {
        TreeSet<String> tasks = new TreeSet<>();
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            thread.standbyTasks().forEach(task -> tasks.add(name(task.taskId())));
        }
        return List.copyOf(tasks);
    }

    private static String name(TaskId task) {
        return task.toString();
    }

    KafkaStreams streams() {
        return streams;
    }

    /** Waits for something; fails at once if the application has failed. */
    void await(BooleanSupplier isThere) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_S);
        while (!isThere.getAsBoolean()) {
            synchronized (failures) {
                assertThat(failures).isEmpty();
            }
            assertThat(System.nanoTime() - deadlineNs)
                    .as("state %s, active tasks %s", streams.state(), activeTasks())
                    .isNegative();
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Leaves the group and ends. */
    @Override
    public void close() {
        CloseOptions options = CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(Duration.ofSeconds(20));
        assertThat(streams.close(options)).isTrue();
    }

    /** Words and how often each was said. */
    static Map<String, Long> counts(Object... pairs) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            counts.put((String) pairs[i], Long.valueOf((Integer) pairs[i + 1]));
        }
        return counts;
    }
}
