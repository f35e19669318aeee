package io.penstock.net.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.net.fixture.BrokerProcess;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections that have said who they are and then nothing cost little memory and nobody's time. */
@Tag("slow")
class IdleConnectionsIT {
    private static final Logger LOGGER = LoggerFactory.getLogger(IdleConnectionsIT.class);
    private static final int CONNECTIONS = 10_000;
    private static final long MOST_BYTES_EACH = 20 << 10;
    private static final int HEAP_MIB = 256;
    private static final short API_VERSIONS = 18;

    @TempDir
    Path directory;

    @Test
    void shouldServeOthersBesideTenThousandIdleConnections() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (BrokerProcess broker = BrokerProcess.startWithWholeHeap(HEAP_MIB, directory.resolve("data"))) {
            TestTopics.create(broker.bootstrap(), "served", 1, Map.of());
            send(broker);
            long before = broker.anonymousBytes();
            for (int i = 0; i < CONNECTIONS; i++) {
                idle.add(connect(broker));
            }
            long began = System.nanoTime();
            send(broker);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            long gained = broker.anonymousBytes() - before;
            LOGGER.warn(
                    "{} idle connections: {} bytes each, a new client's record after {}",
                    CONNECTIONS,
                    gained / CONNECTIONS,
                    took);

            assertThat(broker.openFiles()).isGreaterThan(CONNECTIONS);
            assertThat(gained).isLessThan(CONNECTIONS * MOST_BYTES_EACH);
            assertThat(took).isLessThan(Duration.ofSeconds(1));
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static Socket connect(BrokerProcess broker) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress("localhost", broker.port()), 5_000);
        socket.setSoTimeout(5_000);
        // Length, API, version 0, correlation id, no client id.
        ByteBuffer request =
                ByteBuffer.allocate(14).putInt(10).putShort(API_VERSIONS).putShort((short) 0);
        socket.getOutputStream().write(request.putInt(1).putShort((short) -1).array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        in.skipNBytes(in.readInt());
        return socket;
    }

    private static void send(BrokerProcess broker) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap());
        ByteArraySerializer bytes = new ByteArraySerializer();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, bytes, bytes)) {
            producer.send(new ProducerRecord<>("served", new byte[10])).get(30, TimeUnit.SECONDS);
        }
    }
}
