package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.penstock.net.fixture.BrokerProcess;
import io.penstock.net.history.Guarantee;
import io.penstock.net.history.HistoryChecker;
import io.penstock.net.history.Polled;
import io.penstock.net.history.Sent;
import io.penstock.net.history.Sent.Outcome;
import io.penstock.net.history.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk costs produce requests an error; nothing acknowledged, no reader and no process. */
class DiskFullIT {
    private static final String PADDING = " " + "x".repeat(20_000);

    @TempDir
    Path directory;

    private final List<Sent> sent = new ArrayList<>();
    private long sequence;

    @Test
    void shouldRefuseProduceServeReadsAndRecoverWhenThereIsRoom() throws Exception {
        try (LoopDisk disk = LoopDisk.create(directory, "small", 192);
                BrokerProcess broker = BrokerProcess.start(disk.directory().resolve("data"))) {
            TestTopics.create(broker.bootstrap(), "full", 1, Map.of("segment.bytes", "4194304"));
            try (KafkaProducer<String, String> producer = producer(broker)) {
                assertThat(produceUntilRefused(producer, 200))
                        .as("refusal while there is room")
                        .isNull();
                Path filler = fillAllBut(disk.directory(), 8);

                Throwable refusal = produceUntilRefused(producer, 4_000);
                assertThat(refusal).as("refusal on a full disk").isInstanceOf(KafkaStorageException.class);
                assertEverythingAckedIsRead(broker);
                assertThat(broker.output())
                        .contains("The disk has no room for records")
                        .contains("topic=full");

                Files.delete(filler);
                awaitAccepted(producer);
                assertThat(broker.output()).contains("There is room on the disk again");
                assertThat(produceUntilRefused(producer, 200))
                        .as("refusal after there is room again")
                        .isNull();
            }
            assertEverythingAckedIsRead(broker);
            broker.kill();
            broker.restart(Duration.ofSeconds(10));
            assertEverythingAckedIsRead(broker);
        }
    }

    private void assertEverythingAckedIsRead(BrokerProcess broker) {
        List<Polled> polled = CompleteReader.readAll(1, broker.bootstrap(), "full", 1);
        assertThat(new HistoryChecker(EnumSet.allOf(Guarantee.class)).check(sent, polled))
                .isEmpty();
    }

    private @Nullable Throwable produceUntilRefused(KafkaProducer<String, String> producer, int most) throws Exception {
        for (int i = 0; i < most; i++) {
            @Nullable Throwable refusal = produce(producer);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private void awaitAccepted(KafkaProducer<String, String> producer) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (produce(producer) != null) {
            if (System.nanoTime() > deadline) {
                fail("still refused 5 s after there was room again");
            }
            Thread.sleep(100);
        }
    }

    private @Nullable Throwable produce(KafkaProducer<String, String> producer) throws InterruptedException {
        Value value = new Value(1, 0, sequence++);
        try {
            RecordMetadata metadata = producer.send(new ProducerRecord<>("full", 0, null, value.encode() + PADDING))
                    .get(10, TimeUnit.SECONDS);
            sent.add(new Sent(1, 0, value.sequence(), Outcome.ACKED, metadata.offset()));
            return null;
        } catch (ExecutionException failure) {
            Throwable cause = Objects.requireNonNull(failure.getCause());
            sent.add(new Sent(1, 0, value.sequence(), outcome(cause), -1));
            return cause;
        } catch (java.util.concurrent.TimeoutException noAnswer) {
            sent.add(new Sent(1, 0, value.sequence(), Outcome.UNKNOWN, -1));
            return noAnswer;
        }
    }

    private static Outcome outcome(Throwable cause) {
        return cause instanceof TimeoutException ? Outcome.UNKNOWN : Outcome.REFUSED;
    }

    private static KafkaProducer<String, String> producer(BrokerProcess broker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "acks", "all",
                        "enable.idempotence", "false",
                        "retries", "0"),
                new StringSerializer(),
                new StringSerializer());
    }

    private static Path fillAllBut(Path disk, int mebibytesLeft) throws IOException {
        Path filler = disk.resolve("filler");
        long bytes = disk.toFile().getUsableSpace() - ((long) mebibytesLeft << 20);
        byte[] chunk = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(filler)) {
            for (long written = 0; written < bytes; written += chunk.length) {
                out.write(chunk);
            }
        }
        return filler;
    }
}
