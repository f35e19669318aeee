package io.penstock.net.transactions;

import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.kstream.JoinWindows;
import org.apache.kafka.streams.kstream.KStream;

/** Counts words and joins two streams, exactly once, until it is killed. A process of its own. */
public final class StreamsApplication {
    static final String LINES = "lines";
    static final String COUNTS = "counts";
    static final String LEFT = "left";
    static final String RIGHT = "right";
    static final String JOINED = "joined";

    private static final Duration WINDOW = Duration.ofSeconds(10);
    /** A kill may leave one side of the join far behind the other. */
    private static final Duration GRACE = Duration.ofHours(12);

    private StreamsApplication() {}

    /** Arguments: bootstrap server, directory for its state, group protocol. */
    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "words");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, arguments[1]);
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, arguments[2]);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        properties.put(StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG, MEMORY_STORES);
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        properties.put(StreamsConfig.DEFAULT_KEY_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        properties.put(StreamsConfig.DEFAULT_VALUE_SERDE_CLASS_CONFIG, Serdes.StringSerde.class);
        properties.put(StreamsConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200);
        properties.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 20_000);
        if (arguments[2].equals("classic")) {
            properties.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 2_000);
            properties.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 300);
        }
        KafkaStreams streams = new KafkaStreams(topology().build(), properties);
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        streams.start();
    }

    private static final String MEMORY_STORES =
            "org.apache.kafka.streams.state.BuiltInDslStoreSuppliers$InMemoryDslStoreSuppliers";

    private static StreamsBuilder topology() {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> lines = builder.stream(LINES);
        lines.flatMapValues(line -> Arrays.asList(line.split(" ")))
                .groupBy((key, word) -> word)
                .count()
                .toStream()
                .mapValues(count -> Long.toString(count))
                .to(COUNTS);
        KStream<String, String> left = builder.stream(LEFT);
        KStream<String, String> right = builder.stream(RIGHT);
        left.join(right, (one, other) -> one + "+" + other, JoinWindows.ofTimeDifferenceAndGrace(WINDOW, GRACE))
                .to(JOINED);
        return builder;
    }
}
