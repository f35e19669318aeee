package io.penstock.net.churn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * One of Kafka's own consumers. It fetches nothing, its partitions are paused, but commits offsets as if it did. Once it has said
 * which partitions it gives up, another may own them, and not before.
 */
final class RealMember implements ChurnMember {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_INTERVAL_NS = Duration.ofMillis(400).toNanos();
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final ChurnGroup group;
    private final ChurnHistory history;
    private final boolean hasGenerations;
    private final KafkaConsumer<byte[], byte[]> consumer;

    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private long nextCommitNs = System.nanoTime();
    private final AtomicBoolean isEnding = new AtomicBoolean();
    private volatile boolean leaves;
    private volatile int settledGeneration = -1;
    private volatile List<Integer> owned = List.of();

    RealMember(
            String name, ChurnGroup group, ChurnHistory history, Map<String, String> protocol, boolean hasGenerations) {
        this.name = name;
        this.group = group;
        this.history = history;
        this.hasGenerations = hasGenerations;
        Map<String, Object> properties = new HashMap<>(Map.of(
                "bootstrap.servers", "localhost:" + group.port(),
                "client.id", name,
                "group.id", ChurnGroup.GROUP,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "enable.metrics.push", "false",
                "metric.reporters", ""));
        properties.putAll(protocol);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void leave() {
        leaves = true;
        end();
    }

    @Override
    public void die() {
        end();
    }

    private void end() {
        isEnding.set(true);
        consumer.wakeup();
    }

    @Override
    public int settledGeneration() {
        return settledGeneration;
    }

    @Override
    public List<Integer> owned() {
        return owned;
    }

    @Override
    public void run() {
        try {
            consumer.subscribe(List.of(ChurnGroup.TOPIC), new Ownership());
            while (!isEnding.get()) {
                consumer.poll(POLL);
                settledGeneration = hasGenerations ? consumer.groupMetadata().generationId() : 0;
                commitNowAndThen();
            }
        } catch (WakeupException e) {
            if (!isEnding.get()) {
                group.onFailure(name, e);
            }
        } catch (KafkaException | IllegalStateException e) {
            group.onFailure(name, e);
        } finally {
            settledGeneration = -1;
            giveUpAll();
            close();
        }
    }

    /** Who dies is not heard of again; the group finds out by the session time-out. */
    private void close() {
        CloseOptions options = leaves
                ? CloseOptions.timeout(CLOSE_TIMEOUT).withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                : CloseOptions.timeout(CLOSE_TIMEOUT)
                        .withGroupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP);
        try {
            consumer.close(options);
        } catch (KafkaException e) {
            group.onFailure(name, e);
        }
    }

    private void giveUpAll() {
        history.onGivenUp(name, List.copyOf(owned));
        owned = List.of();
        positions.clear();
    }

    // ---- commits

    private void commitNowAndThen() {
        if (positions.isEmpty() || System.nanoTime() - nextCommitNs < 0) {
            return;
        }
        nextCommitNs = System.nanoTime() + COMMIT_INTERVAL_NS;
        positions.replaceAll((partition, offset) -> offset + 1);
        Map<TopicPartition, Long> committing = Map.copyOf(positions);
        try {
            consumer.commitSync(
                    committing.entrySet().stream()
                            .collect(Collectors.toMap(
                                    Map.Entry::getKey, entry -> new OffsetAndMetadata(entry.getValue()))),
                    COMMIT_TIMEOUT);
            committing.forEach((partition, offset) -> history.onAcked(partition.partition(), offset));
        } catch (CommitFailedException
                | RetriableCommitFailedException
                | RebalanceInProgressException
                | TimeoutException e) {
            // The group has gone on without this member, or goes on just now: nothing was promised.
        }
    }

    // ---- ownership

    /** Runs inside of poll. */
    private final class Ownership implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> added) {
            consumer.pause(added);
            try {
                consumer.committed(Set.copyOf(added))
                        .forEach((partition, offset) -> positions.put(partition, offset == null ? 0 : offset.offset()));
            } catch (UnknownMemberIdException | FencedMemberEpochException | StaleMemberEpochException e) {
                return; // expelled, or told otherwise, before it owned them: nothing was read, and it may be told to
                // revoke them
            }
            history.onOwned(name, indices(added));
            List<Integer> all = new ArrayList<>(owned);
            all.addAll(indices(added));
            owned = List.copyOf(all);
            if (hasGenerations) {
                history.onAssigned(name, consumer.groupMetadata().generationId(), owned);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            drop(revoked);
            history.onGivenUp(name, indices(revoked));
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            drop(lost);
            history.onLost(name, indices(lost));
        }

        private void drop(Collection<TopicPartition> gone) {
            List<Integer> rest = new ArrayList<>(owned);
            rest.removeAll(indices(gone));
            owned = List.copyOf(rest);
            gone.forEach(positions::remove);
        }

        private List<Integer> indices(Collection<TopicPartition> partitions) {
            return partitions.stream().map(TopicPartition::partition).toList();
        }
    }
}
