package io.penstock.net.transactions;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Moves records from one topic to another, each in a transaction with its offset, until it is killed. Some transactions it aborts on
 * purpose. A process of its own; ends with a code other than 0 when its producer is of no use any more.
 */
public final class TransferWorker {
    private static final int OUT_OF_USE = 3;
    private static final double ABORTED_PART = 0.1;

    private final KafkaProducer<String, String> producer;
    private final KafkaConsumer<String, String> consumer;
    private final String target;
    private final Random random = new Random();

    private TransferWorker(String bootstrap, String slot, String group, String target) {
        this.target = target;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "transactional.id", group + "-" + slot,
                        "transaction.timeout.ms", 20_000,
                        "linger.ms", 5,
                        "reconnect.backoff.max.ms", 200),
                new StringSerializer(),
                new StringSerializer());
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "group.id",
                        group,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "max.poll.records",
                        50,
                        "session.timeout.ms",
                        TransferIT.SESSION_TIMEOUT_MS,
                        "heartbeat.interval.ms",
                        300,
                        "reconnect.backoff.max.ms",
                        200),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** Arguments: bootstrap server, slot of this worker, group, topic to read, topic to write. */
    public static void main(String[] arguments) {
        TransferWorker worker = new TransferWorker(arguments[0], arguments[1], arguments[2], arguments[4]);
        try {
            worker.run(arguments[3]);
        } catch (KafkaException failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(OUT_OF_USE);
        }
    }

    private void run(String source) {
        consumer.subscribe(List.of(source));
        patiently(producer::initTransactions);
        while (true) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
            if (!records.isEmpty()) {
                transfer(records);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit fails with them
    private void transfer(ConsumerRecords<String, String> records) {
        producer.beginTransaction();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            for (ConsumerRecord<String, String> record : records) {
                producer.send(new ProducerRecord<>(target, record.partition(), record.key(), record.value()));
                offsets.put(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
            }
            producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
            if (random.nextDouble() < ABORTED_PART) {
                throw new AbortedOnPurpose();
            }
            patiently(producer::commitTransaction);
        } catch (KafkaException failure) {
            System.out.println("aborting after " + failure);
            patiently(producer::abortTransaction); // fails too if the producer is of no use any more
            goBack();
        }
    }

    private static final class AbortedOnPurpose extends KafkaException {
        private static final long serialVersionUID = 1;
    }

    /** Begins again where the last committed transaction ended. */
    private void goBack() {
        patiently(() -> consumer.committed(consumer.assignment()).forEach((partition, offset) -> {
            if (offset == null) {
                consumer.seekToBeginning(List.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        }));
    }

    /** A time-out leaves it open what has happened: the same is asked again. */
    private static void patiently(Runnable step) {
        while (true) {
            try {
                step.run();
                return;
            } catch (TimeoutException e) {
                System.out.println("once more after " + e);
            }
        }
    }
}
