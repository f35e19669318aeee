import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads JSON records of a topic as a member of a group; the client commits the offsets by itself while it reads. */
public final class JsonConsumer {
    private static final String USAGE =
            """
            usage: java -cp net/target/penstock.jar:config/examples/java config/examples/java/JsonConsumer.java [options]

            Reads JSON records of a topic as a member of a group; the client commits the offsets by itself while it reads.

              --bootstrap HOST:PORT   broker to start from (localhost:9092)
              --topic NAME            topic (orders)
              --group NAME            group whose members share the partitions (json-consumer)
              --protocol NAME         how members find together: classic or consumer (classic)
              --count N               stop after N records; 0 goes on for ever (0)
              --timeout S             give up after so many seconds without a record (30)
              --from beginning|end    where a group starts that has not committed an offset yet (beginning)
              --help                  this text

            Needs kafka-clients on the class path; penstock.jar brings them.
            Exit code: 0 read as many as asked for, 1 fewer or an error, 2 wrong usage.
            """;

    private JsonConsumer() {}

    /** What was asked for. */
    private record Arguments(
            String bootstrap, String topic, String group, String protocol, int count, Duration timeout, String from) {

        static Arguments parse(String[] words) {
            Map<String, String> options = new HashMap<>(Map.of(
                    "--bootstrap", "localhost:9092",
                    "--topic", "orders",
                    "--group", "json-consumer",
                    "--protocol", "classic",
                    "--count", "0",
                    "--timeout", "30",
                    "--from", "beginning"));
            for (int i = 0; i < words.length; i += 2) {
                if (!options.containsKey(words[i]) || i + 1 == words.length) {
                    throw new IllegalArgumentException("unknown option or no value: " + words[i]);
                }
                options.put(words[i], words[i + 1]);
            }
            if (!List.of("beginning", "end").contains(options.get("--from"))) {
                throw new IllegalArgumentException("--from must be beginning or end");
            }
            return new Arguments(
                    options.get("--bootstrap"),
                    options.get("--topic"),
                    options.get("--group"),
                    options.get("--protocol"),
                    atLeast(0, "--count", options),
                    Duration.ofSeconds(atLeast(1, "--timeout", options)),
                    options.get("--from"));
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
                "client.id", "json-consumer",
                "group.id", arguments.group(),
                "group.protocol", arguments.protocol(),
                "enable.auto.commit", true,
                "auto.commit.interval.ms", 1000,
                "auto.offset.reset", arguments.from().equals("end") ? "latest" : "earliest");
        Consumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(arguments.topic()));
        return consumer;
    }

    private static void show(ConsumerRecord<String, String> record) {
        System.out.printf(
                "%s[%d]@%d %s %s%n", record.topic(), record.partition(), record.offset(), record.key(), record.value());
    }

    private static int run(Arguments arguments) {
        int count = 0;
        try (Consumer<String, String> consumer = connect(arguments)) { // close commits what was read and leaves the group
            long lastMs = System.currentTimeMillis();
            while (!isEnough(count, arguments)
                    && System.currentTimeMillis() - lastMs < arguments.timeout().toMillis()) {
                int read = showUpTo(arguments.count() == 0 ? Integer.MAX_VALUE : arguments.count() - count, consumer);
                count += read;
                lastMs = read > 0 ? System.currentTimeMillis() : lastMs;
            }
        }
        System.err.println(count + " records read");
        return count >= arguments.count() ? 0 : 1;
    }

    private static boolean isEnough(int count, Arguments arguments) {
        return arguments.count() > 0 && count >= arguments.count();
    }

    /** Shows what comes within half a second. Goes back to the first record that is too much, so that it is not committed. */
    private static int showUpTo(int most, Consumer<String, String> consumer) {
        int count = 0;
        ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(500));
        for (TopicPartition partition : records.partitions()) {
            for (ConsumerRecord<String, String> record : records.records(partition)) {
                if (count == most) {
                    consumer.seek(partition, record.offset());
                    break;
                }
                show(record);
                count++;
            }
        }
        return count;
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
