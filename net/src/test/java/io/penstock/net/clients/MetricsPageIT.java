package io.penstock.net.clients;

import static io.penstock.net.clients.Clients.consumer;
import static io.penstock.net.clients.Clients.createTopic;
import static io.penstock.net.clients.Clients.poll;
import static io.penstock.net.clients.Clients.producer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.net.fixture.AlarmExtension;
import io.penstock.net.fixture.TestBroker;
import io.penstock.net.fixture.TestBroker.Store;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The figures of the metrics page are those of what clients did, in the text format of Prometheus. */
@ExtendWith(AlarmExtension.class)
class MetricsPageIT {
    private static final String TOPIC = "told";
    private static final Pattern SAMPLE =
            Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{[a-z_]+=\"[^\"]*\"(?:,[a-z_]+=\"[^\"]*\")*})?) (\\S+)");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) \\S.*");

    private final TestBroker broker = TestBroker.start(Store.CHRONICLE, Map.of("http.port", "0"));

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void shouldTellWhatWasWrittenReadAndRefused() throws Exception {
        // given: three records, read twice, and one that is too large
        TopicPartition partition = createTopic(broker, TOPIC, 2);
        try (KafkaProducer<String, String> producer = producer(broker, "max.request.size", 4_000_000);
                KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.assign(List.of(partition));
            for (int i = 0; i < 3; i++) {
                await(producer, partition, "record");
            }
            poll(consumer, 3);
            consumer.seekToBeginning(List.of(partition));
            poll(consumer, 3);
            assertThat(catchThrowable(() -> await(producer, partition, "x".repeat(2_000_000))))
                    .isNotNull();

            // when
            Map<String, Double> samples = samples(page());

            // then
            String topic = "{topic=\"told\"}";
            String log = "{partition=\"0\",topic=\"told\"}";
            String server = "kafka_server_brokertopicmetrics_";
            double bytes = Objects.requireNonNull(samples.get("kafka_log_log_size" + log));
            assertThat(bytes).isGreaterThan(3 * "record".length());
            for (String which : List.of("", topic)) {
                assertThat(samples)
                        .containsEntry(server + "messagesin_total" + which, 3.0)
                        .containsEntry(server + "bytesin_total" + which, bytes)
                        .containsEntry(server + "bytesout_total" + which, 2 * bytes)
                        .containsEntry(server + "totalproducerequests_total" + which, 4.0)
                        .containsEntry(server + "failedproducerequests_total" + which, 1.0);
                assertThat(samples.get(server + "bytesrejected_total" + which)).isGreaterThan(2_000_000);
                assertThat(samples.get(server + "totalfetchrequests_total" + which))
                        .isBetween(2.0, 6.0);
            }
            assertThat(samples)
                    .containsEntry("kafka_log_log_logendoffset" + log, 3.0)
                    .containsEntry("kafka_log_log_logstartoffset" + log, 0.0)
                    .containsEntry("kafka_topic_partition_current_offset" + log, 3.0)
                    .containsEntry("kafka_topic_partition_oldest_offset" + log, 0.0)
                    .containsEntry("kafka_topic_partition_leader" + log, 1.0)
                    .containsEntry("kafka_topic_partition_replicas" + log, 1.0)
                    .containsEntry("kafka_topic_partition_in_sync_replica" + log, 1.0)
                    .containsEntry("kafka_topic_partition_under_replicated_partition" + log, 0.0)
                    .containsEntry("kafka_server_replicamanager_partitioncount", 2.0)
                    .containsEntry("kafka_controller_kafkacontroller_globaltopiccount", 1.0)
                    .containsEntry("kafka_controller_kafkacontroller_offlinepartitionscount", 0.0)
                    .containsEntry("penstock_open_logs", 1.0)
                    .containsEntry("penstock_event_loops", 2.0)
                    .containsEntry("penstock_request_handler_failures_total{request=\"Produce\"}", 0.0);
            assertThat(samples.get("penstock_log_append_duration_seconds_count"))
                    .isEqualTo(3.0);
            assertThat(samples.get("kafka_server_socket_server_metrics_connection_count{listener=\"PLAINTEXT\"}"))
                    .isPositive();
        }
    }

    private static void await(KafkaProducer<String, String> producer, TopicPartition partition, String value) {
        Clients.await(producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, value)));
    }

    private String page() throws Exception {
        URI uri = URI.create("http://" + broker.httpAddress() + "/metrics");
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return answer.body();
    }

    /** Value by series. Every line has to be a sample or a comment, every series and every comment is there once. */
    private static Map<String, Double> samples(String page) {
        Map<String, Double> samples = new HashMap<>();
        Map<String, String> comments = new HashMap<>();
        for (String line : page.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches()) {
                assertThat(comments.put(comment.group(1) + comment.group(2), line))
                        .as(line)
                        .isNull();
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Double previous =
                    samples.put(sample.group(1), Double.valueOf(sample.group(2).replace("+Inf", "Infinity")));
            assertThat(previous).as(line).isNull();
        }
        return samples;
    }
}
