package io.penstock.net.fault;

import io.penstock.net.history.Polled;
import io.penstock.net.history.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads every partition of a topic from its start to its end as of the call. */
final class CompleteReader {
    private static final Duration MOST_SILENCE = Duration.ofSeconds(20);

    private CompleteReader() {}

    /**
     * @return all records in the order of the polls
     * @throws AssertionError if the end is not reached though nothing has come for 20 s
     */
    static List<Polled> readAll(int reader, String bootstrap, String topic, int partitions) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.CHECK_CRCS_CONFIG, "true");
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(topic, p))
                .toList();
        List<Polled> polls = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            consumer.seekToBeginning(all);
            long lastProgress = System.nanoTime();
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                var records = consumer.poll(Duration.ofMillis(200));
                records.forEach(r -> polls.add(new Polled(reader, r.partition(), r.offset(), Value.decode(r.value()))));
                if (!records.isEmpty()) {
                    lastProgress = System.nanoTime();
                } else if (System.nanoTime() - lastProgress > MOST_SILENCE.toNanos()) {
                    throw new AssertionError("no record for " + MOST_SILENCE + " before the end offsets " + ends);
                }
            }
        }
        return polls;
    }
}
