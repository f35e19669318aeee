import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads JSON records of a topic in batches and commits the offsets itself, after a batch has been dealt with. A record is read again
 * if the program ends between its work and the commit, and is never lost: at least once.
 */
public final class JsonConsumerManualCommit {
    private static final String USAGE =
            """
            usage: java -cp net/target/penstock.jar:config/examples/java config/examples/java/JsonConsumerManualCommit.java [options]

            Reads JSON records of a topic in batches and commits the offsets itself, after a batch has been dealt with.

              --bootstrap HOST:PORT   broker to start from (localhost:9092)
              --topic NAME            topic (orders)
              --group NAME            group whose members share the partitions (json-consumer-manual)
              --protocol NAME         how members find together: classic or consumer (classic)
              --count N               stop after N records; 0 goes on for ever (0)
              --batch N               most records between two commits (100)
              --timeout S             give up after so many seconds without a record (30)
              --help                  this text

            Needs kafka-clients on the class path; penstock.jar brings them.
            Exit code: 0 read as many as asked for, 1 fewer or an error, 2 wrong usage.
            """;

    private JsonConsumerManualCommit() {}

    /** What was asked for. */
    private record Arguments(
            String bootstrap, String topic, String group, String protocol, int count, int batch, Duration timeout) {

        static Arguments parse(String[] words) {
            Map<String, String> options = new HashMap<>(Map.of(
                    "--bootstrap", "localhost:9092",
                    "--topic", "orders",
                    "--group", "json-consumer-manual",
                    "--protocol", "classic",
                    "--count", "0",
                    "--batch", "100",
                    "--timeout", "30"));
            for (int i = 0; i < words.length; i += 2) {
                if (!options.containsKey(words[i]) || i + 1 == words.length) {
                    throw new IllegalArgumentException("unknown option or no value: " + words[i]);
                }
                options.put(words[i], words[i + 1]);
            }
            return new Arguments(
                    options.get("--bootstrap"),
                    options.get("--topic"),
                    options.get("--group"),
                    options.get("--protocol"),
                    atLeast(0, "--count", options),
                    atLeast(1, "--batch", options),
                    Duration.ofSeconds(atLeast(1, "--timeout", options)));
        }

        private static int atLeast(int least, String option, Map<String, String> options) {
            int value = Integer.parseInt(options.get(option));
            if (value < least) {
                throw new IllegalArgumentException(option + " must be at least " + least);
            }
            return value;
        }
    }

    private static Consumer<String, String> connect(Arguments arguments) {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", arguments.bootstrap(),
                "client.id", "json-consumer-manual",
                "group.id", arguments.group(),
                "group.protocol", arguments.protocol(),
                "enable.auto.commit", false,
                "max.poll.records", arguments.batch(),
                "auto.offset.reset", "earliest");
        Consumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(arguments.topic()));
        return consumer;
    }

    private static int run(Arguments arguments) {
        int count = 0;
        try (Consumer<String, String> consumer = connect(arguments)) { // close leaves the group
            long lastMs = System.currentTimeMillis();
            while (!isEnough(count, arguments)
                    && System.currentTimeMillis() - lastMs < arguments.timeout().toMillis()) {
                List<ConsumerRecord<String, String>> batch = batch(consumer, arguments, count);
                batch.forEach(JsonConsumerManualCommit::work);
                commit(consumer, batch);
                count += batch.size();
                lastMs = batch.isEmpty() ? lastMs : System.currentTimeMillis();
            }
        }
        System.err.println(count + " records read");
        return count >= arguments.count() ? 0 : 1;
    }

    private static boolean isEnough(int count, Arguments arguments) {
        return arguments.count() > 0 && count >= arguments.count();
    }

    /** What comes within half a second; what is over the count is left out and so stays uncommitted. */
    private static List<ConsumerRecord<String, String>> batch(
            Consumer<String, String> consumer, Arguments arguments, int count) {
        List<ConsumerRecord<String, String>> batch = new ArrayList<>();
        consumer.poll(Duration.ofMillis(500)).forEach(batch::add);
        boolean tooMany = arguments.count() > 0 && count + batch.size() > arguments.count();
        return tooMany ? batch.subList(0, arguments.count() - count) : batch;
    }

    /** Stands for what an application does with a record. */
    private static void work(ConsumerRecord<String, String> record) {
        System.out.printf("%s[%d]@%d %s%n", record.topic(), record.partition(), record.offset(), record.value());
    }

    /** Commits the offset after the last record of each partition, and waits for the answer. */
    private static void commit(Consumer<String, String> consumer, List<ConsumerRecord<String, String>> batch) {
        Map<TopicPartition, OffsetAndMetadata> positions = new LinkedHashMap<>();
        for (ConsumerRecord<String, String> record : batch) {
            positions.put(
                    new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
        }
        if (!positions.isEmpty()) {
            consumer.commitSync(positions);
        }
        positions.forEach((partition, position) -> System.err.printf(
                "committed %s[%d]@%d%n", partition.topic(), partition.partition(), position.offset()));
    }

    public static void main(String[] words) {
        if (words.length == 1 && words[0].equals("--help")) {
            System.out.print(USAGE);
            return;
        }
        try {
            System.exit(run(Arguments.parse(words)));
        } catch (IllegalArgumentException | ConfigException wrong) {
            System.err.println(wrong.getMessage() + "\n\n" + USAGE);
            System.exit(2);
        } catch (KafkaException failure) {
            System.err.println("error: " + failure.getMessage());
            System.exit(1);
        }
    }
}
