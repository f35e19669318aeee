import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes JSON records to a topic and waits until the broker has acknowledged every one of them. */
public final class JsonProducer {
    private static final String USAGE =
            """
            usage: java -cp net/target/penstock.jar:config/examples/java config/examples/java/JsonProducer.java [options]

            Writes JSON records to a topic and waits until the broker has acknowledged every one of them.

              --bootstrap HOST:PORT   broker to start from (localhost:9092)
              --topic NAME            topic, created if it is not there (orders)
              --count N               records to write (10)
              --keys N                number of different keys (3)
              --acks 0|1|all          who must have a record before it counts as acknowledged (all)
              --compression NAME      none, gzip, snappy, lz4 or zstd (none)
              --timeout S             seconds until a record that was not acknowledged counts as failed (30)
              --quiet                 print only the summary
              --help                  this text

            Needs kafka-clients on the class path; penstock.jar brings them.
            Exit code: 0 all acknowledged, 1 some not, 2 wrong usage.
            """;

    private JsonProducer() {}

    /** What was asked for. */
    private record Arguments(
            String bootstrap,
            String topic,
            int count,
            int keys,
            String acks,
            String compression,
            Duration timeout,
            boolean quiet) {

        static Arguments parse(String[] words) {
            Map<String, String> options = new HashMap<>(Map.of(
                    "--bootstrap", "localhost:9092",
                    "--topic", "orders",
                    "--count", "10",
                    "--keys", "3",
                    "--acks", "all",
                    "--compression", "none",
                    "--timeout", "30"));
            boolean quiet = false;
            for (int i = 0; i < words.length; i++) {
                if (words[i].equals("--quiet")) {
                    quiet = true;
                } else if (options.containsKey(words[i]) && i + 1 < words.length) {
                    options.put(words[i], words[++i]);
                } else {
                    throw new IllegalArgumentException("unknown option or no value: " + words[i]);
                }
            }
            return new Arguments(
                    options.get("--bootstrap"),
                    options.get("--topic"),
                    atLeast(0, "--count", options),
                    atLeast(1, "--keys", options),
                    options.get("--acks"),
                    options.get("--compression"),
                    Duration.ofSeconds(atLeast(1, "--timeout", options)),
                    quiet);
        }

        private static int atLeast(int least, String option, Map<String, String> options) {
            int value = Integer.parseInt(options.get(option));
            if (value < least) {
                throw new IllegalArgumentException(option + " must be at least " + least);
            }
            return value;
        }
    }

    /** Counts what became of every record. Called on the producer's own thread. */
    private record DeliveryReport(boolean quiet, AtomicInteger acknowledged, AtomicInteger failed) {

        void onCompletion(ProducerRecord<String, String> order, RecordMetadata metadata, Exception failure) {
            if (failure != null) {
                failed.incrementAndGet();
                System.err.println("not delivered: " + failure.getMessage());
                return;
            }
            acknowledged.incrementAndGet();
            if (!quiet) {
                System.out.printf(
                        "%s[%d]@%d %s %s%n",
                        metadata.topic(), metadata.partition(), metadata.offset(), order.key(), order.value());
            }
        }
    }

    private static Producer<String, String> connect(Arguments arguments) {
        int timeoutMs = (int) arguments.timeout().toMillis();
        Map<String, Object> properties = Map.of(
                "bootstrap.servers", arguments.bootstrap(),
                "client.id", "json-producer",
                "acks", arguments.acks(),
                "compression.type", arguments.compression(),
                "max.block.ms", timeoutMs,
                "linger.ms", 0,
                "request.timeout.ms", timeoutMs,
                "delivery.timeout.ms", timeoutMs);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    /** A record: its key decides the partition, so that orders of one customer stay in order. */
    private static ProducerRecord<String, String> order(int number, Arguments arguments) {
        String customer = "customer-" + number % arguments.keys();
        String json = String.format(
                "{\"order\": %d, \"customer\": \"%s\", \"cents\": %d, \"at\": %d}",
                number, customer, 100 + number, System.currentTimeMillis());
        return new ProducerRecord<>(arguments.topic(), customer, json);
    }

    private static int run(Arguments arguments) {
        DeliveryReport report = new DeliveryReport(arguments.quiet(), new AtomicInteger(), new AtomicInteger());
        long startedMs = System.currentTimeMillis();
        try (Producer<String, String> producer = connect(arguments)) {
            for (int number = 0; number < arguments.count(); number++) {
                ProducerRecord<String, String> order = order(number, arguments);
                producer.send(order, (metadata, failure) -> report.onCompletion(order, metadata, failure));
            }
            producer.flush(); // returns when every record was acknowledged or has failed
        }
        System.err.printf(
                "%d acknowledged, %d failed in %.2f s%n",
                report.acknowledged().get(), report.failed().get(), (System.currentTimeMillis() - startedMs) / 1000.0);
        return report.acknowledged().get() == arguments.count() ? 0 : 1;
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
