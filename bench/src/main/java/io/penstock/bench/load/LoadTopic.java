package io.penstock.bench.load;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/** Prepares the topic under load through the Java admin client. */
public final class LoadTopic {
    private LoadTopic() {}

    /** End offset of partition 0. */
    static long endOffset(InetSocketAddress broker, String topic) throws InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = admin(broker)) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot learn the end offset of " + partition, e.getCause());
        }
    }

    /** Creates the topic with one partition unless it is there. */
    public static void ensureTopic(InetSocketAddress broker, String topic) throws InterruptedException {
        try (Admin admin = admin(broker)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new IllegalStateException("cannot create topic " + topic, e.getCause());
            }
        }
    }

    private static Admin admin(InetSocketAddress broker) {
        return Admin.create(Map.of("bootstrap.servers", broker.getHostString() + ":" + broker.getPort()));
    }
}
