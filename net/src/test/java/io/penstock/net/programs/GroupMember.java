package io.penstock.net.programs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A member of a classic group that polls on a thread of its own until it is closed. */
final class GroupMember implements AutoCloseable {
    private static final int JOIN_LIMIT_S = 20;

    private final KafkaConsumer<String, String> consumer;
    private final CountDownLatch assigned = new CountDownLatch(1);
    private final Thread thread;

    private GroupMember(KafkaConsumer<String, String> consumer) {
        this.consumer = consumer;
        this.thread = new Thread(this::poll, "group-member");
        thread.setDaemon(true);
        thread.start();
    }

    /** Joins and waits until the member has partitions. */
    static GroupMember join(String bootstrap, String group, String topic, String clientId) throws InterruptedException {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "client.id",
                        clientId,
                        "group.id",
                        group,
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer.RangeAssignor",
                        "enable.auto.commit",
                        "false",
                        "auto.offset.reset",
                        "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of(topic));
        GroupMember member = new GroupMember(consumer);
        if (!member.assigned.await(JOIN_LIMIT_S, TimeUnit.SECONDS)) {
            member.close();
            throw new AssertionError("no partitions within " + JOIN_LIMIT_S + " s");
        }
        return member;
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    private void poll() {
        try (consumer) {
            while (true) {
                consumer.poll(Duration.ofMillis(100));
                if (!consumer.assignment().isEmpty()) {
                    assigned.countDown();
                }
            }
        } catch (WakeupException closed) {
            // close() asked for the end
        }
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        thread.join();
    }
}
