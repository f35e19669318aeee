package io.penstock.net.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Kafka's consumers as members of one group, all polled by the one thread that uses this; remembers what changed hands. */
final class PolledMembers {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration COMMIT_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final String topic;
    private final List<KafkaConsumer<String, String>> consumers = new ArrayList<>();
    private final Map<TopicPartition, Integer> owners = new HashMap<>();
    private final List<String> events = new ArrayList<>();
    private final List<String> conflicts = new ArrayList<>();
    private int joinCount;

    PolledMembers(String topic) {
        this.topic = topic;
    }

    void join(Map<String, String> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("enable.auto.commit", "false");
        all.put("auto.offset.reset", "earliest");
        KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic), listener(joinCount++));
        consumers.add(consumer);
    }

    private ConsumerRebalanceListener listener(int number) {
        return new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> added) {
                for (TopicPartition partition : added) {
                    Integer before = owners.put(partition, number);
                    if (before != null && before != number) {
                        conflicts.add(partition + " is " + before + "'s and " + number + "'s");
                    }
                    events.add(number + " got " + partition);
                }
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
                for (TopicPartition partition : revoked) {
                    owners.remove(partition, number);
                    events.add(number + " gave up " + partition);
                }
            }
        };
    }

    void leave(int index) {
        consumers.remove(index).close(CloseOptions.timeout(CLOSE_LIMIT));
    }

    /** Lets each of them do some work. */
    void poll() {
        consumers.forEach(consumer -> consumer.poll(POLL));
    }

    /** Commits the same offset for every partition, each by its owner; succeeds or throws. */
    void commit(long offset) {
        for (KafkaConsumer<String, String> consumer : consumers) {
            Map<TopicPartition, OffsetAndMetadata> offsets = consumer.assignment().stream()
                    .collect(Collectors.toMap(Function.identity(), partition -> new OffsetAndMetadata(offset)));
            consumer.commitSync(offsets, COMMIT_LIMIT);
        }
    }

    List<Set<TopicPartition>> shares() {
        return consumers.stream().map(KafkaConsumer::assignment).toList();
    }

    boolean areSharesEven(int partitionCount) {
        return shares().stream().allMatch(share -> share.size() == partitionCount / consumers.size());
    }

    /** What changed hands since {@link #forgetWhatHappened}. */
    List<String> events() {
        return List.copyOf(events);
    }

    void forgetWhatHappened() {
        events.clear();
    }

    /** Partitions that were given to a member while another owned them. */
    List<String> conflicts() {
        return List.copyOf(conflicts);
    }

    void close() {
        consumers.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ofMillis(500))));
    }

    @Override
    public String toString() {
        return "shares " + shares() + ", events " + events;
    }
}
